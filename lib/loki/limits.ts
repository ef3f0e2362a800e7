import type { Limit } from '../monitoring/limit';

/** Limits on ingestion. */
const INGEST_LIMITS: readonly Limit[] = [
  {
    key: 'limits_config.ingestion_rate_mb',
    beyond: 'Rejects the push with 429, and the lines are lost',
    setting: 'loki.limits.ingestionRate',
    alerts: ['LokiIngestionNearLimit', 'LokiRateLimited'],
    reason:
      '16 MiB per node, or 32 MiB with logs.agent otel. Agents send less, because they wait for each response.',
  },
  {
    key: 'limits_config.ingestion_burst_size_mb',
    beyond: 'Rejects the push with 429, and the lines are lost',
    setting: 'loki.limits.ingestionBurst',
    alerts: ['LokiRateLimited'],
    reason: 'Twice the rate, and the log queue of each collector that accepts logs of SDKs.',
  },
  {
    key: 'limits_config.per_stream_rate_limit',
    beyond: 'Rejects lines of the stream with 429. They are lost; lines of other streams are stored',
    setting: 'loki.limits.streamRate',
    alerts: ['LokiLimitsStream'],
  },
  {
    key: 'limits_config.per_stream_rate_limit_burst',
    beyond: 'Rejects lines of the stream with 429. They are lost; lines of other streams are stored',
    setting: 'loki.limits.streamBurst',
    alerts: ['LokiLimitsStream'],
    reason:
      'Two log files of a container, and the queues of the agent and of collectors, which are sent at once after an outage.',
  },
  {
    key: 'limits_config.max_global_streams_per_user',
    beyond: 'Rejects lines of a new stream with 429. They are lost; lines of other streams are stored',
    setting: 'loki.limits.maxStreams',
    alerts: ['LokiStreamsNearLimit', 'LokiRejectsNewStreams'],
  },
  {
    key: 'limits_config.max_line_size',
    beyond: 'Truncates the line',
    setting: 'loki.limits.maxLineSize',
    reason: 'The agent truncates at the same size, so Loki never receives a longer line.',
  },
  {
    key: 'limits_config.max_label_names_per_series',
    beyond: 'Rejects lines of the stream, and they are lost',
    setting: 'loki.limits.maxLabelNames',
    alerts: ['LokiDropsLines'],
  },
  {
    key: 'limits_config.max_label_name_length',
    beyond: 'Rejects lines of the stream, and they are lost',
    alerts: ['LokiDropsLines'],
  },
  {
    key: 'limits_config.max_label_value_length',
    beyond: 'Rejects lines of the stream, and they are lost',
    alerts: ['LokiDropsLines'],
    reason: 'The longest label value is a pod name, at most 253 characters.',
  },
  {
    key: 'limits_config.max_structured_metadata_size',
    beyond: 'Rejects the line, and it is lost',
    upstreamDefault: '64KB',
    alerts: ['LokiDropsLines'],
    reason: 'The agent attaches a level and two ids, less than 100 bytes.',
  },
  {
    key: 'limits_config.max_structured_metadata_entries_count',
    beyond: 'Rejects the line, and it is lost',
    upstreamDefault: '128',
    alerts: ['LokiDropsLines'],
    reason: 'The agent attaches at most three entries.',
  },
  {
    key: 'limits_config.reject_old_samples_max_age',
    beyond: 'Rejects older lines, and they are lost',
    setting: 'loki.retention',
    alerts: ['LokiRejectsOldLines'],
    reason: 'Retention would delete them at once. The agent drops such lines itself.',
  },
  {
    key: 'limits_config.creation_grace_period',
    beyond: 'Rejects lines further in the future, and they are lost',
    alerts: ['LokiDropsLines'],
    reason: 'A line gets the time of its node. A clock that is 10 minutes ahead must be corrected.',
  },
  {
    key: 'ingester.max_chunk_age',
    beyond:
      'Rejects lines that are older than the newest line of their stream by more than half of this, and they are lost',
    alerts: ['LokiRejectsOldLines'],
    reason: 'A larger value keeps more lines in memory. A container writes its lines in order.',
  },
  {
    key: 'ingester.wal.disk_full_threshold',
    beyond: 'Rejects every push with 500, and agents wait',
    alerts: ['LokiVolumeFillsUp', 'LokiVolumeNearlyFull', 'LokiVolumeFull'],
  },
  {
    key: 'distributor.max_recv_msg_size',
    beyond: 'Rejects the push, and the lines are lost',
    upstreamDefault: '104857600',
    alerts: ['LokiDropsLines'],
    reason: 'A push of the agent is about 1 MiB.',
  },
  {
    key: 'distributor.max_decompressed_size',
    beyond: 'Rejects the push, and the lines are lost',
    upstreamDefault: '5242880000',
    alerts: ['LokiDropsLines'],
    reason: 'Same as distributor.max_recv_msg_size.',
  },
];

