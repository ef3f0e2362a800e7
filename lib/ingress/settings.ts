import { z } from 'zod';
import { cidr, isWide } from '../values/cidr';
import { choice, flag, hostName, objectName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { loadBalancerLogin, proxyLogin } from './authentication';
import { annotationKey, FREE_ANNOTATIONS, guards, SCHEMES } from './exposure';

/** What has to be written to open logs and traces to everybody. */
export const OPEN_PHRASE = 'anyone may read every log and trace';

const className = (controller: string) =>
  objectName('IngressClass').default(controller).describe('IngressClass of the controller.');

/** Settings of every controller. */
const shared = {
  enabled: flag()
    .default(false)
    .describe('Whether the query APIs can be reached from outside. Grafana does not need it.'),
  hosts: z
    .strictObject({
      loki: optional(hostName('loki.example.com')).describe(
        'Host name of Loki; null is loki. before cluster.domain.',
      ),
      tempo: optional(hostName('tempo.example.com')).describe(
        'Host name of Tempo; null is tempo. before cluster.domain.',
      ),
    })
    .prefault({})
    .describe('Host names.'),
  allowedCidrs: z
    .array(cidr(), { error: 'must be a list of CIDR blocks' })
    .prefault([])
    .describe(
      'Addresses that may come in; an empty list lets all of them. nginx and Traefik have to see the address of the ' +
        'client for it, not that of a node or a load balancer before them.',
    ),
  openToTheInternet: optional(z.literal(OPEN_PHRASE)).describe(
    `Has to be "${OPEN_PHRASE}" for an internet-facing Ingress with neither authentication nor allowedCidrs.`,
  ),
  annotations: z
    .record(annotationKey(), z.string({ error: 'must be a text, in quotes' }), {
      error: 'must be a section of annotations',
    })
    .default({})
    .describe(
      `Further annotations of both Ingresses. Of the controllers' own: ${FREE_ANNOTATIONS.join(', ')}.`,
    ),
};

/** Settings of nginx and Traefik, which are pods behind a load balancer of somebody else. */
const proxy = {
  ...shared,
  scheme: choice(SCHEMES)
    .default('internet-facing')
    .describe('Where the load balancer can be reached from, whose address this product cannot see.'),
  tlsSecretName: optional(objectName('Secret')).describe(
    'Existing Secret with the certificate of both host names. Needed if ingress.enabled.',
  ),
  authentication: proxyLogin,
};

const albIngress = z.strictObject({
  // The controller where none is named.
  controller: z.literal('alb').optional().default('alb').describe('AWS Load Balancer Controller.'),
  ...shared,
  className: className('alb'),
  scheme: choice(SCHEMES)
    .default('internal')
    .describe('Where the load balancer can be reached from; the controller is told so.'),
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
    'Certificate of the load balancer; null lets the controller find one for the host names in ACM.',
  ),
  authentication: loadBalancerLogin,
});

const nginxIngress = z.strictObject({
  controller: z.literal('nginx').describe('ingress-nginx.'),
  ...proxy,
  className: className('nginx'),
});

const traefikIngress = z.strictObject({
  controller: z.literal('traefik').describe('Traefik.'),
  ...proxy,
  className: className('traefik'),
});

/** What an operator decides about access from outside the cluster. */
export const ingressSettings = z
  .discriminatedUnion('controller', [albIngress, nginxIngress, traefikIngress])
  .check(
    rule(['tlsSecretName', 'controller', 'enabled'], (settings) =>
      settings.controller !== 'alb' && settings.enabled && settings.tlsSecretName === undefined
        ? `must name a Secret with ${settings.controller}`
        : undefined,
    ),
    rule(['allowedCidrs', 'controller'], ({ allowedCidrs, controller }) =>
      controller === 'alb' && allowedCidrs.length > 0 && allowedCidrs.every((block) => block.includes(':'))
        ? 'must hold an IPv4 block with alb: a load balancer of IPv4 would let nobody in'
        : undefined,
    ),
    rule(
      ['openToTheInternet', 'enabled', 'scheme', 'controller', 'allowedCidrs', 'authentication'],
      (settings) => {
        const guarded = settings.authentication.type !== 'none' || guards(settings.allowedCidrs);
        const exposed = settings.enabled && settings.scheme === 'internet-facing' && !guarded;
        return exposed && settings.openToTheInternet === undefined
          ? `must be "${OPEN_PHRASE}" if that is meant; otherwise set ingress.authentication, public blocks in ingress.allowedCidrs, or ingress.scheme: internal`
          : undefined;
      },
    ),
    rule(['allowedCidrs', 'openToTheInternet'], ({ allowedCidrs, openToTheInternet }) => {
      const wide = allowedCidrs.find(isWide);
      return wide !== undefined && openToTheInternet === undefined
        ? `must not hold ${wide}, which is a large part of the internet; name smaller blocks`
        : undefined;
    }),
  )
  .prefault({})
  .describe('Access to the query APIs from outside the cluster.');
type Written = z.output<typeof ingressSettings>;

/** Host names by which the query APIs are reached from outside. */
export function queryHosts({ hosts }: Pick<Written, 'hosts'>, { domain }: { domain: string }) {
  return { loki: hosts.loki ?? `loki.${domain}`, tempo: hosts.tempo ?? `tempo.${domain}` };
}

/** The settings, with the host names that follow from the domain of the cluster. */
export function completeIngress(settings: Written, cluster: { domain: string }) {
  return { ...settings, hosts: queryHosts(settings, cluster) };
}
export type IngressSettings = ReturnType<typeof completeIngress>;
