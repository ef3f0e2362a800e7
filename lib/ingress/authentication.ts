import { z } from 'zod';
import { httpsUrl, objectName, text } from '../values/fields';

const none = z.strictObject({
  type: z.literal('none').describe('No login; who may come in is decided by the network.'),
});

const basic = z.strictObject({
  type: z.literal('basic').describe('User and password.'),
  secretName: objectName('Secret').describe(
    'Existing Secret with users: key "auth" for nginx, "users" for traefik.',
  ),
});

const forward = z.strictObject({
  type: z.literal('forward').describe('Each request is first shown to another service.'),
  url: httpsUrl('https://auth.example.com/verify').describe(
    'Address that answers 2xx for whoever may come in.',
  ),
});

const oidc = z.strictObject({
  type: z.literal('oidc').describe('Login of the load balancer with an OpenID Connect provider.'),
  issuer: httpsUrl('https://login.example.com').describe('Issuer of the provider.'),
  authorizationEndpoint: httpsUrl('https://login.example.com/authorize').describe('Authorization endpoint.'),
  tokenEndpoint: httpsUrl('https://login.example.com/token').describe('Token endpoint.'),
  userInfoEndpoint: httpsUrl('https://login.example.com/userinfo').describe('User info endpoint.'),
  secretName: objectName('Secret').describe(
    'Existing Secret with clientID and clientSecret. The AWS controller has to be allowed to read it; its Helm ' +
      'chart allows it no Secret by default (clusterSecretsPermissions).',
  ),
});

const cognito = z.strictObject({
  type: z.literal('cognito').describe('Login of the load balancer with a Cognito user pool.'),
  userPoolArn: text(
    'the ARN of a user pool',
    /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/\S+$/,
  ).describe('ARN of the user pool.'),
  userPoolClientId: text('the id of a client of the user pool', /^[A-Za-z0-9]+$/).describe('Client id.'),
  userPoolDomain: text('the domain of the user pool', /^[a-z0-9.-]+$/).describe('Domain of the user pool.'),
});

/** What is said of a login that a controller cannot do by itself. */
const only = (types: string, controllers: string) => ({
  error: ({ code }: { code?: string | undefined }) =>
    code === 'invalid_union'
      ? `must be one of ${types} with ingress.controller ${controllers}, which cannot do another by itself`
      : undefined,
});

const DESCRIPTION = 'Login in front of the query APIs, which have none of their own.';

/** Login by the load balancer of AWS. */
export const loadBalancerLogin = z
  .discriminatedUnion('type', [none, oidc, cognito], only('none, oidc, cognito', 'alb'))
  .prefault({ type: 'none' })
  .describe(DESCRIPTION);
export type LoadBalancerLogin = z.output<typeof loadBalancerLogin>;

/** Login by nginx or Traefik. */
export const proxyLogin = z
  .discriminatedUnion('type', [none, basic, forward], only('none, basic, forward', 'nginx or traefik'))
  .prefault({ type: 'none' })
  .describe(DESCRIPTION);
