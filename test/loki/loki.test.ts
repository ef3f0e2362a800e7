import { describe, expect, test } from '@jest/globals';
import { config, manifest } from '../support/render';

const pod = (values: object = {}) => manifest(values, 'StatefulSet', 'loki').spec.template;
const container = (values: object = {}) => pod(values).spec.containers[0];

describe('Loki', () => {
  test('deletes logs after the retention, in every key that requires it', () => {
    const { compactor, limits_config } = config({ loki: { retention: '14d' } }, 'loki');

    expect(compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
    expect(limits_config).toMatchObject({
      retention_period: '336h',
      max_query_lookback: '0s',
      max_query_length: '0s',
      reject_old_samples_max_age: '336h',
    });
  });

  test('finds patterns, and has a ring for them, only if the values say so', () => {
    expect(config({}, 'loki').pattern_ingester).toEqual({ enabled: false });
    expect(config({ loki: { patterns: true } }, 'loki').pattern_ingester.enabled).toBe(true);
  });

  test('writes only to its volume', () => {
    const { common, storage_config, ingester, compactor, ruler } = config({}, 'loki');
    const [mount] = container().volumeMounts.filter(({ name }: { name: string }) => name === 'data');
    const paths = [
      common.path_prefix,
      common.storage.filesystem.chunks_directory,
      storage_config.tsdb_shipper.active_index_directory,
      storage_config.tsdb_shipper.cache_location,
      ingester.wal.dir,
      compactor.working_directory,
      ruler.rule_path,
      ruler.wal.dir,
    ];

    for (const path of paths) expect(path).toMatch(new RegExp(`^${mount.mountPath}(/|$)`));
  });

  test('does not change its schema period', () => {
    expect(config({}, 'loki').schema_config.configs).toEqual([
      {
        from: '2024-04-01',
        store: 'tsdb',
        object_store: 'filesystem',
        schema: 'v13',
        index: { prefix: 'index_', period: '24h' },
      },
    ]);
  });

  test('compresses chunks with gzip', () => {
    expect(config({}, 'loki').ingester.chunk_encoding).toBe('gzip');
  });

  test('does not wait for a second replica', () => {
    expect(config({}, 'loki').common).toMatchObject({
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
    });
  });

  test('is ready in seconds, because there is no other ingester', () => {
    const { ingester, pattern_ingester, frontend } = config({ loki: { patterns: true } }, 'loki');

    expect(frontend.scheduler_dns_lookup_period).toBe('4s');
    expect(ingester.lifecycler.min_ready_duration).toBe('0s');
    expect(pattern_ingester.lifecycler.min_ready_duration).toBe('0s');
  });

  test('sizes caches and replay from the memory limit', () => {
    const sizes = (memoryLimit: string) => {
      const { query_range, chunk_store_config, ingester } = config(
        { loki: { resources: { memoryLimit } } },
        'loki',
      );
      return [
        query_range.results_cache.cache.embedded_cache.max_size_mb,
        chunk_store_config.chunk_cache_config.embedded_cache.max_size_mb,
        ingester.wal.replay_memory_ceiling,
      ];
    };

    expect(sizes('2Gi')).toEqual([32, 128, '512MB']);
    expect(sizes('4Gi')).toEqual([64, 256, '1024MB']);
  });

  test('disables usage reports, the delete API and the rules API', () => {
    const { analytics, limits_config, ruler } = config({}, 'loki');

    expect(analytics.reporting_enabled).toBe(false);
    expect(limits_config.deletion_mode).toBe('disabled');
    expect(ruler.enable_api).toBe(false);
  });

  test('limits the load of one workload', () => {
    const limits = {
      maxStreams: 900,
      maxLabelNames: 9,
      ingestionRate: '64Mi',
      streamRate: '1.5Mi',
      maxLineSize: '64Ki',
    };

    expect(config({ loki: { limits } }, 'loki').limits_config).toMatchObject({
      max_global_streams_per_user: 900,
      max_label_names_per_series: 9,
      ingestion_rate_mb: 64,
      ingestion_burst_size_mb: 128,
      per_stream_rate_limit: '1536KB',
      max_line_size: '64KB',
      max_line_size_truncate: true,
    });
  });

  test('is found by the commands of the README: app=loki, svc/loki on 3100', () => {
    expect(pod().metadata.labels.app).toBe('loki');
    expect(manifest({}, 'Service', 'loki').spec.ports).toEqual([
      { name: 'http', port: 3100, protocol: 'TCP', targetPort: 'http', appProtocol: 'http' },
    ]);
  });

  test('has a readiness probe on /ready and is not killed during replay', () => {
    expect(container().readinessProbe.httpGet.path).toBe('/ready');
    expect(container().startupProbe.httpGet.path).toBe('/loki/api/v1/status/buildinfo');
    expect(container().livenessProbe.httpGet.path).toBe('/loki/api/v1/status/buildinfo');
  });

  test('has time to flush when it stops', () => {
    expect(config({}, 'loki').ingester.wal.flush_on_shutdown).toBe(true);
    expect(pod().spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(120);
  });

  test('restarts if only its configuration changes', () => {
    const checksum = (values: object) => pod(values).metadata.annotations['checksum/config'];

    expect(checksum({ loki: { retention: '14d' } })).not.toBe(checksum({}));
    expect(checksum({ loki: { resources: { cpu: '1' } } })).toBe(checksum({}));
  });

  test('keeps its selector across versions, because Kubernetes rejects a changed one', () => {
    const selector = (tag: string) =>
      manifest({ loki: { image: { tag } } }, 'StatefulSet', 'loki').spec.selector;

    expect(selector('9.9.9')).toEqual({
      matchLabels: { app: 'loki', 'app.kubernetes.io/part-of': 'logs-and-traces' },
    });
    expect(selector('9.9.9')).toEqual(selector('3.7.6'));
  });

  test('can be fixed by a later manifest if it never became ready', () => {
    expect(manifest({}, 'StatefulSet', 'loki').spec.podManagementPolicy).toBe('Parallel');
  });

  test('has a volume that a pull request can expand', () => {
    const claim = manifest(
      { loki: { storage: { size: '60Gi' } }, cluster: { storageClassName: 'gp3' } },
      'PersistentVolumeClaim',
      'loki',
    );

    expect(claim.spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '60Gi' } },
      storageClassName: 'gp3',
      volumeMode: 'Filesystem',
    });
  });

  test('uses the image of a mirror, and the digest if it is set', () => {
    const digest = `sha256:${'a'.repeat(64)}`;

    expect(container().image).toBe('docker.io/grafana/loki:3.7.6');
    expect(
      container({ images: { registry: 'registry.example.com/mirror' }, loki: { image: { digest } } }).image,
    ).toBe(`registry.example.com/mirror/grafana/loki:3.7.6@${digest}`);
  });
});