/** Limits on queries. None of them loses a line. */
const QUERY_LIMITS: readonly Limit[] = [
  {
    key: 'limits_config.query_timeout',
    beyond: 'Rejects the query with 504',
    setting: 'loki.limits.queryTimeout',
    alerts: ['LokiQueriesFail', 'LokiQueriesSlow'],
  },
  {
    key: 'limits_config.max_query_series',
    beyond: 'Rejects the metric query',
    setting: 'loki.limits.maxQuerySeries',
  },
  {
    key: 'limits_config.max_entries_limit_per_query',
    beyond: 'Rejects a log query that requests more lines',
    setting: 'loki.limits.maxQueryLines',
    reason: 'grafana.maxLines must not be larger.',
  },
  {
    key: 'limits_config.max_query_length',
    beyond: 'Rejects the query',
    reason: 'Unlimited: retention bounds what exists, and a longer range returns what exists.',
  },
  {
    key: 'limits_config.max_query_lookback',
    beyond: 'Rejects a query for older lines',
    reason:
      'Unlimited: retention bounds what exists, and a panel that compares with the previous day reads past it.',
  },
  {
    key: 'limits_config.max_query_range',
    beyond: 'Rejects a query with a longer range, such as [7d]',
    upstreamDefault: '0s',
    reason: 'Unlimited, same as limits_config.max_query_length.',
  },
  {
    key: 'limits_config.max_query_parallelism',
    beyond: 'Queues the rest of the query',
    reason: 'Twice what one replica runs concurrently.',
  },
  {
    key: 'limits_config.tsdb_max_query_parallelism',
    beyond: 'Queues the rest of the query',
    reason: 'The default of 128 is meant for many queriers.',
  },
  {
    key: 'limits_config.max_chunks_per_query',
    beyond: 'Rejects the query',
    upstreamDefault: '2000000',
    reason: 'More chunks than the volume can store.',
  },
  {
    key: 'limits_config.max_querier_bytes_read',
    beyond: 'Rejects the query',
    upstreamDefault: '150GB',
    reason: 'Applies after splitting. 30 minutes of logs from one replica are smaller.',
  },
  {
    key: 'limits_config.max_query_bytes_read',
    beyond: 'Rejects the query',
    upstreamDefault: '0B',
    reason: 'Unlimited: loki.limits.queryTimeout ends a query that reads too much.',
  },
  {
    key: 'limits_config.max_streams_matchers_per_query',
    beyond: 'Rejects a query with more matchers',
    upstreamDefault: '1000',
    reason: 'More than any practical query has.',
  },
  {
    key: 'frontend.max_body_size',
    beyond: 'Rejects the query',
    upstreamDefault: '10485760',
    reason: 'Longer than any practical query.',
  },
  {
    key: 'limits_config.cardinality_limit',
    beyond: 'Rejects the query',
    upstreamDefault: '100000',
    reason: 'Counts the series of one index query, and loki.limits.maxStreams is far lower.',
  },
  {
    key: 'limits_config.volume_max_series',
    beyond: 'Omits the smallest series of a volume query',
    upstreamDefault: '1000',
    reason: 'The largest series are the relevant ones.',
  },
  {
    key: 'limits_config.max_concurrent_tail_requests',
    beyond: 'Rejects another live tail',
    upstreamDefault: '10',
    reason: 'Each tail uses memory in the ingester. Grafana shows the error.',
  },
  {
    key: 'querier.tail_max_duration',
    beyond: 'Ends a live tail',
    upstreamDefault: '1h',
    reason: 'Grafana restarts it.',
  },
  {
    key: 'ingester.max_dropped_streams',
    beyond: 'Omits lines of a live tail that a slow client cannot receive in time',
    upstreamDefault: '10',
    reason: 'The lines are stored, and the tail reports that it dropped some.',
  },
  {
    key: 'pattern_ingester.max_clusters',
    beyond: 'Discards the least recently seen patterns of a stream',
    upstreamDefault: '300',
    reason: 'The lines are stored. Grafana lists fewer patterns.',
  },
  {
    key: 'pattern_ingester.max_eviction_ratio',
    beyond: 'Stops learning patterns of a stream that discards this ratio of them',
    upstreamDefault: '0.25',
    reason: 'Same as pattern_ingester.max_clusters.',
  },
  {
    key: 'pattern_ingester.max_allowed_line_length',
    beyond: 'Learns no pattern from the line',
    upstreamDefault: '3000',
    reason: 'Same as pattern_ingester.max_clusters.',
  },
  {
    key: 'pattern_ingester.volume_threshold',
    beyond: 'Omits patterns of the rarest lines, beyond this ratio of the volume',
    upstreamDefault: '0.99',
    reason: 'Same as pattern_ingester.max_clusters.',
  },
  {
    key: 'querier.max_concurrent',
    beyond: 'Queues the query',
    alerts: ['LokiQueriesSlow'],
  },
  {
    key: 'query_scheduler.max_outstanding_requests_per_tenant',
    beyond: 'Rejects the query with 429',
    upstreamDefault: '32000',
    reason: 'A query over 7 days splits into a few hundred parts.',
  },
  {
    key: 'server.grpc_server_max_recv_msg_size',
    beyond: 'Rejects the response to a large query',
    reason: '100 MiB: fits a query of loki.limits.maxQueryLines lines of typical size.',
  },
  {
    key: 'server.grpc_server_max_send_msg_size',
    beyond: 'Rejects the response to a large query',
    reason: 'Same as for receiving.',
  },
  {
    key: 'server.http_server_read_timeout',
    beyond: 'Closes the connection',
    reason: 'Longer than the maximum of loki.limits.queryTimeout.',
  },
  {
    key: 'server.http_server_write_timeout',
    beyond: 'Closes the connection',
    reason: 'Longer than the maximum of loki.limits.queryTimeout.',
  },
];

/**
 * Every limit of Loki that can reject, truncate or drop data, or reject a query.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export const LOKI_LIMITS: readonly Limit[] = [...INGEST_LIMITS, ...QUERY_LIMITS];
