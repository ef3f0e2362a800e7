import { z } from 'zod';
import { choice, cidr, flag, hostName, httpsUrl, objectName, text } from '../values/fields';
import { rule } from '../values/rule';

/** What has to be written to open logs and traces to everybody. */
export const OPEN_PHRASE = 'anyone may read every log and trace';

const SCHEMES = ['internal', 'internet-facing'] as const;
type Scheme = (typeof SCHEMES)[number];

/** Where the load balancer can be reached from. */
export function effectiveScheme(settings: {
  scheme: Scheme | null;
  controller: keyof typeof LOGINS_BY_CONTROLLER;
}): Scheme {
  return settings.scheme ?? (settings.controller === 'alb' ? 'internal' : 'internet-facing');
}

const authenticationSettings = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('none').describe('No login; who may come in is decided by the network.'),
    }),
    z.strictObject({
      type: z.literal('basic').describe('User and password; nginx and traefik.'),
      secretName: objectName('Secret').describe(
        'Existing Secret with users: key "auth" for nginx, "users" for traefik.',
      ),
    }),
    z.strictObject({
      type: z
        .literal('forward')
        .describe('Each request is first shown to another service; nginx and traefik.'),
      url: httpsUrl('https://auth.example.com/verify').describe(
        'Address that answers 2xx for whoever may come in.',
      ),
    }),
    z.strictObject({
      type: z.literal('oidc').describe('Login of the load balancer with an OpenID Connect provider; alb.'),
      issuer: httpsUrl('https://login.example.com').describe('Issuer of the provider.'),
      authorizationEndpoint: httpsUrl('https://login.example.com/authorize').describe(
        'Authorization endpoint.',
      ),
      tokenEndpoint: httpsUrl('https://login.example.com/token').describe('Token endpoint.'),
      userInfoEndpoint: httpsUrl('https://login.example.com/userinfo').describe('User info endpoint.'),
      secretName: objectName('Secret').describe('Existing Secret with clientID and clientSecret.'),
    }),
    z.strictObject({
      type: z.literal('cognito').describe('Login of the load balancer with a Cognito user pool; alb.'),
      userPoolArn: text(
        'the ARN of a user pool',
        /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/\S+$/,
      ).describe('ARN of the user pool.'),
      userPoolClientId: text('the id of a client of the user pool', /^[A-Za-z0-9]+$/).describe('Client id.'),
      userPoolDomain: text('the domain of the user pool', /^[a-z0-9.-]+$/).describe(
        'Domain of the user pool.',
      ),
    }),
  ])
  .prefault({ type: 'none' })
  .describe('Login in front of the query APIs, which have none of their own.');
export type AuthenticationSettings = z.output<typeof authenticationSettings>;

const CONTROLLERS = ['alb', 'nginx', 'traefik'] as const;

/** Which controller can do which login by itself. */
const LOGINS_BY_CONTROLLER = {
  alb: ['none', 'oidc', 'cognito'],
  nginx: ['none', 'basic', 'forward'],
  traefik: ['none', 'basic', 'forward'],
} as const satisfies Record<string, readonly AuthenticationSettings['type'][]>;

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
      .default('logs-and-traces')
      .describe('ALB group; Ingresses of one group share a load balancer. Only for alb.'),
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
      .describe('Addresses that may come in; an empty list lets all of them.'),
    authentication: authenticationSettings,
    openToTheInternet: z
      .literal(OPEN_PHRASE)
      .nullable()
      .default(null)
      .describe(
        `Has to be "${OPEN_PHRASE}" for an internet-facing Ingress with neither authentication nor allowedCidrs.`,
      ),
    annotations: z
      .record(
        text('an annotation key', /^[A-Za-z0-9./_-]+$/),
        z.string({ error: 'must be a text, in quotes' }),
        {
          error: 'must be a section of annotations',
        },
      )
      .default({})
      .describe('Further annotations of both Ingresses; those of this product win.'),
  })
  .check(
    rule(['authentication.type', 'controller', 'enabled'], ({ authentication, controller }) => {
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
    rule(
      ['openToTheInternet', 'enabled', 'scheme', 'controller', 'allowedCidrs', 'authentication'],
      (settings) => {
        const guarded = settings.authentication.type !== 'none' || settings.allowedCidrs.length > 0;
        const exposed = settings.enabled && effectiveScheme(settings) === 'internet-facing' && !guarded;
        return exposed && settings.openToTheInternet === null
          ? `must be "${OPEN_PHRASE}" if that is meant; otherwise set ingress.authentication, ingress.allowedCidrs or ingress.scheme: internal`
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
