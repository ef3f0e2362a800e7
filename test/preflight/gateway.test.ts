import { describe, expect, test } from '@jest/globals';
import { type Manifest, manifests, settings } from '../support/render';
import { assess, STACK } from './existing';

const VALUES = {
  ...STACK,
  ingress: { enabled: false },
  gateway: {
    enabled: true,
    parent: { name: 'public', namespace: 'gateways' },
    authentication: { type: 'basic', secretName: 'users' },
  },
};

const custom = (apiVersion: string, kind: string, metadata: object, rest: object): Manifest => ({
  apiVersion: `${apiVersion}`,
  kind,
  metadata,
  ...rest,
});
const STANDARD = 'gateway.networking.k8s.io/v1';

interface Existing {
  readonly gateway: Manifest;
  readonly gatewayClass: Manifest;
  readonly users: Manifest;
}

/** A Gateway that fits. */
function fitting(): Existing {
  const listener = { name: 'https', protocol: 'HTTPS', port: 443, hostname: '*.example.com' };
  return {
    gateway: custom(
      STANDARD,
      'Gateway',
      { name: 'public', namespace: 'gateways' },
      {
        spec: {
          gatewayClassName: 'eg',
          listeners: [
            { name: 'http', protocol: 'HTTP', port: 80 },
            { ...listener, allowedRoutes: { namespaces: { from: 'All' } } },
          ],
        },
        status: { conditions: [{ type: 'Programmed', status: 'True' }] },
      },
    ),
    gatewayClass: custom(
      STANDARD,
      'GatewayClass',
      { name: 'eg' },
      {
        spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
      },
    ),
    users: custom('v1', 'Secret', { name: 'users', namespace: 'monitoring' }, { data: { '.htpasswd': '' } }),
  };
}

function seen(edit: (existing: Existing) => void = () => {}, values: object = VALUES): string[] {
  const existing = fitting();
  edit(existing);
  return assess('gateway', (objects) => objects.push(...Object.values(existing).filter(Boolean)), values).map(
    ({ verdict, observed }) => `${verdict} ${observed}`,
  );
}

const listener = ({ gateway }: Existing) => gateway.spec.listeners[1];

describe('the Gateway', () => {
  test('fits', () => {
    expect(seen()).toEqual(['ok Gateway gateways/public serves the routes on its listener https']);
    expect(seen(() => {}, STACK)).toEqual(['ok gateway.enabled is false']);
  });

  test.each<[string, (existing: Existing) => void, string]>([
    [
      'does not exist',
      ({ gateway }) => {
        gateway.metadata.name = 'private';
      },
      'fail Gateway gateways/public does not exist: nothing would serve the routes',
    ],
    [
      'has no such listener',
      (existing) => {
        listener(existing).name = 'secure';
      },
      'fail Gateway gateways/public has no listener https, but: http, secure',
    ],
    [
      'has a listener without TLS',
      (existing) => {
        listener(existing).protocol = 'HTTP';
      },
      'fail the listener https of Gateway gateways/public uses HTTP: passwords, logs and traces would not be encrypted',
    ],
    [
      'has a listener for another host',
      (existing) => {
        listener(existing).hostname = '*.example.org';
      },
      'fail the listener https of Gateway gateways/public serves *.example.org, not loki.example.com, tempo.example.com',
    ],
    [
      'allows routes of its own namespace only, by default',
      (existing) => {
        delete listener(existing).allowedRoutes;
      },
      'fail the listener https of Gateway gateways/public does not allow routes from namespace monitoring',
    ],
    [
      'allows routes of namespaces with another label',
      (existing) => {
        listener(existing).allowedRoutes.namespaces = {
          from: 'Selector',
          selector: { matchLabels: { team: 'edge' } },
        };
      },
      'fail the listener https of Gateway gateways/public does not allow routes from namespace monitoring',
    ],
    [
      'allows other kinds of routes only',
      (existing) => {
        listener(existing).allowedRoutes.kinds = [{ kind: 'GRPCRoute' }];
      },
      'fail the listener https of Gateway gateways/public does not allow routes from namespace monitoring',
    ],
    [
      'belongs to a controller that ignores the policies',
      ({ gatewayClass }) => {
        gatewayClass.spec.controllerName = 'istio.io/gateway-controller';
      },
      'fail Gateway gateways/public belongs to istio.io/gateway-controller, which ignores the policies of envoy-gateway: the routes would be open',
    ],
    [
      'has a class that does not exist',
      ({ gatewayClass }) => {
        gatewayClass.metadata.name = 'other';
      },
      'fail GatewayClass eg of Gateway gateways/public does not exist',
    ],
    [
      'is not programmed',
      ({ gateway }) => {
        gateway.status.conditions[0] = { type: 'Programmed', status: 'False', message: 'no address' };
      },
      'warn Gateway gateways/public is not programmed: no address',
    ],
    [
      'needs a Secret with another key',
      ({ users }) => {
        users.data = { users: '' };
      },
      'fail Secret monitoring/users has no key .htpasswd: nobody could log in',
    ],
  ])('%s', (_, edit, observed) => {
    expect(seen(edit)).toContain(observed);
  });

  test('that allows namespaces by a label which this one has fits', () => {
    const labels = { 'kubernetes.io/metadata.name': 'monitoring' };

    expect(
      seen((existing) => {
        listener(existing).allowedRoutes.namespaces = { from: 'Selector', selector: { matchLabels: labels } };
      }),
    ).toEqual(['ok Gateway gateways/public serves the routes on its listener https']);
  });
});

