import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '../support/render';
import { OBJECTS } from './objects';
import { findingsOf } from './support';

/** A daemon's configuration in a ConfigMap, a workload that reads it, and the claim with its data. */
function daemon(config: object, size = '30Gi'): Manifest[] {
  const claim = OBJECTS['PersistentVolumeClaim']?.();
  claim.spec.resources.requests.storage = size;
  return [
    { ...OBJECTS['ConfigMap']?.(), data: { 'config.yaml': JSON.stringify(config) } },
    claim,
    OBJECTS['apps/StatefulSet']?.(),
  ];
}

/** What a change of a configuration does, but for how it gets to its reader. */
function seen(old: object, next: object, sizes: readonly [string?, string?] = []) {
  return findingsOf(daemon(old, sizes[0]), daemon(next, sizes[1]))
    .filter(({ object, rule }) => object.kind === 'ConfigMap' && rule !== 'config-without-restart')
    .map(({ effect, rule, title }) => `${effect} ${rule}: ${title.replace('ConfigMap apps/x: ', '')}`);
}

const loki = (limits: object = {}, rest: object = {}) => ({
  common: { path_prefix: '/loki', storage: { filesystem: { chunks_directory: '/loki/chunks' } } },
  compactor: { retention_enabled: true },
  limits_config: { retention_period: '168h', ...limits },
  schema_config: {
    configs: [{ from: '2024-04-01', store: 'tsdb', schema: 'v13', object_store: 'filesystem' }],
  },
  ...rest,
});

describe('Loki', () => {
  test.each<[string, object, object, readonly [string?, string?], string]>([
    [
      'a shorter retention',
      loki(),
      loki({ retention_period: '2d' }),
      [],
      'data-loss loki-retention-shorter: logs are kept for 2 days instead of for 7 days: older ones are deleted within about 2 hours',
    ],
    [
      'a longer retention',
      loki(),
      loki({ retention_period: '336h' }),
      [],
      'capacity loki-retention-longer: logs are kept for 14 days instead of for 7 days: up to +30Gi; the volume of 30Gi is too small if 7 days fill 30Gi today',
    ],
    [
      'a longer retention and a larger volume',
      loki(),
      loki({ retention_period: '336h' }),
      ['30Gi', '60Gi'],
      'capacity loki-retention-longer: logs are kept for 14 days instead of for 7 days: up to +30Gi, which the volume of 60Gi holds',
    ],
    [
      'no retention any more',
      loki(),
      loki({}, { compactor: { retention_enabled: false } }),
      [],
      'capacity loki-retention-longer: logs are kept indefinitely instead of for 7 days: the volume of 30Gi fills up sooner or later',
    ],
    [
      'a first retention',
      loki({}, { compactor: {} }),
      loki(),
      [],
      'data-loss loki-retention-shorter: logs are kept for 7 days instead of indefinitely: older ones are deleted within about 2 hours',
    ],
    [
      'a shorter retention of a stream',
      loki(),
      loki({ retention_stream: [{ selector: '{app="a"}', period: '24h' }] }),
      [],
      'data-loss loki-stream-retention-shorter: logs of {app="a"} have a shorter retention; older ones are deleted',
    ],
  ])('reports the effect of %s', (_, old, next, sizes, words) => {
    expect(seen(old, next, sizes)).toEqual([words]);
  });

  const periods = (...configs: object[]) => loki({}, { schema_config: { configs } });
  const first = { from: '2024-04-01', store: 'tsdb', schema: 'v13', object_store: 'filesystem' };

  test.each<[string, object[], string[]]>([
    ['another schema of a period', [{ ...first, schema: 'v14' }], ['data-loss loki-period-changed']],
    [
      'another beginning of a period',
      [{ ...first, from: '2024-05-01' }],
      ['data-loss loki-period-gone', 'data-loss loki-period-backdated'],
    ],
    [
      'a new period in the past',
      [first, { ...first, from: '2026-11-01', object_store: 's3' }],
      ['data-loss loki-period-backdated'],
    ],
    [
      'a new period from today on',
      [first, { ...first, from: '2026-11-24', object_store: 's3' }],
      ['data-loss loki-period-backdated'],
    ],
    [
      'a new period in the future',
      [first, { ...first, from: '2026-12-01', object_store: 's3' }],
      ['live loki-period-store'],
    ],
    [
      'a new period of the same store',
      [first, { ...first, from: '2026-12-01', schema: 'v14' }],
      ['live loki-period-new'],
    ],
    ['another store of everything', [{ ...first, object_store: 's3' }], ['data-loss loki-period-changed']],
  ])('assesses %s', (_, configs, expected) => {
    expect(seen(periods(first), periods(...configs)).map((one) => one.split(':')[0])).toEqual(expected);
  });

  test.each<[string, object, string]>([
    [
      'another folder',
      { common: { path_prefix: '/other', storage: { filesystem: { chunks_directory: '/loki/chunks' } } } },
      'data-loss loki-storage-moved',
    ],
    [
      'another store',
      { common: { path_prefix: '/loki', storage: { s3: { bucketnames: 'a' } } } },
      'data-loss loki-storage-moved',
    ],
    ['another tenant', { auth_enabled: true }, 'data-loss loki-tenant'],
    ['no write-ahead log', { ingester: { wal: { enabled: false } } }, 'data-loss loki-wal-off'],
    [
      'deletion by everybody',
      { limits_config: { retention_period: '168h', deletion_mode: 'filter-and-delete' } },
      'access loki-delete-api',
    ],
  ])('assesses %s', (_, rest, expected) => {
    expect(seen(loki(), loki({}, rest)).map((one) => one.split(':')[0])).toEqual([expected]);
  });
});

