import { describe, expect, test } from '@jest/globals';
import { OPEN, SHUT } from '../access/paths';
import { type Manifest, manifests, mistakes, settings } from '../support/render';
import { GATEWAY, JWT, LOGINS } from './values';

const BASIC = { type: 'basic', secretName: 'users' };
const ENVOY = { ...GATEWAY, authentication: BASIC };
const POLICIES = ['SecurityPolicy', 'ListenerRuleConfiguration', 'Middleware', 'TargetGroupConfiguration'];

const objects = (gateway: object, more: object = {}) => manifests(settings({ gateway, ...more }));
const routesOf = (all: readonly Manifest[]) => all.filter(({ kind }) => kind === 'HTTPRoute');
const route = (gateway: object, name: string, more: object = {}): Manifest =>
  routesOf(objects(gateway, more)).find(({ metadata }) => metadata.name === name);
const specsOf = (all: readonly Manifest[], kind: string): Manifest[] =>
  all.filter((one) => one.kind === kind).map(({ spec }) => spec);

interface PathMatch {
  readonly path: { readonly type: string; readonly value: string };
}

/** Whether a request would be routed. A prefix ends at a slash. */
function matches(all: readonly PathMatch[], request: string): boolean {
  return all.some(({ path: { type, value } }) =>
    type === 'Exact' ? request === value : request === value || request.startsWith(`${value}/`),
  );
}

describe('the routes of a Gateway', () => {
  test('are rendered only if enabled', () => {
    const kinds = manifests(settings()).map(({ kind }) => kind);

    expect(kinds.filter((kind) => [...POLICIES, 'HTTPRoute'].includes(kind))).toEqual([]);
  });

  test.each(['loki', 'tempo'] as const)('route the query API of %s, and nothing else', (name) => {
    const [rule, ...others] = route(ENVOY, name).spec.rules;

    expect(others).toEqual([]);
    expect(OPEN[name].filter((request) => !matches(rule.matches, request))).toEqual([]);
    expect(SHUT[name].filter((request) => matches(rule.matches, request))).toEqual([]);
  });

  test('have as few matches as the API server accepts', () => {
    for (const values of Object.values(LOGINS))
      for (const { spec } of routesOf(manifests(settings(values))))
        for (const rule of spec.rules) expect(rule.matches.length).toBeLessThanOrEqual(64);
  });

  test('attach to one listener of the Gateway', () => {
    const parentRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', ...GATEWAY.parent };

    expect(route(ENVOY, 'loki').spec.parentRefs).toEqual([parentRef]);
    expect(route({ ...ENVOY, parent: { name: 'public' } }, 'loki').spec.parentRefs).toEqual([
      { ...parentRef, namespace: 'monitoring', sectionName: 'https' },
    ]);
  });

  test('have host names below the domain, or others', () => {
    const usual = { ...ENVOY, hosts: {} };

    expect(route(usual, 'loki').spec.hostnames).toEqual(['loki.example.com']);
    expect(route(usual, 'tempo').spec.hostnames).toEqual(['tempo.example.com']);
    expect(route(ENVOY, 'loki').spec.hostnames).toEqual(['logs.example.com']);
  });

  test('wait for long queries in Envoy, which gives up after 15 s by default', () => {
    expect(route(ENVOY, 'loki').spec.rules[0].timeouts).toEqual({ request: '600s' });
    expect(route({ ...ENVOY, controller: 'traefik' }, 'loki').spec.rules[0].timeouts).toBeUndefined();
  });

  test('are applied after the policies that protect them', () => {
    const all = objects(ENVOY);
    const wave = ({ metadata }: Manifest) => Number(metadata.annotations['argocd.argoproj.io/sync-wave']);
    const waves = (kinds: readonly string[]) => all.filter(({ kind }) => kinds.includes(kind)).map(wave);
    const kinds = all.map(({ kind }) => kind);

    expect(Math.max(...waves(POLICIES))).toBeLessThan(Math.min(...waves(['HTTPRoute'])));
    expect(kinds.indexOf('SecurityPolicy')).toBeLessThan(kinds.indexOf('HTTPRoute'));
  });

  test('may stand next to an Ingress, whose Middlewares have other names', () => {
    const all = objects(
      { ...ENVOY, controller: 'traefik' },
      { ingress: { enabled: true, controller: 'traefik', tlsSecretName: 'tls', authentication: BASIC } },
    );
    const names = all.filter(({ kind }) => kind === 'Middleware').map(({ metadata }) => metadata.name);

    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('logs-and-traces-login');
    expect(names).toContain('logs-and-traces-queries-login');
  });
});

