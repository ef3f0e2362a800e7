import * as z from 'zod';
import { basic, cognito, forward, LOGIN, none, oidc, only } from '../access/logins';
import { count, httpsUrl, objectName, text } from '../values/fields';

const external = z.strictObject({
  type: z
    .literal('external')
    .describe(
      'A policy of the Gateway, or a proxy in front of it, authenticates requests. This product neither renders nor checks it.',
    ),
});

const jwt = z.strictObject({
  type: z.literal('jwt').describe('Each request has a JSON Web Token in its header Authorization.'),
  issuer: httpsUrl('https://login.example.com').max(253).describe('Issuer: the claim iss.'),
  audience: text('the audience of a token', /^[\w.:/@-]+$/).describe('Audience: the claim aud, as a string.'),
  jwksUrl: httpsUrl('https://login.example.com/jwks.json')
    .max(253)
    .describe('Where the public keys of the issuer are.'),
});

const envoyOidc = z.strictObject({
  type: z
    .literal('oidc')
    .describe('Envoy authenticates users with an OpenID Connect provider, which it finds by its issuer.'),
  issuer: httpsUrl('https://login.example.com').describe('Issuer of the provider.'),
  secretName: objectName('Secret').describe('Existing Secret with client-id and client-secret.'),
});

const envoyForward = z.strictObject({
  type: z.literal('forward').describe('Another service authenticates each request.'),
  serviceName: objectName('Service').describe(
    'Its Service, in cluster.namespace. It answers 200 to allow the request.',
  ),
  port: count({ atLeast: 1, atMost: 65_535 }).describe('Port of the Service.'),
  path: text('a path such as "/oauth2/auth"', /^\/[\w./-]*$/)
    .default('/')
    .describe('Path of its requests.'),
});

const envoyBasic = basic(
  'the key .htpasswd, hashed with SHA-1 (htpasswd -s), because Envoy knows no other hash',
);
const traefikBasic = basic('the key "users"');

const SPANS = 'Login for senders of spans. Required if gateway.otlp.enabled.';
const byDefault = { type: 'none' } as const;

/** What Envoy Gateway authenticates with. */
export const envoyLogin = {
  queries: z
    .discriminatedUnion(
      'type',
      [none, external, envoyBasic, envoyForward, envoyOidc, jwt],
      only('none, external, basic, forward, oidc, jwt', 'gateway.controller envoy-gateway'),
    )
    .prefault(byDefault)
    .describe(LOGIN),
  spans: z
    .discriminatedUnion(
      'type',
      [none, external, envoyBasic, jwt],
      only('external, basic, jwt', 'gateway.controller envoy-gateway'),
    )
    .prefault(byDefault)
    .describe(SPANS),
};
export type EnvoyLogin = z.output<typeof envoyLogin.queries>;

/** What an AWS load balancer authenticates with. */
export const awsLogin = {
  queries: z
    .discriminatedUnion(
      'type',
      [none, external, oidc, cognito, jwt],
      only('none, external, oidc, cognito, jwt', 'gateway.controller aws'),
    )
    .prefault(byDefault)
    .describe(LOGIN),
  spans: z
    .discriminatedUnion('type', [none, external, jwt], only('external, jwt', 'gateway.controller aws'))
    .prefault(byDefault)
    .describe(SPANS),
};
export type AwsLogin = z.output<typeof awsLogin.queries>;

/** What Traefik authenticates with. */
export const traefikLogin = {
  queries: z
    .discriminatedUnion(
      'type',
      [none, external, traefikBasic, forward],
      only('none, external, basic, forward', 'gateway.controller traefik'),
    )
    .prefault(byDefault)
    .describe(LOGIN),
  spans: z
    .discriminatedUnion(
      'type',
      [none, external, traefikBasic],
      only('external, basic', 'gateway.controller traefik'),
    )
    .prefault(byDefault)
    .describe(SPANS),
};

/** Every other controller: the standard has no login. */
export const otherLogin = {
  queries: z
    .discriminatedUnion('type', [none, external], only('external', 'gateway.controller other'))
    .prefault(byDefault)
    .describe(LOGIN),
  spans: z
    .discriminatedUnion('type', [none, external], only('external', 'gateway.controller other'))
    .prefault(byDefault)
    .describe(SPANS),
};
