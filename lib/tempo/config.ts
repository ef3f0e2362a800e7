import { LIVE_TRACES_PART, type TempoSettings } from './settings';

/** Port of the HTTP API, and of metrics. Tempo's own default is 3200. */
export const HTTP_PORT = 3100;

/** Where the volume is mounted; everything that Tempo writes lies below. */
export const DATA_DIRECTORY = '/var/tempo';

/**
 * The largest request that a sender may make, in bytes: half of what Tempo ingests at once. Tempo rejects a request above
 * that burst however often it is sent again.
 */
export function maxRequestBytes({ limits }: TempoSettings): number {
  return Math.min(8 * 2 ** 20, Math.floor(limits.ingestionBurst.value / 2));
}

/**
 * Builds `tempo.yaml` for the monolithic mode, which needs no Kafka. Tempo
 * parses strictly: a key that it does not know keeps it from starting.
 *
 * Stored data is compressed without a key for it: the columns of a Parquet
 * block are written with Snappy.
 *
 * @param receivers How traces come in; Tempo has the receivers of the OpenTelemetry Collector.
 * @see https://grafana.com/docs/tempo/v3.0.x/configuration/
 */
export function tempoConfig(settings: TempoSettings, receivers: object) {
  const { limits } = settings;
  const retention = settings.retention.toString();
  const maxSearchSpan = limits.maxSearchSpan?.toString() ?? '0s';
  const maxBlockBytes = settings.maxBlockSize.value;
  return {
    target: 'all',
    usage_report: { reporting_enabled: false },
    // Grafana streams search results over the port of the HTTP API.
    stream_over_http_enabled: true,
    server: {
      http_listen_port: HTTP_PORT,
      // Only Tempo itself speaks this gRPC to Tempo here.
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: 9095,
      // The default of 30s ends a long query without an answer.
      http_server_read_timeout: '10m',
      http_server_write_timeout: '10m',
      // The default of 16 MiB refuses the answer for a large trace.
      grpc_server_max_recv_msg_size: 100 * 2 ** 20,
      grpc_server_max_send_msg_size: 100 * 2 ** 20,
      log_level: settings.logLevel,
    },
    distributor: {
      receivers,
      // The default of 2,048 bytes cuts a stack trace before its root cause.
      max_attribute_bytes: limits.maxAttributeSize.value,
    },
    live_store: {
      wal: {
        path: `${DATA_DIRECTORY}/live-store/traces`,
        // No search finds a trace that comes later, such as after an outage; the default is 2m.
        ingestion_time_range_slack: '1h',
      },
      shutdown_marker_dir: `${DATA_DIRECTORY}/live-store/shutdown-marker`,
      max_live_traces_bytes: Math.floor(settings.resources.memoryLimit.value * LIVE_TRACES_PART),
    },
    backend_scheduler: {
      local_work_path: `${DATA_DIRECTORY}/backend-scheduler`,
      provider: {
        retention: { interval: '1h' },
        // Of these the scheduler plans merges; its key of the name block_retention is read by nobody.
        compaction: { compaction: { compaction_window: '1h', max_block_bytes: maxBlockBytes } },
      },
    },
    backend_worker: {
      // Tempo waits this long when it stops, with a job to finish or without; a job is done again by the next one.
      finish_on_shutdown_timeout: '5s',
      compaction: {
        block_retention: retention,
        compacted_block_retention: settings.compactedBlockRetention.toString(),
        max_block_bytes: maxBlockBytes,
      },
    },
    storage: {
      trace: {
        backend: 'local',
        blocklist_poll: settings.blocklistPoll.toString(),
        wal: { path: `${DATA_DIRECTORY}/wal` },
        // Not the root of the volume, where lost+found would be taken for a tenant.
        local: { path: `${DATA_DIRECTORY}/blocks` },
        block: { version: 'vParquet4' },
      },
    },
    query_frontend: {
      // 0s is no limit: retention limits what there is, and a longer range shows what exists. The defaults refuse it.
      search: { concurrent_jobs: 100, max_duration: maxSearchSpan },
      metrics: { concurrent_jobs: 50, max_duration: maxSearchSpan },
    },
    overrides: {
      defaults: {
        ingestion: {
          rate_strategy: 'local',
          rate_limit_bytes: Math.floor(limits.ingestionRate.value),
          burst_size_bytes: Math.floor(limits.ingestionBurst.value),
          max_traces_per_user: limits.maxLiveTraces,
        },
        global: { max_bytes_per_trace: Math.floor(limits.maxTraceSize.value) },
        // An override wins over the worker's value, so both say the same.
        compaction: { block_retention: retention },
      },
    },
  } as const;
}
