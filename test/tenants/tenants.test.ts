import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { config, type Manifest, manifest, manifests, settings } from '../support/render';

const TENANTS = { 'team-a': ['shop', 'payments'], 'team-b': ['search'] };
const NAMES = ['team-a', 'team-b', 'shared'];
// Each tenant may have as many streams as loki.limits.maxStreams, all at once.
const MEMORY = { resources: { memory: '2Gi', memoryLimit: '6Gi' } };
const separated = ({ loki, ...more }: { loki?: object; [key: string]: unknown } = {}) => ({
  tenants: TENANTS,
  loki: { ...MEMORY, ...loki },
  ...more,
});
const rejected = (values: object) => () => settings(values);
const datasources = (values: object): Manifest[] => {
  const secret = manifests(settings(values)).find(({ kind }) => kind === 'Secret');
  return parse(Object.values<string>(secret.stringData)[0] ?? '').datasources;
};
const headersOf = (exporters: Manifest, start: string) =>
  Object.entries<Manifest>(exporters)
    .filter(([id]) => id.startsWith(start))
    .map(([, { headers }]) => headers?.['X-Scope-OrgID']);

describe('without tenants', () => {
  test('the stores have none, and no sender names one', () => {
    const text = JSON.stringify(manifests(settings()));

    expect(text).not.toContain('X-Scope-OrgID');
    expect(text).not.toContain('multitenancy');
    expect(config({}, 'loki').auth_enabled).toBe(false);
  });
});

describe('the map of tenants', () => {
  test.each<[object, string]>([
    [{ 'team-a': ['shop'], 'team-b': ['shop'] }, 'must not be shop, which belongs to the tenant team-a'],
    [{ shared: ['shop'] }, 'which have a meaning of their own'],
    [{ fake: ['shop'] }, 'which have a meaning of their own'],
    [{ Team: ['shop'] }, 'the name of a tenant'],
    [{ 'team-a': 'shop' }, 'must be a list of namespaces'],
    [Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`t${index}`, []])), 'at most 20 tenants'],
  ])('is rejected as %j', (tenants, message) => {
    expect(rejected({ tenants })).toThrow(message);
  });

  test('is rejected where a pod could choose its tenant', () => {
    const ingress = { enabled: true, controller: 'traefik', tlsSecretName: 'tls', scheme: 'internal' };

    expect(rejected(separated({ networkPolicies: { enabled: false } }))).toThrow('must be true with tenants');
    expect(rejected(separated({ tracing: { sampling: { type: 'client' } } }))).toThrow(
      'only the collector knows',
    );
    expect(rejected(separated({ tracing: { enabled: false } }))).toThrow('only the collector knows');
    expect(rejected(separated({ ingress }))).toThrow(
      'ingress.authentication.type must not be none with tenants',
    );
    expect(
      rejected(
        separated({
          ingress: {
            enabled: true,
            authentication: {
              type: 'cognito',
              userPoolArn: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/a',
              userPoolClientId: 'a',
              userPoolDomain: 'a',
            },
          },
        }),
      ),
    ).toThrow('networkPolicies.ingressController.cidrs must contain the subnets');
  });

  test('goes to destinations, which then have no tenant of their own', () => {
    const destinations = { central: { url: 'https://logs.example.com', tenant: 'a' } };

    expect(rejected(separated({ loki: { enabled: false }, logs: { destinations } }))).toThrow(
      'must not set the tenant of central',
    );
    const { tenant: _, ...central } = destinations.central;
    const { exporters, extensions } = config(
      separated({
        loki: { enabled: false },
        logs: {
          agent: 'otel',
          destinations: { central: { ...central, authentication: { type: 'basic', secretName: 'login' } } },
        },
      }),
      'otel-agent',
    );
    expect(headersOf(exporters, 'otlp_http/logs-central-')).toEqual(NAMES);
    expect(Object.keys(extensions).filter((id) => id.startsWith('basicauth'))).toEqual([
      'basicauth/logs-central',
    ]);
  });

  test('limits only tenants that exist, and keeps nothing longer than the volume is sized for', () => {
    expect(rejected({ loki: { tenantLimits: { 'team-a': {} } } })).toThrow('which is not in tenants');
    expect(rejected({ loki: { tenantLimits: { shared: {} } } })).toThrow('which is not in tenants');
    expect(rejected(separated({ tempo: { tenantLimits: { 'team-c': {} } } }))).toThrow(
      'which is not in tenants',
    );
    for (const store of ['loki', 'tempo'])
      expect(rejected(separated({ [store]: { tenantLimits: { 'team-a': { retention: '30d' } } } }))).toThrow(
        `longer than ${store}.retention`,
      );
  });

  test('requires memory for the streams of all tenants together, or fewer streams for some', () => {
    expect(rejected({ tenants: TENANTS, loki: { patterns: true } })).toThrow(
      'for the 15000 streams that 3 tenants may have together; or set loki.tenantLimits.<tenant>.maxStreams',
    );
    const limits = {
      'team-a': { maxStreams: 1000 },
      'team-b': { maxStreams: 1000 },
      shared: { maxStreams: 3000 },
    };
    expect(rejected({ tenants: TENANTS, loki: { patterns: true, tenantLimits: limits } })).not.toThrow();
  });
});