describe('the bucket of Loki', () => {
  const s3 = { bucket_name: 'a', endpoint: 's3.example.com', region: 'x' };
  const period = (from: string, object_store: string) => ({
    from,
    store: 'tsdb',
    schema: 'v13',
    object_store,
  });
  const bucket = (object_store: object, ...configs: object[]) => ({
    ...loki({}, { schema_config: { configs } }),
    common: { path_prefix: '/loki' },
    storage_config: { use_thanos_objstore: true, object_store },
  });
  const started = period('2026-01-01', 's3');
  const ids = (old: object, next: object) => seen(old, next).map((one) => one.split(':')[0]);

  test('comes after the volume without a loss, from a day in the future on', () => {
    const next = bucket(
      { filesystem: { dir: '/loki/chunks' }, s3 },
      period('2024-04-01', 'filesystem'),
      period('2026-12-01', 's3'),
    );

    expect(seen(loki(), next)).toEqual([
      'live loki-period-store: from 2026-12-01 on, new logs go to s3; older ones stay in filesystem',
      'live loki-storage-client: Loki accesses the same location with different settings',
    ]);
  });

  test('does not replace the volume, whose logs could not be found', () => {
    expect(ids(loki(), bucket({ s3 }, period('2024-04-01', 's3')))).toContain(
      'data-loss loki-period-changed',
    );
    expect(
      ids(loki(), bucket({ s3 }, period('2024-04-01', 'filesystem'), period('2026-12-01', 's3'))),
    ).toContain('data-loss loki-storage-moved');
  });

  test.each<[string, object, string[]]>([
    ['another bucket', { s3: { ...s3, bucket_name: 'b' } }, ['data-loss loki-storage-moved']],
    ['another prefix', { s3, storage_prefix: 'x' }, ['data-loss loki-storage-moved']],
    ['another address', { s3: { ...s3, endpoint: 'b.example.com' } }, ['unknown loki-storage-endpoint']],
    ['another class', { s3: { ...s3, storage_class: 'STANDARD_IA' } }, ['live loki-storage-client']],
    ['a key of KMS', { s3: { ...s3, sse: { type: 'SSE-KMS' } } }, ['live loki-storage-client']],
  ])('is assessed with %s', (_, objectStore, expected) => {
    expect(ids(bucket({ s3 }, started), bucket(objectStore, started))).toEqual(expected);
  });

  describe('with more replicas', () => {
    const ring = (copies: number, ...configs: object[]) => {
      const { common, ...rest } = bucket({ filesystem: { dir: '/loki/chunks' }, s3 }, ...configs);
      return { ...rest, common: { ...common, replication_factor: copies } };
    };
    const moved = (day: string) => [period('2024-04-01', 'filesystem'), period(day, 's3')];

    test.each<[string, object[], string[]]>([
      ['long after the volume', moved('2026-11-01'), ['live loki-replicas-more']],
      ['on the first day on which it is safe', moved('2026-11-16'), ['live loki-replicas-more']],
      ['a day before', moved('2026-11-17'), ['data-loss loki-replicas-early']],
      ['before the bucket', [period('2024-04-01', 'filesystem')], ['data-loss loki-replicas-early']],
      ['which have always had it', [started], ['live loki-replicas-more']],
    ])('is assessed %s', (_, periods, expected) => {
      expect(ids(ring(1, ...periods), ring(3, ...periods))).toEqual(expected);
    });

    test('loses what is in memory when there are fewer copies', () => {
      expect(ids(ring(3, started), ring(1, started))).toEqual(['data-loss loki-copies-fewer']);
    });
  });

  test('may be named in the section of either client', () => {
    const legacy = {
      ...loki({}, { schema_config: { configs: [started] } }),
      common: {
        path_prefix: '/loki',
        storage: { s3: { bucketnames: 'a', endpoint: 's3.example.com', region: 'x' } },
      },
    };

    expect(ids(legacy, bucket({ s3 }, started))).toEqual(['live loki-storage-client']);
  });
});

