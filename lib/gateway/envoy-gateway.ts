import type { EnvoyLogin } from './logins';

const ROUTE = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' } as const;
const secret = (name: string) => ({ group: '', kind: 'Secret', name });

/** Paths that Envoy answers itself during a login with OpenID Connect: the defaults of Envoy Gateway. */
export const OIDC_PATHS = ['/oauth2/callback', '/logout'];

/** Envoy Gateway ends a request after 15 s by default. */
export const ENVOY_TIMEOUT = '600s';

/** Who may use the routes. */
interface Requirements {
  readonly allowedCidrs: readonly string[];
  readonly authentication: EnvoyLogin;
}

/**
 * What Envoy requires of requests to some routes; undefined if nothing, so that a policy of the Gateway applies. A
 * policy of a route replaces that of its Gateway.
 *
 * @see https://gateway.envoyproxy.io/docs/api/extension_types/#securitypolicy
 */
export function securityPolicySpec(
  routes: readonly string[],
  { allowedCidrs, authentication }: Requirements,
) {
  const login = loginSpec(authentication);
  if (login === undefined && allowedCidrs.length === 0) return undefined;
  return {
    targetRefs: routes.map((name) => ({ ...ROUTE, name })),
    ...login,
    ...(allowedCidrs.length > 0 && {
      authorization: {
        defaultAction: 'Deny',
        rules: [{ name: 'addresses', action: 'Allow', principal: { clientCIDRs: allowedCidrs } }],
      },
    }),
  };
}

function loginSpec(login: EnvoyLogin) {
  switch (login.type) {
    case 'basic':
      return { basicAuth: { users: secret(login.secretName) } };
    case 'oidc': {
      const { issuer, secretName } = login;
      return {
        oidc: {
          provider: { issuer },
          clientIDRef: secret(secretName),
          clientSecret: secret(secretName),
          refreshToken: true,
        },
      };
    }
    case 'jwt': {
      const { issuer, audience, jwksUrl } = login;
      const remoteJWKS = { uri: jwksUrl, cacheDuration: '300s' };
      return { jwt: { providers: [{ name: 'issuer', issuer, audiences: [audience], remoteJWKS }] } };
    }
    case 'forward': {
      const { serviceName, port, path } = login;
      const backendRefs = [{ group: '', kind: 'Service', name: serviceName, port, weight: 1 }];
      // Without the cookie, a service such as oauth2-proxy knows no session.
      return {
        extAuth: { http: { backendRefs, pathOverride: path }, headersToExtAuth: ['cookie'], failOpen: false },
      };
    }
    case 'none':
    case 'external':
      return undefined;
  }
}
