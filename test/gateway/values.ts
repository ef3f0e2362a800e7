const PROVIDER = {
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/userinfo',
};

/** A token for machines. */
export const JWT = {
  type: 'jwt',
  issuer: 'https://login.example.com',
  audience: 'logs-and-traces',
  jwksUrl: 'https://login.example.com/jwks.json',
};

/** Settings of a Gateway, besides those of its controller. */
export const GATEWAY = {
  enabled: true,
  parent: { name: 'public', namespace: 'gateways', sectionName: 'secure' },
  hosts: { loki: 'logs.example.com', tempo: 'traces.example.com' },
  allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'],
};

const gateway = (controller: string, authentication: object, spans: object) => ({
  cluster: { domain: 'example.com' },
  gateway: {
    ...GATEWAY,
    controller,
    authentication,
    otlp: { enabled: true, host: 'spans.example.com', authentication: spans },
  },
});

const basic = (secretName: string) => ({ type: 'basic', secretName });
const external = { type: 'external' };

/** Every login of every controller, for the query APIs and for spans. */
export const LOGINS: Readonly<Record<string, ReturnType<typeof gateway>>> = {
  'envoy-gateway basic': gateway('envoy-gateway', basic('users'), basic('senders')),
  'envoy-gateway oidc': gateway(
    'envoy-gateway',
    { type: 'oidc', issuer: PROVIDER.issuer, secretName: 'oidc-client' },
    JWT,
  ),
  'envoy-gateway forward': gateway(
    'envoy-gateway',
    { type: 'forward', serviceName: 'oauth2-proxy', port: 4180, path: '/oauth2/auth' },
    external,
  ),
  'envoy-gateway jwt': gateway('envoy-gateway', JWT, JWT),
  'envoy-gateway external': gateway('envoy-gateway', external, external),
  'aws oidc': gateway('aws', { type: 'oidc', ...PROVIDER, secretName: 'oidc-client' }, JWT),
  'aws cognito': gateway(
    'aws',
    {
      type: 'cognito',
      userPoolArn: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_aB1cD2eF3',
      userPoolClientId: '1example23456789',
      userPoolDomain: 'example-login',
    },
    external,
  ),
  'aws jwt': gateway('aws', JWT, JWT),
  'aws external': gateway('aws', external, external),
  'traefik basic': gateway('traefik', basic('users'), basic('senders')),
  'traefik forward': gateway(
    'traefik',
    { type: 'forward', url: 'https://auth.example.com/verify' },
    external,
  ),
  'traefik external': gateway('traefik', external, external),
};

/** A Gateway that only the network protects, one that everyone may use, and where their requests come from. */
export const NETWORKS: Readonly<Record<string, object>> = {
  internal: {
    cluster: { domain: 'example.com' },
    gateway: { ...GATEWAY, allowedCidrs: [], scheme: 'internal' },
    networkPolicies: { gateway: { namespace: 'edge', podLabels: { app: 'envoy' }, cidrs: ['10.1.0.0/24'] } },
  },
  open: {
    cluster: { domain: 'example.com' },
    gateway: { ...GATEWAY, allowedCidrs: [], openToTheInternet: 'anyone may read every log and trace' },
  },
};
