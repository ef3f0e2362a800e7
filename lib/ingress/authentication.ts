import { z } from 'zod';
import { httpsUrl, objectName, text } from '../values/fields';

/** Login in front of the query APIs, by the load balancer or the controller. */
export const authenticationSettings = z
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
      secretName: objectName('Secret').describe(
        'Existing Secret with clientID and clientSecret. The AWS controller has to be allowed to read it; its Helm ' +
          'chart allows it no Secret by default (clusterSecretsPermissions).',
      ),
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

export const CONTROLLERS = ['alb', 'nginx', 'traefik'] as const;

/** Which controller can do which login by itself. */
export const LOGINS_BY_CONTROLLER = {
  alb: ['none', 'oidc', 'cognito'],
  nginx: ['none', 'basic', 'forward'],
  traefik: ['none', 'basic', 'forward'],
} as const satisfies Record<string, readonly AuthenticationSettings['type'][]>;
