import type { LokiSettings } from './settings';

/** What sends logs to Loki. */
export interface LogSources {
  /** Labels of every stream. */
  readonly streamLabels: readonly string[];
  /** Whether OpenTelemetry SDKs send logs. */
  readonly otlp: boolean;
  /** Fields that the stack's own programs add by OTLP, besides those of every line. */
  readonly fields: readonly string[];
}

/**
 * Builds the section `limits_config` of `loki.yaml`: what Loki ingests, keeps and returns.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/configure/#limits_config
 */
export function limitsConfig(
  { limits, retention }: Pick<LokiSettings, 'limits' | 'retention'>,
  { streamLabels, otlp, fields }: LogSources,
) {
  return {
    retention_period: retention.toString(),
    // No limits: retention bounds what exists, and a longer range returns what exists. Any limit would break panels
    // that compare with the previous day.
    max_query_lookback: '0s',
    max_query_length: '0s',
    reject_old_samples: true,
    reject_old_samples_max_age: retention.toString(),
    creation_grace_period: '10m',
    // Enabling retention also enables the delete API, which nobody should use.
    deletion_mode: 'disabled',

    allow_structured_metadata: true,
    discover_log_levels: true,
    volume_enabled: true,

    // Splitting a busy stream helps only with several ingesters. Here it would just add a label, __stream_shard__.
    shard_streams: { enabled: false },
    max_global_streams_per_user: limits.maxStreams,
    max_label_names_per_series: limits.maxLabelNames,
    max_label_name_length: 1024,
    max_label_value_length: 2048,
    max_line_size: `${Math.ceil(limits.maxLineSize.value / 1024)}KB`,
    max_line_size_truncate: true,

    ingestion_rate_strategy: 'local',
    ingestion_rate_mb: megabytes(limits.ingestionRate.value),
    ingestion_burst_size_mb: megabytes(limits.ingestionBurst.value),
    per_stream_rate_limit: `${Math.ceil(limits.streamRate.value / 1024)}KB`,
    per_stream_rate_limit_burst: `${Math.ceil(limits.streamBurst.value / 1024)}KB`,

    // For the most frequent among thousands of messages: an exact result has more series than a query may return.
    shard_aggregations: ['approx_topk'],

    query_timeout: limits.queryTimeout.toString(),
    max_query_series: limits.maxQuerySeries,
    max_entries_limit_per_query: limits.maxQueryLines,
    max_query_parallelism: 8,
    // The default of 128 is meant for many queriers.
    tsdb_max_query_parallelism: 32,
    split_queries_by_interval: '30m',
    // A core reads so much in an eighth of a second. The default of 600MB leaves most queries of a single binary to one core.
    tsdb_max_bytes_per_shard: '16MB',

    // What comes by the protocol of OpenTelemetry gets the same labels and fields as what comes from Promtail. By default
    // Loki makes a label of seventeen attributes, and a field of every other one.
    otlp_config: {
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [
          { action: 'index_label', attributes: streamLabels },
          { action: 'drop', regex: '.*' },
        ],
      },
      scope_attributes: [{ action: 'drop', regex: '.*' }],
      log_attributes: [
        {
          action: 'structured_metadata',
          attributes: [...new Set(['level', 'detected_level', 'trace_id', 'span_id', ...fields])],
        },
        // The attributes of an SDK say what its text does not; those of lines are the agent's own.
        ...(otlp ? [] : [{ action: 'drop', regex: '.*' } as const]),
      ],
    },
  } as const;
}

/** Loki measures rates in units of 2^20 bytes and accepts fractions. */
function megabytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 100) / 100;
}