describe('every login', () => {
  const cases = Object.entries(LOGINS);
  const protectedCases = cases.filter(([name]) => !name.endsWith(' external'));

  test.each(cases)('%s reaches every route, for addresses too', (_, values) => {
    const all = manifests(settings(values));
    const named = specsOf(all, 'SecurityPolicy').flatMap(({ targetRefs }) =>
      targetRefs.map(({ name }: Manifest) => name),
    );
    const existing = all.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const references = routesOf(all).map(({ metadata, spec }) => {
      const filters = spec.rules.flatMap(({ filters = [] }: Manifest) => filters);
      return {
        name: metadata.name,
        to: filters.map(({ extensionRef: { kind, name } }: Manifest) => `${kind}/${name}`),
      };
    });

    expect(references.map(({ name }) => name)).toEqual(['loki', 'tempo', 'otlp']);
    for (const { name, to } of references) {
      expect(to.filter((one: string) => !existing.includes(one))).toEqual([]);
      expect(to.length > 0 || named.includes(name)).toBe(true);
    }
  });

  test.each(protectedCases)('%s is not that of spans', (_, values) => {
    const all = manifests(settings(values));
    const policies = all.filter(({ kind }) => POLICIES.slice(0, 3).includes(kind));
    const names = policies.map(({ metadata }) => metadata.name);

    expect(names.filter((name) => name.startsWith('logs-and-traces-queries')).length).toBeGreaterThan(0);
    expect(names.filter((name) => name.startsWith('logs-and-traces-otlp')).length).toBeGreaterThan(0);
  });

  test('of Envoy Gateway is a SecurityPolicy', () => {
    const policy = (name: string) =>
      specsOf(manifests(settings(LOGINS[`envoy-gateway ${name}`])), 'SecurityPolicy')[0];
    const secret = (name: string) => ({ group: '', kind: 'Secret', name });

    expect(policy('basic').basicAuth).toEqual({ users: secret('users') });
    expect(policy('oidc').oidc).toEqual({
      provider: { issuer: 'https://login.example.com' },
      clientIDRef: secret('oidc-client'),
      clientSecret: secret('oidc-client'),
      refreshToken: true,
    });
    expect(policy('jwt').jwt.providers).toEqual([
      {
        name: 'issuer',
        issuer: JWT.issuer,
        audiences: [JWT.audience],
        remoteJWKS: { uri: JWT.jwksUrl, cacheDuration: '300s' },
      },
    ]);
    expect(policy('forward').extAuth).toEqual({
      http: {
        backendRefs: [{ group: '', kind: 'Service', name: 'oauth2-proxy', port: 4180, weight: 1 }],
        pathOverride: '/oauth2/auth',
      },
      headersToExtAuth: ['cookie'],
      failOpen: false,
    });
    expect(policy('external')).toEqual({
      targetRefs: expect.any(Array),
      authorization: {
        defaultAction: 'Deny',
        rules: [
          {
            name: 'addresses',
            action: 'Allow',
            principal: { clientCIDRs: ['203.0.113.0/24', '2001:db8::/32'] },
          },
        ],
      },
    });
  });

  test('of Envoy Gateway with OpenID Connect routes the paths that Envoy answers during it', () => {
    const [rule] = routesOf(manifests(settings(LOGINS['envoy-gateway oidc'])))[0].spec.rules;

    expect(matches(rule.matches, '/oauth2/callback')).toBe(true);
    expect(matches(rule.matches, '/logout')).toBe(true);
  });

  test('without a policy of its own leaves that of the Gateway in place', () => {
    const all = objects({ ...GATEWAY, allowedCidrs: [], authentication: { type: 'external' } });

    expect(all.filter(({ kind }) => POLICIES.includes(kind))).toEqual([]);
  });

  test('of an AWS load balancer is a ListenerRuleConfiguration', () => {
    const actions = (name: string) =>
      specsOf(manifests(settings(LOGINS[`aws ${name}`])), 'ListenerRuleConfiguration')[0].actions;

    expect(actions('oidc')).toEqual([
      {
        type: 'authenticate-oidc',
        authenticateOIDCConfig: expect.objectContaining({
          secret: { name: 'oidc-client' },
          issuer: 'https://login.example.com',
          onUnauthenticatedRequest: 'authenticate',
        }),
      },
    ]);
    expect(actions('cognito')[0].authenticateCognitoConfig.userPoolDomain).toBe('example-login');
    expect(actions('jwt')[0].jwtValidationConfig.additionalClaims).toEqual([
      { name: 'aud', format: 'single-string', values: ['logs-and-traces'] },
    ]);
    expect(actions('external')).toBeUndefined();
  });

  test('of an AWS load balancer sends requests to pods, which have no port on nodes', () => {
    const groups = specsOf(manifests(settings(LOGINS['aws jwt'])), 'TargetGroupConfiguration');

    expect(groups.map(({ targetReference }) => targetReference.name)).toEqual([
      'loki',
      'tempo',
      'otel-collector',
    ]);
    expect(groups.map(({ defaultConfiguration }) => defaultConfiguration.targetType)).toEqual([
      'ip',
      'ip',
      'ip',
    ]);
    expect(
      groups.map(({ defaultConfiguration: { healthCheckConfig: check } }) => [
        check.healthCheckPath,
        check.matcher,
      ]),
    ).toEqual([
      ['/ready', undefined],
      ['/ready', undefined],
      ['/v1/traces', { httpCode: '405' }],
    ]);
  });

  test('of Traefik is a Middleware, after that for addresses', () => {
    const filters = (name: string) =>
      routesOf(manifests(settings(LOGINS[`traefik ${name}`])))[0].spec.rules[0].filters.map(
        ({ extensionRef }: Manifest) => extensionRef.name,
      );

    expect(filters('forward')).toEqual([
      'logs-and-traces-queries-addresses',
      'logs-and-traces-queries-login',
    ]);
    expect(filters('external')).toEqual(['logs-and-traces-queries-addresses']);
  });
});

