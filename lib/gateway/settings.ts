import * as z from 'zod';
import {
  clientCidrs,
  exposureRules,
  openPhrase,
  queryHostFields,
  queryHosts,
  SCHEMES,
} from '../access/exposure';
import { choice, flag, hostName, namespaceName, objectName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { awsLogin, envoyLogin, otherLogin, traefikLogin } from './logins';

/** Settings of every controller. */
const shared = {
  enabled: flag()
    .default(false)
    .describe(
      'Whether to route the query APIs through an existing Gateway. Allowed next to ingress.enabled, to move from one to the other.',
    ),
  parent: z
    .strictObject({
      name: optional(objectName('Gateway')).describe('Name of the Gateway. Required if gateway.enabled.'),
      namespace: optional(namespaceName()).describe('Its namespace; null uses cluster.namespace.'),
      sectionName: text(
        'the name of a listener (lower case letters, digits, "-" and ".")',
        /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
      )
        .default('https')
        .describe('Its listener. It must use HTTPS; every other listener stays closed.'),
    })
    .prefault({})
    .describe('The existing Gateway, which the team that runs the controller creates.'),
  hosts: queryHostFields,
  scheme: choice(SCHEMES)
    .default('internet-facing')
    .describe('Where the Gateway is reachable from. Set it to match the load balancer in front of it.'),
  openToTheInternet: openPhrase('an internet-facing Gateway'),
};

/** Settings of the entrance for spans, besides its login. */
const otlp = {
  enabled: flag()
    .default(false)
    .describe(
      'Whether to accept spans from outside, as OTLP over HTTP (POST /v1/traces; also /v1/logs if logs.otlp.enabled).',
    ),
  host: optional(hostName('otlp.example.com')).describe(
    'Host name for spans; null uses "otlp." followed by cluster.domain.',
  ),
};
const OTLP = 'Spans from outside the cluster.';

const cidrs = (more: string) =>
  clientCidrs().describe(`Client addresses that are allowed; an empty list allows all. ${more}`);

const envoyGateway = z.strictObject({
  // The default controller.
  controller: z
    .literal('envoy-gateway')
    .optional()
    .default('envoy-gateway')
    .describe('Envoy Gateway 1.5 or newer: login and addresses are SecurityPolicies.'),
  ...shared,
  allowedCidrs: cidrs('Envoy must see the address of the client: ClientTrafficPolicy.'),
  authentication: envoyLogin.queries,
  otlp: z
    .strictObject({ ...otlp, authentication: envoyLogin.spans })
    .prefault({})
    .describe(OTLP),
});

const aws = z.strictObject({
  controller: z
    .literal('aws')
    .describe('AWS Load Balancer Controller 3 (an ALB): login and addresses are ListenerRuleConfigurations.'),
  ...shared,
  allowedCidrs: cidrs(
    'At most 2 blocks: an ALB compares 5 values per rule, and the host and two paths are three.',
  ),
  authentication: awsLogin.queries,
  otlp: z
    .strictObject({ ...otlp, authentication: awsLogin.spans })
    .prefault({})
    .describe(OTLP),
});

const traefik = z.strictObject({
  controller: z
    .literal('traefik')
    .describe(
      'Traefik 3: login and addresses are Middlewares, for which its provider kubernetesCRD must be enabled.',
    ),
  ...shared,
  allowedCidrs: cidrs('Traefik must see the address of the client, not that of a node or load balancer.'),
  authentication: traefikLogin.queries,
  otlp: z
    .strictObject({ ...otlp, authentication: traefikLogin.spans })
    .prefault({})
    .describe(OTLP),
});

const other = z.strictObject({
  controller: z
    .literal('other')
    .describe('Any other controller. The Gateway API has no login, so this product renders routes only.'),
  ...shared,
  authentication: otherLogin.queries,
  otlp: z
    .strictObject({ ...otlp, authentication: otherLogin.spans })
    .prefault({})
    .describe(OTLP),
});

/** Settings for access from outside the cluster through the Gateway API. */
export const gatewaySettings = z
  .discriminatedUnion('controller', [envoyGateway, aws, traefik, other])
  .check(
    rule(['parent.name', 'enabled'], ({ enabled, parent }) =>
      enabled && parent.name === undefined ? 'must name the existing Gateway if gateway.enabled' : undefined,
    ),
    rule(['authentication.type', 'authentication', 'controller', 'enabled'], (settings) =>
      settings.enabled && settings.controller === 'other' && settings.authentication.type === 'none'
        ? 'must be external with gateway.controller other, to confirm that a policy of the Gateway or a proxy authenticates requests: this product cannot'
        : undefined,
    ),
    rule(
      ['otlp.authentication.type', 'otlp.authentication', 'otlp.enabled', 'enabled'],
      ({ enabled, otlp: { enabled: accepts, authentication } }) =>
        enabled && accepts && authentication.type === 'none'
          ? 'must not be none with gateway.otlp.enabled: anyone who reaches the Gateway could send spans; use basic, jwt or external'
          : undefined,
    ),
    rule(['otlp.enabled', 'enabled'], ({ enabled, otlp: { enabled: accepts } }) =>
      accepts && !enabled ? 'must be false with gateway.enabled false' : undefined,
    ),
    rule(['allowedCidrs', 'controller'], (settings) =>
      settings.controller === 'aws' && settings.allowedCidrs.length > 2
        ? 'must contain at most 2 blocks with gateway.controller aws: an ALB compares 5 values per rule; use the sourceRanges of the LoadBalancerConfiguration instead'
        : undefined,
    ),
    ...exposureRules('gateway'),
  )
  .prefault({})
  .describe('Access to the query APIs from outside the cluster through a Gateway of the Gateway API.');
type Written = z.output<typeof gatewaySettings>;

/** The settings, with names derived from the cluster. */
export function completeGateway(
  settings: Written,
  cluster: { readonly domain: string; readonly namespace: string },
) {
  const { parent, otlp } = settings;
  return {
    ...settings,
    // A rule requires the name if the routes are enabled; nothing reads it otherwise.
    parent: { ...parent, name: parent.name as string, namespace: parent.namespace ?? cluster.namespace },
    hosts: { ...queryHosts(settings, cluster), otlp: otlp.host ?? `otlp.${cluster.domain}` },
  };
}
export type GatewaySettings = ReturnType<typeof completeGateway>;