describe('the stores', () => {
  test('require a tenant in each request, and answer queries for several', () => {
    const [loki, tempo] = [config(separated(), 'loki'), config(separated(), 'tempo')];

    expect(loki.auth_enabled).toBe(true);
    expect(loki.querier.multi_tenant_queries_enabled).toBe(true);
    expect(tempo.multitenancy_enabled).toBe(true);
  });

  test('read limits of single tenants from a file next to their configuration', () => {
    const values = separated({
      loki: { tenantLimits: { 'team-a': { ingestionRate: '2Mi', retention: '2d' } } },
      tempo: { tenantLimits: { shared: { retention: '24h', maxLiveTraces: 10 } } },
    });
    const file = (name: string) =>
      JSON.parse(manifest(values, 'ConfigMap', name).data['tenants.json']).overrides;

    expect(file('loki')['team-a']).toEqual({
      ingestion_rate_mb: 2,
      ingestion_burst_size_mb: 4,
      retention_period: '48h',
      reject_old_samples_max_age: '48h',
    });
    expect(file('tempo').shared).toEqual({
      ingestion: { max_traces_per_user: 10 },
      compaction: { block_retention: '24h' },
    });
    expect(config(values, 'loki').runtime_config.file).toBe('/etc/loki/tenants.json');
    expect(config(values, 'tempo').overrides.per_tenant_override_config).toBe('/etc/tempo/tenants.json');
  });

  test('are reached by no pod of a team', () => {
    const policies = manifests(settings(separated())).filter(({ kind }) => kind === 'NetworkPolicy');
    const store = (app: string) => ({
      namespace: 'monitoring',
      labels: { app, 'app.kubernetes.io/part-of': 'logs-and-traces' },
    });

    for (const namespace of ['shop', 'search', 'other'])
      for (const [app, port] of [
        ['loki', 3100],
        ['tempo', 3100],
        ['tempo', 4317],
      ] as const)
        expect(reaches(policies, { namespace, labels: { app: 'grafana' } }, store(app), `${port}/TCP`)).toBe(
          false,
        );
  });
});

describe('senders', () => {
  test('of Promtail set the tenant by the namespace, after the stage that drops labels, in every job of pods', () => {
    const { clients, scrape_configs } = config(separated(), 'promtail');

    expect(clients[0].tenant_id).toBe('shared');
    for (const { pipeline_stages: stages } of scrape_configs as { pipeline_stages: Manifest[] }[]) {
      expect(stages.findIndex(({ labelallow }) => labelallow)).toBeLessThan(stages.length - 2);
      expect(stages.slice(-2)).toEqual([
        { match: { selector: '{namespace=~"shop|payments"}', stages: [{ tenant: { value: 'team-a' } }] } },
        { match: { selector: '{namespace=~"search"}', stages: [{ tenant: { value: 'team-b' } }] } },
      ]);
    }
  });

  test.each<['otel-agent' | 'otel-collector', string, string]>([
    ['otel-agent', 'logs', 'otlp_http/loki-'],
    ['otel-collector', 'logs', 'otlp_http/loki-'],
    ['otel-collector', 'traces', 'otlp_grpc/tempo-'],
  ])('of %s have a route and an exporter of %s for each tenant', (name, signal, exporter) => {
    const { connectors, exporters, service } = config(
      separated({ logs: { agent: 'otel', otlp: { enabled: true } } }),
      name,
    );
    const router = connectors[`routing/${signal}`];
    const pipelines = [
      ...router.table.flatMap((one: Manifest) => one.pipelines),
      ...router.default_pipelines,
    ];

    expect(headersOf(exporters, exporter)).toEqual(NAMES);
    expect(pipelines).toEqual(NAMES.map((tenant) => `${signal}/tenant-${tenant}`));
    for (const pipeline of pipelines)
      expect(service.pipelines[pipeline].receivers).toEqual([`routing/${signal}`]);
    expect(router.table[0].condition).toMatch(/"shop" or .*"payments"/);
  });

  test('of Kubernetes events and node logs use the tenant of the rest', () => {
    const values = separated({
      kubernetesEvents: { enabled: true },
      logs: { nodeJournal: { enabled: true } },
    });
    const { scrape_configs } = config(values, 'promtail');
    const journals = scrape_configs.filter((job: Manifest) => job.journal);

    expect(headersOf(config(values, 'event-collector').exporters, 'otlp_http/')).toEqual(['shared']);
    expect(journals.length).toBeGreaterThan(0);
    expect(JSON.stringify(journals)).not.toContain('tenant');
  });

  test('share the space of a queue, so that no tenant takes that of another', () => {
    const { exporters } = config(separated({ logs: { agent: 'otel' } }), 'otel-agent');
    const sizes = NAMES.map((tenant) => exporters[`otlp_grpc/loki-${tenant}`].sending_queue.queue_size);

    expect(new Set(sizes).size).toBe(1);
    expect(sizes[0] * sizes.length).toBeLessThanOrEqual(2 ** 30);
  });

  test('do not listen on one port twice', () => {
    const { receivers } = config(separated({ logs: { agent: 'otel' } }), 'otel-agent');
    const endpoints = NAMES.map((tenant) => receivers[`otlp/loki-${tenant}`].protocols.grpc.endpoint);

    expect(new Set(endpoints).size).toBe(NAMES.length);
  });

  test('of the collector are known by their connection, not by what they say', () => {
    const { processors, service } = config(
      separated({ logs: { otlp: { enabled: true } } }),
      'otel-collector',
    );

    for (const [pipeline, claims, pods] of [
      ['traces/in', 'transform/claims', 'k8s_attributes'],
      ['logs', 'transform/log_claims', 'k8s_attributes/logs'],
    ] as const) {
      const order: string[] = service.pipelines[pipeline].processors;
      expect(order.indexOf(claims)).toBeGreaterThan(-1);
      expect(order.indexOf(claims)).toBeLessThan(order.indexOf(pods));
      expect(processors[pods].pod_association).toEqual([{ sources: [{ from: 'connection' }] }]);
      const text = JSON.stringify(processors[claims]);
      for (const key of ['k8s.namespace.name', 'k8s.pod.ip', 'k8s.pod.uid'])
        expect(text).toContain(`"${key}`.replace('"', '\\"'));
    }
  });
});