describe('spans from outside', () => {
  const OTLP = { ...ENVOY, otlp: { enabled: true, authentication: BASIC } };
  const routed = (more: object) => route(OTLP, 'otlp', more).spec;

  test('reach the collector at one path', () => {
    expect(routed({}).hostnames).toEqual(['otlp.example.com']);
    expect(routed({}).rules[0].matches).toEqual([{ path: { type: 'Exact', value: '/v1/traces' } }]);
    expect(routed({}).rules[0].backendRefs).toEqual([
      { group: '', kind: 'Service', name: 'otel-collector', port: 4318, weight: 1 },
    ]);
  });

  test('reach Tempo if clients sample', () => {
    expect(routed({ tracing: { sampling: { type: 'client' } } }).rules[0].backendRefs[0].name).toBe('tempo');
  });

  test('come with log records if the collector accepts them', () => {
    const [rule] = routed({ logs: { otlp: { enabled: true } } }).rules;

    expect(rule.matches.map(({ path }: Manifest) => path.value)).toEqual(['/v1/traces', '/v1/logs']);
  });

  test.each([
    ['otel-collector', {}, 4318],
    ['tempo', { tracing: { sampling: { type: 'client' } } }, 4318],
    ['loki', {}, 3100],
    ['tempo', {}, 3100],
  ])('and queries may enter %s from the pods of the Gateway (%j)', (name, more, port) => {
    const policy = objects(OTLP, more).find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name,
    );
    const from = policy.spec.ingress
      .filter(({ ports }: Manifest) => ports.some((one: Manifest) => one.port === port))
      .flatMap((one: Manifest) => one.from);

    expect(from).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'envoy-gateway-system' } },
      podSelector: {
        matchLabels: {
          'gateway.envoyproxy.io/owning-gateway-name': 'public',
          'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
        },
      },
    });
  });
});

