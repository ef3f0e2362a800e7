import { describe, expect, test } from '@jest/globals';
import { OPEN, SHUT } from '../access/paths';
import { type Manifest, manifest, manifests, settings } from '../support/render';

const SERVICES = ['loki', 'tempo'] as const;
const ALB = { enabled: true };
const NGINX = { enabled: true, controller: 'nginx', tlsSecretName: 'tls', scheme: 'internal' };
const TRAEFIK = { enabled: true, controller: 'traefik', tlsSecretName: 'tls', scheme: 'internal' };

const ingress = (values: object, name: string = 'loki') => manifest({ ingress: values }, 'Ingress', name);
/** What is told to the ingress controller; Argo CD has annotations of its own. */
function annotations(values: object): Manifest {
  const all = Object.entries<string>(ingress(values).metadata.annotations);
  return Object.fromEntries(all.filter(([key]) => !key.startsWith('argocd.argoproj.io/')));
}

interface Path {
  readonly path: string;
  readonly pathType: string;
}

/** Whether a request would be routed. Traefik compares a prefix letter by letter, so that is what counts. */
function routes(paths: readonly Path[], request: string): boolean {
  return paths.some(({ path, pathType }) =>
    pathType === 'Exact' ? request === path : request.startsWith(path),
  );
}

describe('the Ingress', () => {
  test('is rendered only if enabled', () => {
    expect(manifests(settings()).filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  test.each(SERVICES)('routes the query API of %s, and nothing else', (name) => {
    const [rule, ...others] = ingress(ALB, name).spec.rules;

    expect(others).toEqual([]);
    expect(OPEN[name].filter((request) => !routes(rule.http.paths, request))).toEqual([]);
    expect(SHUT[name].filter((request) => routes(rule.http.paths, request))).toEqual([]);
  });

  test.each(SERVICES)('serves %s over TLS at its host name below the domain, or at another', (name) => {
    expect(ingress(ALB, name).spec.tls).toEqual([{ hosts: [`${name}.example.com`] }]);
    expect(ingress(ALB, name).spec.rules[0].host).toBe(`${name}.example.com`);
    expect(ingress({ ...ALB, hosts: { [name]: 'other.example.org' } }, name).spec.rules[0].host).toBe(
      'other.example.org',
    );
    expect(ingress(NGINX, name).spec.tls).toEqual([{ hosts: [`${name}.example.com`], secretName: 'tls' }]);
  });

  test.each([
    ['cert-manager.io/cluster-issuer', NGINX],
    ['cert-manager.io/issuer', TRAEFIK],
  ])('has a Secret of its own for each host with %s, as cert-manager rejects a shared one', (key, values) => {
    const issued = { ...values, tlsSecretName: null, annotations: { [key]: 'letsencrypt' } };
    const secrets = SERVICES.map((name) => ingress(issued, name).spec.tls[0].secretName);

    expect(secrets).toEqual(['loki-tls', 'tempo-tls']);
    expect(SERVICES.map((name) => ingress(issued, name).metadata.annotations[key])).toEqual([
      'letsencrypt',
      'letsencrypt',
    ]);
    expect(() => ingress({ ...issued, tlsSecretName: 'tls' }, 'loki')).toThrow(
      `ingress.tlsSecretName must be null with the annotation ${key}: cert-manager rejects two Ingresses with one Secret`,
    );
  });

  test.each(SERVICES)('has no default backend for %s, which would route every other path', (name) => {
    expect(ingress(ALB, name).spec.defaultBackend).toBeUndefined();
  });

  test('makes the AWS controller create one internal load balancer with TLS only', () => {
    expect(annotations(ALB)).toEqual({
      'alb.ingress.kubernetes.io/scheme': 'internal',
      'alb.ingress.kubernetes.io/target-type': 'ip',
      'alb.ingress.kubernetes.io/group.name': 'logs-and-traces',
      'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}]',
      'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      'alb.ingress.kubernetes.io/healthcheck-path': '/ready',
      'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=600',
    });
  });

  test('passes the login to the AWS controller as JSON with its own names', () => {
    const oidc = {
      type: 'oidc',
      issuer: 'https://login.example.com',
      authorizationEndpoint: 'https://login.example.com/a',
      tokenEndpoint: 'https://login.example.com/t',
      userInfoEndpoint: 'https://login.example.com/u',
      secretName: 'client',
    };
    const { type, ...idp } = oidc;
    const found = annotations({ ...ALB, scheme: 'internet-facing', authentication: oidc });

    expect(found['alb.ingress.kubernetes.io/auth-type']).toBe(type);
    expect(found['alb.ingress.kubernetes.io/auth-on-unauthenticated-request']).toBe('authenticate');
    expect(JSON.parse(found['alb.ingress.kubernetes.io/auth-idp-oidc'])).toEqual(idp);
  });

  test('configures allowed clients in nginx', () => {
    const authentication = { type: 'basic', secretName: 'users' };

    expect(
      annotations({ ...NGINX, allowedCidrs: ['10.0.0.0/8', '192.168.0.0/16'], authentication }),
    ).toMatchObject({
      'nginx.ingress.kubernetes.io/whitelist-source-range': '10.0.0.0/8,192.168.0.0/16',
      'nginx.ingress.kubernetes.io/auth-type': 'basic',
      'nginx.ingress.kubernetes.io/auth-secret': 'users',
      'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true',
    });
    expect(
      annotations({ ...NGINX, authentication: { type: 'forward', url: 'https://auth.example.com/v' } }),
    ).toMatchObject({
      'nginx.ingress.kubernetes.io/auth-url': 'https://auth.example.com/v',
    });
  });

  test('includes the Traefik Middlewares that it refers to, in order', () => {
    const values = {
      ...TRAEFIK,
      allowedCidrs: ['10.0.0.0/8'],
      authentication: { type: 'basic', secretName: 'users' },
    };
    const middlewares = manifests(settings({ ingress: values })).filter(({ kind }) => kind === 'Middleware');

    expect(annotations(values)).toEqual({
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
      'traefik.ingress.kubernetes.io/router.middlewares':
        'monitoring-logs-and-traces-addresses@kubernetescrd,monitoring-logs-and-traces-login@kubernetescrd',
    });
    expect(
      middlewares.map(({ metadata, spec }) => ({ name: metadata.name, namespace: metadata.namespace, spec })),
    ).toEqual([
      {
        name: 'logs-and-traces-addresses',
        namespace: 'monitoring',
        spec: { ipAllowList: { sourceRange: ['10.0.0.0/8'] } },
      },
      {
        name: 'logs-and-traces-login',
        namespace: 'monitoring',
        spec: { basicAuth: { secret: 'users', removeHeader: true } },
      },
    ]);
  });

  test('uses the class of its controller unless another one is set', () => {
    expect(ingress(ALB).spec.ingressClassName).toBe('alb');
    expect(ingress({ ...ALB, className: 'internal-alb' }).spec.ingressClassName).toBe('internal-alb');
  });

  test('accepts annotations that change neither access nor routing', () => {
    const mine = { 'alb.ingress.kubernetes.io/tags': 'team=platform', 'example.com/team': 'platform' };

    expect(annotations({ ...ALB, annotations: mine })).toMatchObject(mine);
  });
});