describe('applied routes', () => {
  const accepted = [
    { type: 'Accepted', status: 'True', reason: 'Accepted', observedGeneration: 1 },
    { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', observedGeneration: 1 },
  ];
  const live = (kind: string, name: string, status: object): Manifest => ({
    ...manifests(settings(VALUES)).find((one) => one.kind === kind && one.metadata.name === name),
    status,
  });
  const route = (name: string, conditions: object[] = accepted) =>
    live('HTTPRoute', name, { parents: [{ conditions }] });
  const policy = (conditions: object[] = accepted.slice(0, 1)) =>
    live('SecurityPolicy', 'logs-and-traces-queries', { ancestors: [{ conditions }] });
  const judged = (...existing: Manifest[]) =>
    assess('gateway-routes', (objects) => objects.push(...existing), VALUES).map(
      ({ verdict, observed }) => `${verdict} ${observed}`,
    );
  const refused = (type: string) => [
    { type, status: 'False', reason: 'Invalid', message: 'Secret users\n does not exist' },
  ];

  test('are not required before the first deployment', () => {
    expect(judged()).toEqual([
      'ok no route is applied yet; scripts/smoke.sh checks whether they are accepted',
    ]);
  });

  test('are accepted with their policy', () => {
    expect(judged(route('loki'), route('tempo'), policy())).toEqual([
      'ok accepted: SecurityPolicy monitoring/logs-and-traces-queries, HTTPRoute monitoring/loki, HTTPRoute monitoring/tempo',
    ]);
  });

  test.each<[string, () => Manifest, string]>([
    [
      'a policy that is refused',
      () => policy(refused('Accepted')),
      'fail SecurityPolicy monitoring/logs-and-traces-queries is not accepted: Accepted is False (Invalid): Secret users does not exist',
    ],
    [
      'a policy that another one overrides',
      () => policy([...accepted.slice(0, 1), { type: 'Overridden', status: 'True', reason: 'Overridden' }]),
      'fail SecurityPolicy monitoring/logs-and-traces-queries is not accepted: Overridden is True (Overridden)',
    ],
    [
      'a policy that nobody reports',
      () => live('SecurityPolicy', 'logs-and-traces-queries', {}),
      'fail SecurityPolicy monitoring/logs-and-traces-queries is not accepted: no controller reports it',
    ],
    [
      'a route whose references are not resolved',
      () => route('loki', [...accepted.slice(0, 1), ...refused('ResolvedRefs')]),
      'fail HTTPRoute monitoring/loki is not accepted: ResolvedRefs is False (Invalid): Secret users does not exist',
    ],
    [
      'a route that no Gateway takes',
      () => live('HTTPRoute', 'loki', {}),
      'fail HTTPRoute monitoring/loki is not accepted: no controller reports it: its Gateway or listener may not exist',
    ],
    [
      'a route that is reported half',
      () => route('loki', accepted.slice(0, 1)),
      'fail HTTPRoute monitoring/loki is not accepted: ResolvedRefs is not reported',
    ],
    [
      'a report about an older version',
      () => {
        const found = route('loki');
        return { ...found, metadata: { ...found.metadata, generation: 2 } };
      },
      'fail HTTPRoute monitoring/loki is not accepted: Accepted is reported for an older version; ResolvedRefs is reported for an older version',
    ],
    [
      'a policy that the new manifests change',
      () => {
        const found = policy(refused('Accepted'));
        return { ...found, spec: { ...found.spec, basicAuth: { users: { name: 'missing' } } } };
      },
      'warn SecurityPolicy monitoring/logs-and-traces-queries is not accepted: Accepted is False (Invalid): Secret users does not exist',
    ],
  ])('include %s', (_, existing, observed) => {
    expect(judged(existing())).toContain(observed);
  });
});

test('the pods behind a Gateway are looked up', () => {
  const labels = {
    'gateway.envoyproxy.io/owning-gateway-name': 'public',
    'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
  };
  const envoy = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'envoy-public', namespace: 'envoy-gateway-system' },
    spec: { template: { metadata: { labels }, spec: { containers: [] } } },
  };
  const found = (...existing: Manifest[]) =>
    assess('ingress-controller', (objects) => objects.push(...existing), VALUES).map(
      ({ verdict, observed }) => `${verdict} ${observed}`,
    );

  expect(found(envoy)).toContain(
    'ok the NetworkPolicies allow the data plane of the Gateway: Deployment envoy-gateway-system/envoy-public',
  );
  expect(found()).toContain('unknown no workload of the data plane of the Gateway was found');
});