describe('values of a Gateway', () => {
  const of = (gateway: object, more: object = {}) => mistakes({ gateway, ...more });

  test.each([
    [{ enabled: true, scheme: 'internal' }, 'gateway.parent.name must name the existing Gateway'],
    [
      { ...GATEWAY, allowedCidrs: [] },
      'gateway.openToTheInternet must be "anyone may read every log and trace"',
    ],
    [{ ...GATEWAY, allowedCidrs: ['10.0.0.0/8'] }, 'gateway.openToTheInternet must be'],
    [
      { ...GATEWAY, allowedCidrs: undefined, controller: 'other', scheme: 'internal' },
      'gateway.authentication.type must be external with gateway.controller other',
    ],
    [
      { ...GATEWAY, controller: 'traefik', authentication: JWT },
      'must be one of none, external, basic, forward with gateway.controller traefik',
    ],
    [
      { ...GATEWAY, controller: 'aws', allowedCidrs: ['1.1.1.0/24', '1.1.2.0/24', '1.1.3.0/24'] },
      'gateway.allowedCidrs must contain at most 2 blocks with gateway.controller aws',
    ],
    [{ ...ENVOY, otlp: { enabled: true } }, 'gateway.otlp.authentication.type must not be none'],
    [{ otlp: { enabled: true } }, 'gateway.otlp.enabled must be false with gateway.enabled false'],
    [
      { ...ENVOY, hosts: { loki: 'a.example.com', tempo: 'a.example.com' } },
      'gateway.hosts.tempo must not be the host name of Loki',
    ],
    [
      { ...ENVOY, hosts: { loki: 'grafana.example.com' } },
      'gateway.hosts.loki must not be grafana.example.com',
    ],
    [
      { ...ENVOY, otlp: { enabled: true, host: 'logs.example.com', authentication: BASIC } },
      'gateway.otlp.host must not be a host name of the query APIs',
    ],
  ])('%j is a mistake', (gateway, message) => {
    expect(of(gateway)).toEqual([expect.stringContaining(message)]);
  });

  test('of a data plane are a mistake without a Gateway, and pods of an ALB are one', () => {
    const aws = { ...GATEWAY, controller: 'aws' };

    expect(of({}, { networkPolicies: { gateway: { namespace: 'a' } } })).toEqual([
      expect.stringContaining('networkPolicies.gateway.namespace must be null unless gateway.enabled'),
    ]);
    expect(of(aws, { networkPolicies: { gateway: { podLabels: { a: 'b' } } } })).toEqual([
      expect.stringContaining('networkPolicies.gateway.podLabels must be null with gateway.controller aws'),
    ]);
    expect(of(aws, { networkPolicies: { gateway: { cidrs: [] } } })).toEqual([
      expect.stringContaining('networkPolicies.gateway.cidrs must contain the subnets of the load balancer'),
    ]);
  });

  test('without a store have nothing to route to', () => {
    const remote = { loki: { enabled: false }, tempo: { enabled: false } };
    const destinations = { central: { url: 'https://central.example.com' } };
    const found = of(ENVOY, { ...remote, logs: { destinations }, tracing: { destinations } });

    expect(found).toContainEqual(
      expect.stringContaining('gateway.enabled must be false with loki.enabled, tempo.enabled'),
    );
  });

  test('without traces accept no spans', () => {
    const otlp = { enabled: true, authentication: BASIC };

    expect(of({ ...ENVOY, otlp }, { tempo: { enabled: false }, tracing: { enabled: false } })).toEqual([
      expect.stringContaining(
        'gateway.otlp.enabled must be false with tracing.enabled and tempo.enabled false',
      ),
    ]);
  });
});
