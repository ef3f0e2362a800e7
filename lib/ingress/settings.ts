import { z } from 'zod';
import { cidr, isWide } from '../values/cidr';
import { choice, flag, hostName, objectName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { loadBalancerLogin, proxyLogin } from './authentication';
import { annotationKey, FREE_ANNOTATIONS, guards, issuerAnnotation, SCHEMES } from './exposure';

/** The value that confirms that logs and traces are open to everyone. */
export const OPEN_PHRASE = 'anyone may read every log and trace';

const className = (controller: string) =>
  objectName('IngressClass').default(controller).describe('IngressClass of the controller.');

/** Settings of every controller. */
const shared = {
  enabled: flag()
    .default(false)
    .describe('Whether to expose the query APIs outside the cluster. Grafana does not require it.'),
  hosts: z
    .strictObject({
      loki: optional(hostName('loki.example.com')).describe(
        'Host name of Loki; null uses "loki." followed by cluster.domain.',
      ),
      tempo: optional(hostName('tempo.example.com')).describe(
        'Host name of Tempo; null uses "tempo." followed by cluster.domain.',
      ),
    })
    .prefault({})
    .describe('Host names.'),
  allowedCidrs: z
    .array(cidr(), { error: 'must be a list of CIDR blocks' })
    .prefault([])
    .describe(
      'Client addresses that are allowed; an empty list allows all. nginx and Traefik must see the address of the ' +
        'client, not that of a node or load balancer in front of them.',
    ),
  openToTheInternet: optional(z.literal(OPEN_PHRASE)).describe(
    `Must be "${OPEN_PHRASE}" for an internet-facing Ingress with neither authentication nor allowedCidrs.`,
  ),
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
    rule(
      ['openToTheInternet', 'enabled', 'scheme', 'controller', 'allowedCidrs', 'authentication'],
      (settings) => {
        const guarded = settings.authentication.type !== 'none' || guards(settings.allowedCidrs);
        const exposed = settings.enabled && settings.scheme === 'internet-facing' && !guarded;
        return exposed && settings.openToTheInternet === undefined
          ? `must be "${OPEN_PHRASE}" if that is intended; otherwise set ingress.authentication, public blocks in ingress.allowedCidrs, or ingress.scheme: internal`
          : undefined;
      },
    ),
    rule(['allowedCidrs', 'openToTheInternet'], ({ allowedCidrs, openToTheInternet }) => {
      const wide = allowedCidrs.find(isWide);
      return wide !== undefined && openToTheInternet === undefined
        ? `must not contain ${wide}, which is a large part of the internet; list smaller blocks`
        : undefined;
    }),
  )
  .prefault({})
  .describe('Access to the query APIs from outside the cluster.');
type Written = z.output<typeof ingressSettings>;

/** Host names of the query APIs outside the cluster. */
export function queryHosts({ hosts }: Pick<Written, 'hosts'>, { domain }: { domain: string }) {
  return { loki: hosts.loki ?? `loki.${domain}`, tempo: hosts.tempo ?? `tempo.${domain}` };
}

/** The settings, with host names derived from the domain of the cluster. */
export function completeIngress(settings: Written, cluster: { domain: string }) {
  return { ...settings, hosts: queryHosts(settings, cluster) };
}
export type IngressSettings = ReturnType<typeof completeIngress>;