describe('Tempo', () => {
  const tempo = (rest: object = {}, trace: object = {}) => ({
    backend_worker: { compaction: { block_retention: '72h' } },
    storage: {
      trace: { backend: 'local', local: { path: '/var/tempo' }, block: { version: 'vParquet4' }, ...trace },
    },
    ...rest,
  });

  test.each<[string, object, string]>([
    [
      'a shorter retention',
      tempo({ backend_worker: { compaction: { block_retention: '24h' } } }),
      'data-loss tempo-retention-shorter',
    ],
    [
      'an override of the retention',
      tempo({ overrides: { defaults: { compaction: { block_retention: '96h' } } } }),
      'capacity tempo-retention-longer',
    ],
    ['the default retention', tempo({ backend_worker: {} }), 'capacity tempo-retention-longer'],
    [
      'the retention of Tempo 2 beside that of Tempo 3',
      tempo({ compactor: { compaction: { block_retention: '1h' } } }),
      'live tempo-retention-same',
    ],
    ['another backend', tempo({}, { backend: 's3' }), 'data-loss tempo-storage-moved'],
    ['another folder', tempo({}, { local: { path: '/other' } }), 'data-loss tempo-storage-moved'],
    [
      'a bucket instead of the volume',
      tempo({}, { backend: 's3', s3: { bucket: 'a', endpoint: 's3.example.com' }, local: undefined }),
      'data-loss tempo-storage-moved',
    ],
    ['another block format', tempo({}, { block: { version: 'vParquet5' } }), 'data-loss tempo-block-version'],
    ['tenants', tempo({ multitenancy_enabled: true }), 'data-loss tempo-tenant'],
  ])('assesses %s', (_, next, expected) => {
    expect(seen(tempo(), next).map((one) => one.split(':')[0])).toEqual([expected]);
  });

  test.each<[string, object, string]>([
    ['another bucket', { bucket: 'b' }, 'data-loss tempo-storage-moved'],
    ['a prefix', { prefix: 'x' }, 'data-loss tempo-storage-moved'],
    ['another address', { endpoint: 'b.example.com' }, 'unknown tempo-storage-endpoint'],
    ['another class', { storage_class: 'STANDARD_IA' }, 'live tempo-storage-client'],
  ])('assesses %s', (_, change, expected) => {
    const s3 = { bucket: 'a', endpoint: 's3.example.com' };
    const old = tempo({}, { backend: 's3', s3 });
    const next = tempo({}, { backend: 's3', s3: { ...s3, ...change } });

    expect(seen(old, next).map((one) => one.split(':')[0])).toEqual([expected]);
  });
});

