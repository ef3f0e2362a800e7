import * as z from 'zod';
import { httpsUrl, objectName, text } from '../values/fields';

/** No login. */
export const none = z.strictObject({
  type: z.literal('none').describe('No login. Only the network restricts access.'),
});

/**
 * User and password.
 *
 * @param key Where the Secret has the users, such as `the key "users"`.
 */
export const basic = (key: string) =>
  z.strictObject({
    type: z.literal('basic').describe('User and password.'),
    secretName: objectName('Secret').describe(`Existing Secret with the users, in ${key}.`),
  });

/** A service at an address authenticates each request. */
export const forward = z.strictObject({
  type: z.literal('forward').describe('Another service authenticates each request.'),
  url: httpsUrl('https://auth.example.com/verify').describe(
    'URL of that service. It answers 2xx to allow the request.',
  ),
});

/** An AWS load balancer authenticates users with a provider. */
export const oidc = z.strictObject({
  type: z.literal('oidc').describe('The load balancer authenticates users with an OpenID Connect provider.'),
  issuer: httpsUrl('https://login.example.com').describe('Issuer of the provider.'),
  authorizationEndpoint: httpsUrl('https://login.example.com/authorize').describe('Authorization endpoint.'),
  tokenEndpoint: httpsUrl('https://login.example.com/token').describe('Token endpoint.'),
  userInfoEndpoint: httpsUrl('https://login.example.com/userinfo').describe('User info endpoint.'),
  secretName: objectName('Secret').describe(
    'Existing Secret with clientID and clientSecret. The AWS controller requires permission to read it, which its ' +
      'Helm chart does not grant by default (clusterSecretsPermissions).',
  ),
});

/** An AWS load balancer authenticates users with Cognito. */
export const cognito = z.strictObject({
  type: z.literal('cognito').describe('The load balancer authenticates users with a Cognito user pool.'),
  userPoolArn: text(
    'the ARN of a user pool',
    /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/\S+$/,
  ).describe('ARN of the user pool.'),
  userPoolClientId: text('the id of a client of the user pool', /^[A-Za-z0-9]+$/).describe('Client id.'),
  userPoolDomain: text('the domain of the user pool', /^[a-z0-9.-]+$/).describe('Domain of the user pool.'),
});

/** The error for a login that the controller does not support. */
export const only = (types: string, controllers: string) => ({
  error: ({ code }: { code?: string | undefined }) =>
    code === 'invalid_union'
      ? `must be one of ${types} with ${controllers}, which supports no other`
      : undefined,
});

/** What a login is for. */
export const LOGIN = 'Login for the query APIs, which have none of their own.';
