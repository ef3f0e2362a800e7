import { z } from 'zod';
import { cidr } from '../values/cidr';
import { choice, flag, hostName, objectName, text } from '../values/fields';
import { rule } from '../values/rule';
import { authenticationSettings, CONTROLLERS, LOGINS_BY_CONTROLLER } from './authentication';
import { annotationKey, effectiveScheme, FREE_ANNOTATIONS, guards, SCHEMES } from './exposure';

/** What has to be written to open logs and traces to everybody. */
export const OPEN_PHRASE = 'anyone may read every log and trace';

/** What an operator decides about access from outside the cluster. */
export const ingressSettings = z
  .strictObject({
    enabled: flag()
      .default(false)
      .describe('Whether the query APIs can be reached from outside. Grafana does not need it.'),
    controller: choice(CONTROLLERS)
      .default('alb')
      .describe('Ingress controller of the cluster: AWS Load Balancer Controller, ingress-nginx or Traefik.'),
    className: objectName('IngressClass')
      .nullable()
      .default(null)
      .describe('IngressClass of the controller; null is the name of the controller.'),
    scheme: choice(SCHEMES)
      .nullable()
      .default(null)
      .describe(
        'Where the load balancer can be reached from. null is internal for alb, which is then told so; and ' +
          'internet-facing for nginx and traefik, whose address this product cannot see.',
      ),
    hosts: z
      .strictObject({
        loki: hostName('loki.example.com')
          .nullable()
          .default(null)
          .describe('Host name of Loki; null is loki. before cluster.domain.'),
        tempo: hostName('tempo.example.com')
          .nullable()
          .default(null)
          .describe('Host name of Tempo; null is tempo. before cluster.domain.'),
      })
      .prefault({})
      .describe('Host names.'),
    groupName: text(
      'the name of an ALB group (lower case letters, digits, "-" and ".")',
      /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
      63,
    )
      .nullable()
      .default(null)
      .describe(
        'ALB group; Ingresses of one group share a load balancer. null is logs-and-traces. Only for alb.',
      ),
    certificateArn: text(
      'the ARN of an ACM certificate',
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-f0-9-]+$/,
    )
      .nullable()
      .default(null)
      .describe(
        'Certificate of the load balancer; null lets the controller find one for the host names in ACM. Only for alb.',
      ),
    tlsSecretName: objectName('Secret')
      .nullable()
      .default(null)
      .describe('Existing Secret with the certificate of both host names. Needed for nginx and traefik.'),
    allowedCidrs: z
      .array(cidr(), { error: 'must be a list of CIDR blocks' })
      .prefault([])
      .describe(
        'Addresses that may come in; an empty list lets all of them. nginx and Traefik have to see the address of the ' +
          'client for it, not that of a node or a load balancer before them.',
      ),
    authentication: authenticationSettings,
    openToTheInternet: z
      .literal(OPEN_PHRASE)
      .nullable()
      .default(null)
      .describe(
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
  })
  .check(
    rule(['authentication.type', 'controller'], ({ authentication, controller }) => {
      const possible: readonly string[] = LOGINS_BY_CONTROLLER[controller];
      return possible.includes(authentication.type)
        ? undefined
        : `must be one of ${possible.join(', ')} with ingress.controller ${controller}, which cannot do another by itself`;
    }),
    rule(['tlsSecretName', 'controller', 'enabled'], ({ tlsSecretName, controller, enabled }) => {
      if (controller === 'alb' && tlsSecretName !== null)
        return 'must be null with alb, which takes certificates from ACM only';
      if (controller !== 'alb' && enabled && tlsSecretName === null)
        return `must name a Secret with ${controller}`;
      return undefined;
    }),
    rule(['certificateArn', 'controller'], ({ certificateArn, controller }) =>
      controller !== 'alb' && certificateArn !== null
        ? `must be null with ${controller}; use tlsSecretName`
        : undefined,
    ),
    rule(['groupName', 'controller'], ({ groupName, controller }) =>
      controller !== 'alb' && groupName !== null
        ? `must be null with ${controller}, which has no groups`
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
        const exposed = settings.enabled && effectiveScheme(settings) === 'internet-facing' && !guarded;
        return exposed && settings.openToTheInternet === null
          ? `must be "${OPEN_PHRASE}" if that is meant; otherwise set ingress.authentication, public blocks in ingress.allowedCidrs, or ingress.scheme: internal`
          : undefined;
      },
    ),
    rule(['allowedCidrs', 'openToTheInternet'], ({ allowedCidrs, openToTheInternet }) => {
      const wide = allowedCidrs.find((block) => Number(block.split('/')[1]) < (block.includes(':') ? 16 : 8));
      return wide !== undefined && openToTheInternet === null
        ? `must not hold ${wide}, which is a large part of the internet; name smaller blocks`
        : undefined;
    }),
  )
  .prefault({})
  .describe('Access to the query APIs from outside the cluster.');
export type IngressSettings = z.output<typeof ingressSettings>;
