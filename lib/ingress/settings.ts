import * as z from 'zod';
import {
  clientCidrs,
  exposureRules,
  openPhrase,
  queryHostFields,
  queryHosts,
  SCHEMES,
} from '../access/exposure';
import { choice, flag, objectName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { annotationKey, FREE_ANNOTATIONS, issuerAnnotation } from './annotations';
import { loadBalancerLogin, proxyLogin } from './authentication';

const className = (controller: string) =>
  objectName('IngressClass').default(controller).describe('IngressClass of the controller.');

/** Settings of every controller. */
const shared = {
  enabled: flag()
    .default(false)
    .describe('Whether to expose the query APIs outside the cluster. Grafana does not require it.'),
  hosts: queryHostFields,
  allowedCidrs: clientCidrs().describe(
    'Client addresses that are allowed; an empty list allows all. nginx and Traefik must see the address of the ' +
      'client, not that of a node or load balancer in front of them.',
  ),
  openToTheInternet: openPhrase('an internet-facing Ingress'),
  annotations: z
    .record(annotationKey(), z.string({ error: 'must be a string, in quotes' }), {
      error: 'must be a map of annotations',
    })
    .default({})
    .describe(
      `Additional annotations for both Ingresses. Allowed annotations of controllers: ${FREE_ANNOTATIONS.join(', ')}.`,
    ),
};

/** Settings of nginx and Traefik, which run as pods behind a load balancer that this stack does not manage. */
const proxy = {
  ...shared,
  scheme: choice(SCHEMES)
    .default('internet-facing')
    .describe(
      'Where the load balancer in front of the controller is reachable from. Set it to match that load balancer.',
    ),
  tlsSecretName: optional(objectName('Secret')).describe(
    'Existing Secret with a certificate for both host names. Required if ingress.enabled, unless ingress.annotations name an ' +
      'issuer of cert-manager, which writes one Secret per host name: loki-tls and tempo-tls.',
  ),
  authentication: proxyLogin,
  push: z
    .strictObject({
      enabled: flag()
        .default(false)
        .describe(
          'Whether agents and collectors of other clusters may send logs and sampled spans to the same host names ' +
            '(POST /loki/api/v1/push, /otlp/v1/logs and /v1/traces): docs/remote-stores.md. Requires cluster.name.',
        ),
      secretName: optional(objectName('Secret')).describe(
        'Existing Secret with the users and passwords of senders, in the key "auth" for nginx or "users" for traefik. ' +
          'Required if ingress.push.enabled.',
      ),
    })
    .prefault({})
    .describe('Entrance for senders of other clusters.'),
};

const albIngress = z.strictObject({
  // The default controller.
  controller: z.literal('alb').optional().default('alb').describe('AWS Load Balancer Controller.'),
  ...shared,
  className: className('alb'),
  scheme: choice(SCHEMES)
    .default('internal')
    .describe('Where the load balancer is reachable from. The controller creates it accordingly.'),
  groupName: text(
    'the name of an ALB group (lower case letters, digits, "-" and ".")',
    /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
    63,
  )
    .default('logs-and-traces')
    .describe('ALB group; Ingresses of one group share a load balancer.'),
  certificateArn: optional(
    text('the ARN of an ACM certificate', /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-f0-9-]+$/),
  ).describe(
    'Certificate of the load balancer; null lets the controller find a certificate for the host names in ACM.',
  ),
  authentication: loadBalancerLogin,
});

const nginxIngress = z.strictObject({
  controller: z
    .literal('nginx')
    .describe(
      'ingress-nginx, deprecated: its project was archived in March 2026 and gets no fixes. It keeps working here.',
    ),
  ...proxy,
  className: className('nginx'),
});

const traefikIngress = z.strictObject({
  controller: z.literal('traefik').describe('Traefik.'),
  ...proxy,
  className: className('traefik'),
});

/** Settings for access from outside the cluster. */
export const ingressSettings = z
  .discriminatedUnion('controller', [albIngress, nginxIngress, traefikIngress])
  .check(
    rule(['tlsSecretName', 'annotations', 'controller', 'enabled'], (settings) => {
      if (settings.controller === 'alb' || !settings.enabled) return undefined;
      const issuer = issuerAnnotation(settings.annotations);
      if (settings.tlsSecretName === undefined)
        return issuer === undefined
          ? `must name a Secret with ${settings.controller}, or ingress.annotations must name an issuer of cert-manager`
          : undefined;
      return issuer === undefined
        ? undefined
        : `must be null with the annotation ${issuer}: cert-manager rejects two Ingresses with one Secret, so each host name has its own (loki-tls, tempo-tls)`;
    }),
    rule(['allowedCidrs', 'controller'], ({ allowedCidrs, controller }) =>
      controller === 'alb' && allowedCidrs.length > 0 && allowedCidrs.every((block) => block.includes(':'))
        ? 'must contain an IPv4 block with alb: an IPv4 load balancer would reject every client'
        : undefined,
    ),
    rule(['push.enabled', 'controller', 'enabled'], (settings) =>
      settings.controller !== 'alb' && settings.push.enabled && !settings.enabled
        ? 'must be false with ingress.enabled false'
        : undefined,
    ),
    rule(['push.secretName', 'push.enabled', 'controller'], (settings) =>
      settings.controller !== 'alb' && settings.push.enabled && settings.push.secretName === undefined
        ? 'must name a Secret with ingress.push.enabled: without a login, anyone who reaches the Ingress could send logs and traces'
        : undefined,
    ),
    ...exposureRules('ingress'),
  )
  .prefault({})
  .describe('Access to the query APIs from outside the cluster.');
type Written = z.output<typeof ingressSettings>;

/** The settings, with host names derived from the domain of the cluster. */
export function completeIngress(settings: Written, cluster: { domain: string }) {
  return { ...settings, hosts: queryHosts(settings, cluster) };
}
export type IngressSettings = ReturnType<typeof completeIngress>;

/** Whether senders of other clusters may send. */
export function acceptsSenders(settings: Written): boolean {
  return settings.enabled && settings.controller !== 'alb' && settings.push.enabled;
}
