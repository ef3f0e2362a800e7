import { describe, expect, test } from '@jest/globals';
import { config, manifest } from '../support/render';

const deployment = (values: object = {}) => manifest(values, 'Deployment', 'tempo').spec;
const container = (values: object = {}) => deployment(values).template.spec.containers[0];

describe('Tempo', () => {
  test('deletes traces after the retention, in the worker and the override', () => {
    const { backend_worker, backend_scheduler, overrides } = config({ tempo: { retention: '5d' } }, 'tempo');

    expect(backend_worker.compaction.block_retention).toBe('120h');
    // Of this name too, and read by nobody: a value there would look as if it counted.
    expect(backend_scheduler.provider.compaction.compaction).not.toHaveProperty('block_retention');
    expect(overrides.defaults.compaction.block_retention).toBe('120h');
  });

  test('reads traces from memory for as long as its list of blocks may be old', () => {
    const reads = (blocklistPoll: string) => {
      const values = { tempo: { blocklistPoll, compactedBlockRetention: '2h' } };
      const { live_store, query_frontend } = config(values, 'tempo');
      const { search, metrics } = query_frontend;
      return [live_store.complete_block_timeout, search.query_backend_after, metrics.query_backend_after];
    };

    // The defaults of Tempo are 20m and 15m.
    expect(reads('10m')).toEqual([undefined, undefined, undefined]);
    expect(reads('11m')).toEqual(['21m', '16m', '16m']);
    expect(reads('1h')).toEqual(['70m', '65m', '65m']);
  });

  test('accepts traces only from the collector, by its protocol', () => {
    expect(config({}, 'tempo').distributor.receivers).toEqual({
      otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317', max_recv_msg_size_mib: 32 } } },
    });
    expect(manifest({}, 'Service', 'tempo').spec.ports.map(({ port }: { port: number }) => port)).toEqual([
      3100, 4317,
    ]);
  });

  test('accepts every protocol from other pods without a collector', () => {
    expect(config({ tracing: { sampling: { type: 'client' } } }, 'tempo').distributor.receivers).toEqual({
      otlp: {
        protocols: {
          grpc: { endpoint: '0.0.0.0:4317', max_recv_msg_size_mib: 32 },
          http: { endpoint: '0.0.0.0:4318', max_request_body_size: 33_554_432 },
        },
      },
      jaeger: {
        protocols: {
          grpc: { endpoint: '0.0.0.0:14250', max_recv_msg_size_mib: 32 },
          thrift_http: { endpoint: '0.0.0.0:14268', max_request_body_size: 33_554_432 },
          thrift_compact: { endpoint: '0.0.0.0:6831' },
          thrift_binary: { endpoint: '0.0.0.0:6832' },
        },
      },
      zipkin: { endpoint: '0.0.0.0:9411', max_request_body_size: 33_554_432 },
    });
  });

  test('answers on 3100, not on its own default', () => {
    expect(config({}, 'tempo').server.http_listen_port).toBe(3100);
  });

  test('writes only to its volume, with blocks below its root', () => {
    const { live_store, backend_scheduler, storage } = config({}, 'tempo');
    const { trace } = storage;
    const paths = [
      live_store.wal.path,
      live_store.shutdown_marker_dir,
      backend_scheduler.local_work_path,
      trace.wal.path,
      trace.local.path,
    ];

    for (const path of paths) expect(path).toMatch(/^\/var\/tempo\/./);
    expect(container().volumeMounts).toContainEqual({ name: 'data', mountPath: '/var/tempo' });
  });

  test('answers any time range unless the values set a limit', () => {
    const { search, metrics } = config({}, 'tempo').query_frontend;
    const limited = config({ tempo: { limits: { maxSearchSpan: '24h' } } }, 'tempo').query_frontend;

    expect([search.max_duration, metrics.max_duration]).toEqual(['0s', '0s']);
    expect([limited.search.max_duration, limited.metrics.max_duration]).toEqual(['24h', '24h']);
  });

  test('finds traces that waited while Tempo was down, and answers queries that take minutes', () => {
    const { live_store, server } = config({}, 'tempo');

    expect(live_store.wal.ingestion_time_range_slack).toBe('1h');
    expect(server.http_server_write_timeout).toBe('10m');
  });

  test('keeps long attributes complete, such as a stack trace with its root cause', () => {
    const bytes = (tempo: object) => config({ tempo }, 'tempo').distributor.max_attribute_bytes;

    expect(bytes({})).toBe(16 * 1024);
    expect(bytes({ limits: { maxAttributeSize: '64Ki' } })).toBe(64 * 1024);
  });

  test('merges blocks up to a size that fits into its volume twice', () => {
    const { backend_worker, backend_scheduler } = config({ tempo: { maxBlockSize: '512Mi' } }, 'tempo');

    expect(backend_worker.compaction.max_block_bytes).toBe(512 * 2 ** 20);
    expect(backend_scheduler.provider.compaction.compaction.max_block_bytes).toBe(512 * 2 ** 20);
  });

  test('limits live traces to a part of its memory', () => {
    const { live_store } = config({ tempo: { resources: { memoryLimit: '1Gi' } } }, 'tempo');

    expect(live_store.max_live_traces_bytes).toBe(128 * 2 ** 20);
  });

  test('stops in seconds', () => {
    expect(config({}, 'tempo').backend_worker.finish_on_shutdown_timeout).toBe('5s');
  });

  test('does not report usage', () => {
    expect(config({}, 'tempo').usage_report.reporting_enabled).toBe(false);
  });

  test('never runs two pods on one volume', () => {
    expect(deployment()).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  test('has a readiness probe on /ready and a liveness probe that only checks the process', () => {
    expect(container().readinessProbe.httpGet.path).toBe('/ready');
    expect(container().livenessProbe.httpGet.path).toBe('/api/echo');
    expect(container().startupProbe.httpGet.path).toBe('/api/echo');
  });

  test('restarts if only its configuration changes', () => {
    const checksum = (values: object) => deployment(values).template.metadata.annotations['checksum/config'];

    expect(checksum({ tempo: { retention: '5d' } })).not.toBe(checksum({}));
    expect(checksum({ tempo: { resources: { cpu: '1' } } })).toBe(checksum({}));
  });

  test('keeps its selector across versions, because Kubernetes rejects a changed one', () => {
    expect(deployment({ tempo: { image: { tag: '9.9.9' } } }).selector).toEqual(deployment().selector);
  });
});