describe('datasources', () => {
  test('for all tenants are those of the dashboards, and include what was stored before', () => {
    const [loki, tempo] = ['loki', 'tempo'].map((uid) =>
      datasources(separated()).find((one) => one.uid === uid),
    );

    expect(loki.secureJsonData.httpHeaderValue1).toBe('fake|team-a|team-b|shared');
    expect(tempo.secureJsonData.httpHeaderValue1).toBe('single-tenant|team-a|team-b|shared');
    for (const one of [loki, tempo]) expect(one.jsonData.httpHeaderName1).toBe('X-Scope-OrgID');
  });

  test('of one tenant lead to each other', () => {
    for (const tenant of NAMES) {
      const all = datasources(separated());
      const [loki, tempo] = ['loki', 'tempo'].map((type) =>
        all.find((one) => one.uid === `${type}-${tenant}`),
      );

      expect([loki, tempo].map((one) => one.secureJsonData.httpHeaderValue1)).toEqual([tenant, tenant]);
      expect(loki.jsonData.derivedFields[0].datasourceUid).toBe(tempo.uid);
      expect(tempo.jsonData.tracesToLogsV2.datasourceUid).toBe(loki.uid);
    }
  });

  test('clash with no other, because Grafana would not start', () => {
    const grafana = (more: object) => rejected(separated({ grafana: more }));

    expect(grafana({ existingDatasources: { 'Loki team-a': 'other' } })).toThrow('tenants must not lead to');
    expect(
      grafana({ datasources: { Other: { type: 'loki', uid: 'tempo-team-b', url: 'http://loki' } } }),
    ).toThrow('tenants must not lead to a datasource Tempo team-b');
    expect(
      rejected({ tenants: { ['a'.repeat(30)]: [] }, grafana: { datasourceSuffix: 'stack-of-ours' } }),
    ).toThrow('has more than 40 characters');
  });
});

describe('log alerts', () => {
  const group = (name: string) => [{ name, rules: [{ alert: 'A', expr: 'vector(1)' }] }];
  const files = [
    { name: 'all.yaml', groups: group('all') },
    { name: 'own.yaml', tenant: 'team-b', groups: group('own') },
    { name: 'other.yaml', tenant: 'unknown', groups: group('other') },
  ];
  const mounts = (values: object) => {
    const objects = manifests(settings(values), { dashboards: [], logAlerts: files });
    const { volumes, containers } = objects.find(({ kind }) => kind === 'StatefulSet').spec.template.spec;
    return containers[0].volumeMounts
      .filter(({ name }: Manifest) => name.startsWith('log-alerts'))
      .map(({ name, mountPath }: Manifest) => [
        mountPath.split('/').at(-1),
        volumes.find((one: Manifest) => one.name === name).configMap.items?.map((one: Manifest) => one.path),
      ]);
  };

  test('of a tenant are in its folder, the others in that of the rest, and those of unknown tenants nowhere', () => {
    expect(mounts(separated())).toEqual([
      ['shared', ['all.yaml']],
      ['team-b', ['own.yaml']],
    ]);
  });

  test('without tenants are all in one folder', () => {
    expect(mounts({})).toEqual([['fake', undefined]]);
  });
});
