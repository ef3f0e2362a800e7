import type { Tenant } from '../tenants/tenants';
import { type LogSources, limitsConfig } from './limits-config';
import { type RingPlace, ringSections } from './ring-config';
import type { LokiSettings } from './settings';
import { DATA_DIRECTORY, storageSections } from './storage-config';

/** Port of the HTTP API and of metrics. */
export const HTTP_PORT = 3100;

/** Folder of the file. */
export const CONFIG_DIRECTORY = '/etc/loki';

/** File with the limits of single tenants, next to the configuration. */
export const TENANT_LIMITS_FILE = 'tenants.json';

/** Limits of tenants that differ from those of all. */
export function tenantLimits({ tenantLimits: limits }: LokiSettings) {
  const overrides = Object.entries(limits).map(([name, { ingestionRate, maxStreams, retention }]) => [
    name,
    {
      ...(ingestionRate === undefined
        ? {}
        : {
            ingestion_rate_mb: ingestionRate.value / 2 ** 20,
            ingestion_burst_size_mb: (2 * ingestionRate.value) / 2 ** 20,
          }),
      ...(maxStreams === undefined ? {} : { max_global_streams_per_user: maxStreams }),
      ...(retention === undefined
        ? {}
        : { retention_period: retention.toString(), reject_old_samples_max_age: retention.toString() }),
    },
  ]);
  return { overrides: Object.fromEntries(overrides) };
}

/** Used percentage of the volume from which Loki rejects every line. This is the default; alerts depend on it. */
export const REFUSES_AT_PERCENT = 90;

/** What the file depends on besides the settings of Loki. */
export interface LokiContext {
  /** Where replicas find each other. */
  readonly ring: RingPlace;
  /** What sends logs to Loki. */
  readonly sources: LogSources;
  /** Tenants of the store; none without tenants in the values. */
  readonly tenants: readonly Tenant[];
  /** The Alertmanager of alerts about log lines; undefined if there are none. */
  readonly alertmanagerUrl?: string | undefined;
}

/**
 * Builds `loki.yaml` for a single binary that stores everything on one volume, or all but the last hours in a bucket. Of
 * several replicas, all have the same file.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export function lokiConfig(
  settings: LokiSettings,
  { ring: place, sources, tenants, alertmanagerUrl }: LokiContext,
) {
  const memoryMb = settings.resources.memoryLimit.mebibytes;
  const { type } = settings.storage;
  const { commonStorage, rulerStorage, ...storage } = storageSections(settings);
  const ring = ringSections(settings, place);
  const hasTenants = tenants.length > 0;
  return {
    // The header of a request states its tenant. NetworkPolicies decide who can make requests.
    auth_enabled: hasTenants,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: HTTP_PORT,
      ...ring.grpc,
      // The default of 30s ends long queries and every live tail.
      http_server_read_timeout: '10m',
      http_server_write_timeout: '10m',
      // The default of 4 MiB rejects responses to large queries.
      grpc_server_max_recv_msg_size: 100 * 2 ** 20,
      grpc_server_max_send_msg_size: 100 * 2 ** 20,
      log_level: settings.logLevel,
    },
    common: {
      path_prefix: DATA_DIRECTORY,
      ...ring.common,
      storage: commonStorage,
    },
    memberlist: ring.memberlist,
    ...storage,
    ingester: {
      ...ring.ingester,
      chunk_encoding: 'gzip',
      chunk_idle_period: '30m',
      max_chunk_age: '2h',
      chunk_target_size: 1.5 * 2 ** 20,
      wal: {
        enabled: true,
        dir: `${DATA_DIRECTORY}/wal`,
        flush_on_shutdown: ring.flushOnShutdown,
        // The default of 4GB exceeds the pod's memory limit: every replay would be OOM-killed.
        replay_memory_ceiling: `${Math.floor(memoryMb / 4)}MB`,
        disk_full_threshold: REFUSES_AT_PERCENT / 100,
      },
    },
    pattern_ingester: settings.patterns ? { enabled: true, ...ring.patternIngester } : { enabled: false },
    compactor: {
      // Deletion markers are stored here. On the volume, they survive a restart.
      working_directory: `${DATA_DIRECTORY}/compactor`,
      compaction_interval: '10m',
      // Without these two keys, Loki keeps logs indefinitely.
      retention_enabled: true,
      delete_request_store: type,
      retention_delete_delay: '2h',
      retention_delete_worker_count: 20,
      // A replica that takes over goes on where the last one was.
      deletion_marker_object_store_prefix: type === 'filesystem' ? undefined : 'deletion_markers/',
    },
    limits_config: limitsConfig(settings, sources),
    ...(hasTenants ? { runtime_config: { file: `${CONFIG_DIRECTORY}/${TENANT_LIMITS_FILE}` } } : {}),
    querier: { max_concurrent: 4, ...(hasTenants ? { multi_tenant_queries_enabled: true } : {}) },
    query_range: {
      align_queries_with_step: true,
      cache_results: true,
      // Four more caches (statistics, volume, series, labels) take this size.
      results_cache: { cache: embeddedCache(memoryMb / 64) },
    },
    chunk_store_config: { chunk_cache_config: embeddedCache(memoryMb / 16) },
    frontend: {
      encoding: 'protobuf',
      compress_responses: true,
      // The frontend looks up the scheduler, which runs in the same process, at this interval and is not ready
      // before. A shorter interval fails: the scheduler needs 3 seconds to find itself and rejects queries until
      // then.
      scheduler_dns_lookup_period: '4s',
    },
    ruler: {
      storage: rulerStorage,
      rule_path: `${DATA_DIRECTORY}/rules-temp`,
      // The default is in the working directory, which is read-only.
      wal: { dir: `${DATA_DIRECTORY}/ruler-wal` },
      // Grafana lists alerts through this API, which cannot change rule files.
      enable_api: alertmanagerUrl !== undefined,
      ...(alertmanagerUrl && { alertmanager_url: alertmanagerUrl }),
      ...ring.rulerSharding,
    },
  } as const;
}

/** Sets the cache size explicitly: Loki's default is 100 MB, regardless of the memory limit. */
function embeddedCache(maxSizeMb: number) {
  return {
    embedded_cache: { enabled: true, max_size_mb: Math.max(1, Math.floor(maxSizeMb)), ttl: '1h' },
  } as const;
}
