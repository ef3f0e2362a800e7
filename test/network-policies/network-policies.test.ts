import { describe, expect, test } from '@jest/globals';
import { Testing } from 'cdk8s';
import { parse } from 'yaml';
import { type Endpoint, reaches } from '../../lib/kubernetes/network-reachability';
import { NetworkPolicies } from '../../lib/network-policies/network-policies';
import { printedAccess } from '../../lib/network-policies/print';
import { workloadsOf } from '../../scripts/objects';

import {
  CASE_NAMES,
  caseManifests,
  caseSettings,
  configOf,
  type Manifest,
  manifests,
  settings,
} from '../support/render';
import { EXPECTED, type Expected, parties, pod } from './edges';

const [DEFAULT] = EXPECTED as [Expected];

const policiesOf = (objects: readonly Manifest[]) => objects.filter(({ kind }) => kind === 'NetworkPolicy');

describe.each(CASE_NAMES)('the NetworkPolicies of the case %s', (name) => {
  const objects = caseManifests(name);
  const policies = policiesOf(objects);
  const pods = workloadsOf(objects).map(({ metadata, spec }) =>
    pod(metadata.namespace, spec.template.metadata.labels),
  );
  const { enabled } = caseSettings(name).networkPolicies;
  // Two cases have no table of their own, and the cluster of the default one.
  const existing = (EXPECTED.find((one) => one.name === name) ?? DEFAULT).parties;

  test('are one per workload for both directions unless they are disabled', () => {
    const selecting = pods.map(({ namespace, labels }) =>
      policies.filter(
        ({ metadata, spec }) =>
          metadata.namespace === namespace && spec.podSelector.matchLabels.app === labels?.['app'],
      ),
    );

    expect(selecting.map((some) => some.length)).toEqual(pods.map(() => (enabled ? 1 : 0)));
    expect(policies).toHaveLength(enabled ? pods.length : 0);
    for (const { spec } of policies) expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  test('have no rule that allows everyone', () => {
    for (const { spec } of policies) {
      for (const { from, ports } of spec.ingress ?? []) expect([from, ports]).not.toContainEqual([]);
      for (const { to, ports } of spec.egress ?? []) expect([to, ports]).not.toContainEqual([]);
    }
  });

  test('allow every address in a config', () => {
    const url = ({
      url: address,
      resolver: { dns } = { dns: { hostname: '', port: '' } },
      endpoint = `${dns.hostname}:${dns.port}`,
    }: Manifest) => new URL([address, endpoint].find((one) => one?.includes('://')) ?? `http://${endpoint}`);
    const { destinations } = caseSettings(name).networkPolicies;
    const elsewhere = { address: destinations.cidrs[0]?.split('/')[0] ?? '' };
    const server = ({ hostname, port, protocol }: URL): [Endpoint, number] => {
      const service = objects.find(
        (one) => one.kind === 'Service' && one.metadata.name === hostname.split('.')[0],
      );
      return service === undefined || protocol === 'https:'
        ? [elsewhere, destinations.ports?.[0] ?? 443]
        : [pod(service.metadata.namespace, service.spec.selector), Number(port)];
    };
    const datasources = objects.find((one) => one.metadata.name === 'grafana-datasources-logs-and-traces');
    const grafana = existing['grafana'] as Endpoint;
    const client = (app: string) => pods.find(({ labels }) => labels?.['app'] === app);
    const exporters = (app: string): Manifest[] =>
      client(app)
        ? Object.entries<Manifest>(configOf(objects, app).exporters)
            // An agent also sends to itself.
            .filter(
              ([id, { endpoint = '' }]) => /^otlp|^load_balancing/.test(id) && !endpoint.startsWith('127.'),
            )
            .map(([, one]) => one)
        : [];
    const connections: [Endpoint | undefined, URL][] = [
      ...(client('promtail')
        ? configOf(objects, 'promtail').clients.map((one: Manifest) => [client('promtail'), url(one)])
        : []),
      ...['otel-agent', 'event-collector', 'otel-collector', 'otel-sampler'].flatMap((app) =>
        exporters(app).map((one): [Endpoint | undefined, URL] => [client(app), url(one)]),
      ),
      // Other datasources are not of this stack.
      ...(datasources ? parse(Object.values<string>(datasources.stringData)[0] ?? '').datasources : [])
        .filter(({ type }: Manifest) => ['loki', 'tempo'].includes(type))
        .map((one: Manifest) => [grafana, url(one)]),
    ];
    const refused = connections.filter(([from, to]) => {
      const [endpoint, port] = server(to);
      return !from || !reaches(policies, from, endpoint, `${port}/TCP`);
    });

    expect(connections.length).toBeGreaterThanOrEqual(pods.length - (datasources ? 0 : 2));
    expect(refused).toEqual([]);
  });

  test('allow Prometheus on every port of a ServiceMonitor', () => {
    const prometheus = existing['prometheus'] as Endpoint;
    for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'ServiceMonitor')) {
      const scraped = objects.find((one) => one.kind === 'Service' && one.metadata.name === metadata.name);
      const target = pod(metadata.namespace, scraped.spec.selector);
      for (const { port } of spec.endpoints) {
        const number = scraped.spec.ports.find((one: Manifest) => one.name === port).port;
        expect([port, reaches(policies, prometheus, target, `${number}/TCP`)]).toEqual([port, true]);
      }
    }
  });
});

test('a load balancer in a subnet with pods allows those pods too', () => {
  const policies = policiesOf(caseManifests('default'));
  const { loki } = parties('monitoring', {});

  expect(reaches(policies, pod('shop', {}, '10.0.48.7'), loki as Endpoint, '3100/TCP')).toBe(true);
  expect(reaches(policies, pod('shop', {}, '100.64.3.7'), loki as Endpoint, '3100/TCP')).toBe(false);
});

