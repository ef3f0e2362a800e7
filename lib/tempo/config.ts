import type { Tenant } from '../tenants/tenants';
import { LIVE_TRACES_PART, type TempoSettings } from './settings';
import { blockStore, DATA_DIRECTORY } from './storage-config';

/** Port of the HTTP API and of metrics. Tempo's own default is 3200. */
export const HTTP_PORT = 3100;

/** Folder of the file. */
export const CONFIG_DIRECTORY = '/etc/tempo';

/** File with the limits of single tenants, next to the configuration. */
export const TENANT_LIMITS_FILE = 'tenants.json';

/** Limits of tenants that differ from those of all. */
export function tenantLimits({ tenantLimits: limits }: TempoSettings) {
  const overrides = Object.entries(limits).map(([name, { ingestionRate, maxLiveTraces, retention }]) => [
    name,
    {
      ingestion: {
        ...(ingestionRate === undefined
          ? {}
          : {
              rate_limit_bytes: Math.floor(ingestionRate.value),
              burst_size_bytes: Math.floor(2 * ingestionRate.value),
            }),
        ...(maxLiveTraces === undefined ? {} : { max_traces_per_user: maxLiveTraces }),
      },
      ...(retention === undefined ? {} : { compaction: { block_retention: retention.toString() } }),
    },
  ]);
  return { overrides: Object.fromEntries(overrides) };
}

/**
 * Maximum size of a request from a sender in bytes: half of Tempo's ingestion burst. Tempo always rejects a request
 * larger than its burst, so retries cannot succeed.
 */
export function maxRequestBytes({ limits }: TempoSettings): number {
  return Math.min(8 * 2 ** 20, Math.floor(limits.ingestionBurst.value / 2));
}

/**
 * Builds `tempo.yaml` for the monolithic mode, which does not require Kafka. Tempo parses strictly and does not start
 * with an unknown key.
 *
 * No key sets compression: Tempo writes the columns of Parquet blocks with Snappy.
 *
 * @param tenants Tenants of the store; none without tenants in the values.
 * @param receivers How traces arrive. Tempo contains the receivers of the OpenTelemetry Collector.
 * @see https://grafana.com/docs/tempo/v3.0.x/configuration/
 */
export function tempoConfig(settings: TempoSettings, receivers: object, tenants: readonly Tenant[] = []) {
  const { limits } = settings;
  const hasTenants = tenants.length > 0;
  const retention = settings.retention.toString();
  const maxSearchSpan = limits.maxSearchSpan?.toString() ?? '0s';
  const maxBlockBytes = settings.maxBlockSize.value;
  const recent = recentTraces(settings);
  return {
    target: 'all',
    // The header of a request states its tenant. NetworkPolicies decide who can make requests.
    ...(hasTenants ? { multitenancy_enabled: true } : {}),
    usage_report: { reporting_enabled: false },
    // Grafana streams search results over the port of the HTTP API.
    stream_over_http_enabled: true,
    server: {
      http_listen_port: HTTP_PORT,
      // Only Tempo connects to its own gRPC port.
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: 9095,
      // The default of 30s ends a long query without a response.
      http_server_read_timeout: '10m',
      http_server_write_timeout: '10m',
      // The default of 16 MiB rejects the response for a large trace.
      grpc_server_max_recv_msg_size: 100 * 2 ** 20,
      grpc_server_max_send_msg_size: 100 * 2 ** 20,
      log_level: settings.logLevel,
    },
    distributor: {
      receivers,
      // The default of 2,048 bytes truncates a stack trace before its root cause.
      max_attribute_bytes: limits.maxAttributeSize.value,
    },
    live_store: {
      wal: {
        path: `${DATA_DIRECTORY}/live-store/traces`,
        // No search finds a trace that arrives later than this, for example after an outage. The default is 2m.
        ingestion_time_range_slack: '1h',
      },
      shutdown_marker_dir: `${DATA_DIRECTORY}/live-store/shutdown-marker`,
      max_live_traces_bytes: Math.floor(settings.resources.memoryLimit.value * LIVE_TRACES_PART),
      ...(recent ? { complete_block_timeout: `${recent.minutes + 5}m` } : {}),
    },
    backend_scheduler: {
      local_work_path: `${DATA_DIRECTORY}/backend-scheduler`,
      provider: {
        retention: { interval: '1h' },
        // The scheduler plans merges with these values. Nothing reads its own block_retention key.
        compaction: { compaction: { compaction_window: '1h', max_block_bytes: maxBlockBytes } },
      },
    },
    backend_worker: {
      // Tempo always waits this long when it stops, even without a running job. The next process repeats an
      // unfinished job.
      finish_on_shutdown_timeout: '5s',
      compaction: {
        block_retention: retention,
        compacted_block_retention: settings.compactedBlockRetention.toString(),
        max_block_bytes: maxBlockBytes,
      },
    },
    storage: {
      trace: {
        backend: settings.storage.type === 'filesystem' ? 'local' : settings.storage.type,
        blocklist_poll: settings.blocklistPoll.toString(),
        wal: { path: `${DATA_DIRECTORY}/wal` },
        ...blockStore(settings.storage),
        block: { version: 'vParquet4' },
      },
    },
    query_frontend: {
      // 0s means no limit: retention bounds what exists, and a longer range returns what exists. The defaults reject
      // it.
      search: { concurrent_jobs: 100, max_duration: maxSearchSpan, ...recent?.frontend },
      metrics: { concurrent_jobs: 50, max_duration: maxSearchSpan, ...recent?.frontend },
    },
    overrides: {
      ...(hasTenants
        ? {
            per_tenant_override_config: `${CONFIG_DIRECTORY}/${TENANT_LIMITS_FILE}`,
            per_tenant_override_period: '10s',
          }
        : {}),
      defaults: {
        ingestion: {
          rate_strategy: 'local',
          rate_limit_bytes: Math.floor(limits.ingestionRate.value),
          burst_size_bytes: Math.floor(limits.ingestionBurst.value),
          max_traces_per_user: limits.maxLiveTraces,
        },
        global: { max_bytes_per_trace: Math.floor(limits.maxTraceSize.value) },
        // An override takes precedence over the worker's value, so both are equal.
        compaction: { block_retention: retention },
      },
    },
  } as const;
}

/**
 * How long traces are read from the live store. Tempo reads older ones only from blocks that it has listed. The default of
 * 15 minutes (and 20 in the live store) covers a list that is 10 minutes old; with an older one, queries would miss traces.
 */
function recentTraces({ blocklistPoll }: TempoSettings) {
  const minutes = Math.ceil(blocklistPoll.seconds / 60) + 5;
  return minutes <= 15 ? undefined : { minutes, frontend: { query_backend_after: `${minutes}m` } };
}