describe('Promtail', () => {
  const promtail = (stages: object[], rest: object = {}, job: object = {}) => ({
    clients: [{ url: 'http://loki:3100' }],
    positions: { filename: '/var/lib/promtail/positions.yaml' },
    scrape_configs: [
      {
        job_name: 'pods',
        relabel_configs: [{ target_label: 'pod' }, { target_label: '__path__' }],
        pipeline_stages: stages,
        ...job,
      },
    ],
    ...rest,
  });

  /** A job for each of some formats, all with the pods of the one job. */
  const byFormat = (...formats: string[]) => ({
    scrape_configs: formats.map((format) => ({
      job_name: format === 'auto' ? 'pods' : `pods-${format}`,
      relabel_configs: [
        { target_label: 'pod' },
        { target_label: '__path__' },
        { source_labels: ['__tmp_parser'], regex: format, action: 'keep' },
      ],
      pipeline_stages: [{ cri: {} }],
    })),
  });

  test('knows jobs that share the pods by format, and a format without its job', () => {
    const one = promtail([{ cri: {} }]);
    const all = promtail([], byFormat('auto', 'json', 'logfmt', 'text', 'none'));
    const dropping = promtail([], byFormat('auto', 'json', 'logfmt', 'text', 'none'));
    dropping.scrape_configs[3]?.relabel_configs.push({
      ...{ target_label: '', source_labels: ['pod'], regex: 'x', action: 'drop' },
    });

    expect(seen(one, all)).toEqual(['live promtail-formats: other jobs collect the same pods']);
    expect(seen(all, one)).toEqual(['live promtail-formats: other jobs collect the same pods']);
    expect(seen(all, dropping).join()).toMatch(/^data-loss promtail-targets: /);
    for (const missing of [1, 4])
      expect(
        seen(one, { ...all, scrape_configs: all.scrape_configs.filter((_, job) => job !== missing) }).join(),
      ).toMatch(/^data-loss promtail-targets: /);
  });

  test.each<[string, object, string]>([
    [
      'a new stage',
      promtail([{ cri: {} }, { json: {} }]),
      'live promtail-pipeline: the parsing of new lines changes; labels stay the same',
    ],
    [
      'a new label',
      promtail([{ cri: {} }, { labels: { level: null } }]),
      'capacity promtail-new-labels: lines are sent with the new labels level',
    ],
    [
      'a new label inside of a match',
      promtail([{ cri: {} }, { match: { stages: [{ static_labels: { a: 'b' } }] } }]),
      'capacity promtail-new-labels: lines are sent with the new labels a',
    ],
    [
      'a label less',
      promtail([{ cri: {} }], {}, { relabel_configs: [] }),
      'live promtail-pipeline: lines are sent without the labels pod',
    ],
    [
      'other positions',
      promtail([{ cri: {} }], { positions: { filename: '/tmp/a' } }),
      'capacity promtail-positions: Promtail loses its read positions and sends all logs of every node again (data["config.yaml"] › positions.filename: /var/lib/promtail/positions.yaml → /tmp/a)',
    ],
    [
      'another job',
      promtail([{ cri: {} }], {}, { job_name: 'x' }),
      'data-loss promtail-job-gone: logs of pods are no longer collected',
    ],
    [
      'another Loki',
      promtail([{ cri: {} }], { clients: [{ url: 'http://b' }] }),
      'live promtail-client: Promtail sends to http://b instead of http://loki:3100',
    ],
  ])('assesses %s', (_, next, expected) => {
    expect(seen(promtail([{ cri: {} }]), next)).toEqual([expected]);
  });

  const limited = (olderThan: string, rate: number, burst: number) =>
    promtail([{ drop: { older_than: olderThan } }, { limit: { rate, burst, drop: true } }]);

  test.each([
    ['a longer age', limited('336h', 100, 1_000), 'capacity promtail-keeps-more'],
    ['a shorter age', limited('24h', 100, 1_000), 'data-loss promtail-drops'],
    ['a higher rate', limited('168h', 200, 1_000), 'capacity promtail-keeps-more'],
    ['a higher rate with a lower burst', limited('168h', 200, 500), 'data-loss promtail-drops'],
    ['no limits', promtail([]), 'capacity promtail-keeps-more'],
  ])('assesses %s of dropped lines', (_, next, expected) => {
    expect(seen(limited('168h', 100, 1_000), next).map((one) => one.split(':')[0])).toEqual([expected]);
  });
});