test('a controller in the host network is allowed by the addresses of its nodes', () => {
  const policies = policiesOf(
    manifests(
      settings({
        ingress: { enabled: true, controller: 'nginx', tlsSecretName: 'tls', scheme: 'internal' },
        networkPolicies: { ingressController: { cidrs: ['10.1.0.0/16'] } },
      }),
    ),
  );
  const { loki, tempo } = parties('monitoring', {});

  for (const target of [loki, tempo] as Endpoint[]) {
    expect(reaches(policies, { address: '10.1.2.3' }, target, '3100/TCP')).toBe(true);
    expect(reaches(policies, { address: '10.2.2.3' }, target, '3100/TCP')).toBe(false);
  }
});

describe('a route of your own, without ingress.enabled', () => {
  const gateway = pod('gateway', { app: 'envoy' });
  const store = (networkPolicies: object, ingress: object = {}) => {
    const policies = policiesOf(manifests(settings({ ingress, networkPolicies })));
    const who = parties('monitoring', {});
    return (from: Endpoint) =>
      (['loki', 'tempo'] as const).map((name) => reaches(policies, from, who[name] as Endpoint, '3100/TCP'));
  };

  test.each([
    ['a namespace', { namespace: 'gateway' }],
    ['a namespace and labels', { namespace: 'gateway', podLabels: { app: 'envoy' } }],
    ['addresses', { cidrs: ['100.64.3.0/24'] }],
  ])('comes in by %s', (_, ingressController) => {
    expect(store({ ingressController })(gateway)).toEqual([true, true]);
    expect(store({ ingressController })(pod('shop', { app: 'checkout' }, '100.64.4.1'))).toEqual([
      false,
      false,
    ]);
    expect(store({ ingressController }, { controller: 'traefik' })(gateway)).toEqual([true, true]);
  });

  test('is allowed only if its controller is set', () => {
    expect(store({})(gateway)).toEqual([false, false]);
    expect(store({})({ address: '10.0.48.6' })).toEqual([false, false]);
  });
});

test('Prometheus runs next to the stack, even if Grafana does not', () => {
  const of = (values: object) => settings(values).networkPolicies.prometheus.namespace;

  expect(of({ grafana: { namespace: 'grafana' } })).toBe('monitoring');
  expect(of({ grafana: { namespace: 'grafana' }, cluster: { namespace: 'observability' } })).toBe(
    'observability',
  );
  expect(of({ networkPolicies: { prometheus: { namespace: 'metrics' } } })).toBe('metrics');
});

describe('their summary', () => {
  const printed = (values: object, clusters = 1) =>
    printedAccess(
      Array.from({ length: clusters }, (_, index) => ({
        name: `cluster-${index + 1}`,
        policies: policiesOf(manifests(settings(values))),
      })),
    ).split('\n');

  test('lists each port that is reachable from outside the stack, with its clients', () => {
    const ingressController = { cidrs: ['10.0.48.0/24', '10.0.49.0/24'] };

    expect(printed({ ingress: { enabled: true }, networkPolicies: { ingressController } })).toEqual([
      expect.stringMatching(
        /^cluster-1: loki on 3100\/TCP is open to pods with .+grafana in namespace monitoring; pods with .+prometheus in namespace monitoring; addresses 10\.0\.48\.0\/24, 10\.0\.49\.0\/24$/,
      ),
      expect.stringMatching(/^cluster-1: tempo on 3100\/TCP is open to .+; addresses 10\.0\.48\.0\/24, /),
      expect.stringMatching(
        /^cluster-1: promtail on 3101\/TCP is open to pods with .+prometheus in namespace monitoring$/,
      ),
      expect.stringMatching(
        /^cluster-1: otel-collector on 4317\/TCP, .+ is open to all pods in all namespaces$/,
      ),
      expect.stringMatching(
        /^cluster-1: otel-collector on 8888\/TCP, 8889\/TCP is open to pods with .+prometheus/,
      ),
    ]);
  });

  test('of many clusters lists only ports that are open to addresses or to every pod', () => {
    expect(printed({}, 4)).toEqual(
      [1, 2, 3, 4].map((index) =>
        expect.stringMatching(`^cluster-${index}: otel-collector on 4317/TCP, .+ all pods`),
      ),
    );
  });

  test('reports that there are none', () => {
    expect(printed({ networkPolicies: { enabled: false } })).toEqual([
      'cluster-1: no NetworkPolicies; every pod in the cluster can read and write logs and traces',
    ]);
  });
});

test('a connection without a peer adds no rule, because an empty rule would allow everyone', () => {
  const nobody = { pods: [], cidrs: [], ports: [{ port: 443 }] };
  const chart = Testing.chart();
  new NetworkPolicies(chart, 'NetworkPolicies', {
    workloads: [
      {
        name: 'some',
        namespace: 'here',
        component: 'logs',
        accepts: [{ ports: [{ port: 80 }], from: ['grafana', 'trace-collector'] }],
        needs: ['dns'],
      },
    ],
    neighbours: {
      grafana: nobody,
      prometheus: nobody,
      alertmanager: nobody,
      'ingress-controller': nobody,
      gateway: nobody,
      'own-log-agent': nobody,
      applications: nobody,
      dns: nobody,
      'api-server': nobody,
      'object-storage': nobody,
      destinations: nobody,
      'pod-identity-agent': nobody,
      'metadata-server': nobody,
    },
  });

  expect(Testing.synth(chart)[0].spec).toEqual({
    podSelector: { matchLabels: { app: 'some', 'app.kubernetes.io/part-of': 'logs-and-traces' } },
    policyTypes: ['Ingress', 'Egress'],
  });
});