describe('the collector', () => {
  const collector = (share: number, rest: object = {}) => ({
    receivers: { otlp: { protocols: { grpc: {}, http: {} } } },
    processors: {
      tail_sampling: { policies: [{ name: 'ordinary', probabilistic: { sampling_percentage: share } }] },
    },
    exporters: { otlp: { endpoint: 'tempo:4317' } },
    service: {
      pipelines: { traces: { receivers: ['otlp'], processors: ['tail_sampling'], exporters: ['otlp'] } },
    },
    ...rest,
  });

  test.each<[string, object, string]>([
    [
      'another share',
      collector(5),
      'capacity collector-sampling: other traces are kept (ordinary: 5% instead of 1%)',
    ],
    [
      'a protocol less',
      collector(1, { receivers: { otlp: { protocols: { grpc: {} } } } }),
      'data-loss collector-receiver-gone: applications that send by otlp/http are rejected and drop their spans',
    ],
    [
      'another store',
      collector(1, { exporters: { otlp: { endpoint: 'b:4317' } } }),
      'data-loss collector-exporter: data goes elsewhere: otlp (b:4317), not otlp (tempo:4317)',
    ],
  ])('assesses %s', (_, next, expected) => {
    expect(seen(collector(1), next)).toEqual([expected]);
  });
});

describe('Grafana', () => {
  const dashboard = (...titles: string[]) => ({
    title: 'Logs',
    uid: 'logs',
    schemaVersion: 39,
    panels: titles.map((title, id) => ({ id, title, type: 'text' })),
  });

  test('reports added and removed panels of a dashboard', () => {
    expect(seen(dashboard('A', 'B'), dashboard('A', 'C'))[0]).toContain(
      'dashboard "Logs": new panels: C; removed panels: B',
    );
  });

  test('reports a removed datasource or a changed URL', () => {
    const sources = (...some: object[]) => ({ apiVersion: 1, datasources: some });
    const [a, b] = [
      { name: 'A', uid: 'a', url: 'http://a' },
      { name: 'B', uid: 'b', url: 'http://b' },
    ];

    expect(seen(sources(a, b), sources(a))[0]).toMatch(/^deletes datasource-gone: datasource b was removed/);
    expect(seen(sources(a), sources({ ...a, url: 'http://c' }))[0]).toBe(
      'live datasource-url: Grafana queries another address: a → http://c',
    );
  });

  test('does not start with a name of two uids, or a uid of two names, and does with both new', () => {
    const sources = (some: object) => ({ apiVersion: 1, datasources: [{ url: 'http://a', ...some }] });
    const was = sources({ name: 'A', uid: 'a' });
    const stops =
      'restarts datasource-renamed: a datasource has one name with two uids, or one uid with two names';

    expect(seen(was, sources({ name: 'B', uid: 'a' }))[0]).toBe(
      `${stops}: Grafana does not start again: A (uid a) → B (uid a)`,
    );
    expect(seen(was, sources({ name: 'A', uid: 'b' }))).toContain(
      `${stops}: Grafana does not start again: A (uid a) → A (uid b)`,
    );
    expect(seen(was, sources({ name: 'B', uid: 'b' })).join()).not.toContain('datasource-renamed');
  });
});
