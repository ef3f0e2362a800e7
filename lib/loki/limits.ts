import type { Limit } from '../monitoring/limit';

/** Limits on what Loki ingests. */
const INGEST_LIMITS: readonly Limit[] = [
  {
    key: 'limits_config.ingestion_rate_mb',
    beyond: 'Rejects the push with 429; its lines are lost',
    setting: 'loki.limits.ingestionRate',
    alerts: ['LokiIngestionNearLimit', 'LokiRateLimited'],
    reason: '16 MiB per node: agents send less, as they wait for each answer of Loki.',
  },
  {
    key: 'limits_config.ingestion_burst_size_mb',
    beyond: 'Rejects the push with 429; its lines are lost',
    setting: 'loki.limits.ingestionBurst',
    alerts: ['LokiRateLimited'],
    reason: 'Twice the rate.',
  },
  {
    key: 'limits_config.per_stream_rate_limit',
    beyond: 'Rejects lines of the stream with 429; they are lost, lines of other streams are stored',
    setting: 'loki.limits.streamRate',
    alerts: ['LokiLimitsStream'],
  },
  {
    key: 'limits_config.per_stream_rate_limit_burst',
    beyond: 'Rejects lines of the stream with 429; they are lost, lines of other streams are stored',
    setting: 'loki.limits.streamBurst',
    alerts: ['LokiLimitsStream'],
    reason: 'Two log files of a container, which agents send at once after an outage.',
  },
  {
    key: 'limits_config.max_global_streams_per_user',
    beyond: 'Rejects lines of a new stream with 429; they are lost, lines of other streams are stored',
    setting: 'loki.limits.maxStreams',
    alerts: ['LokiStreamsNearLimit', 'LokiRejectsNewStreams'],
  },
  {
    key: 'limits_config.max_line_size',
    beyond: 'Truncates the line',
    setting: 'loki.limits.maxLineSize',
    reason: 'The agent truncates at the same size, so that Loki sees no longer line.',
  },
  {
    key: 'limits_config.max_label_names_per_series',
    beyond: 'Rejects lines of the stream; they are lost',
    setting: 'loki.limits.maxLabelNames',
    alerts: ['LokiDropsLines'],
  },
  {
    key: 'limits_config.max_label_name_length',
    beyond: 'Rejects lines of the stream; they are lost',
    alerts: ['LokiDropsLines'],
  },
  {
    key: 'limits_config.max_label_value_length',
    beyond: 'Rejects lines of the stream; they are lost',
    alerts: ['LokiDropsLines'],
    reason: 'The longest label value is the name of a pod, at most 253 characters.',
  },
  {
    key: 'limits_config.max_structured_metadata_size',
    beyond: 'Rejects the line; it is lost',
    upstreamDefault: '64KB',
    alerts: ['LokiDropsLines'],
    reason: 'The agent attaches a level and two ids, less than 100 bytes.',
  },
  {
    key: 'limits_config.max_structured_metadata_entries_count',
    beyond: 'Rejects the line; it is lost',
    upstreamDefault: '128',
    alerts: ['LokiDropsLines'],
    reason: 'The agent attaches at most three entries.',
  },
  {
    key: 'limits_config.reject_old_samples_max_age',
    beyond: 'Rejects older lines; they are lost',
    setting: 'loki.retention',
    alerts: ['LokiRejectsOldLines'],
    reason: 'Retention would delete them at once. The agent drops such lines itself.',
  },
  {
    key: 'limits_config.creation_grace_period',
    beyond: 'Rejects lines further in the future; they are lost',
    alerts: ['LokiDropsLines'],
    reason:
      'A line gets the time of the node that wrote it; a clock that is 10 minutes ahead needs to be fixed.',
  },
  {
    key: 'ingester.max_chunk_age',
    beyond:
      'Rejects lines that are more than half of it older than the newest line of their stream; they are lost',
    alerts: ['LokiRejectsOldLines'],
    reason: 'A larger value keeps more lines in memory. One container writes its lines in order.',
  },
  {
    key: 'ingester.wal.disk_full_threshold',
    beyond: 'Rejects every push with 500; agents wait',
    alerts: ['LokiVolumeFillsUp', 'LokiVolumeNearlyFull', 'LokiVolumeFull'],
  },
  {
    key: 'distributor.max_recv_msg_size',
    beyond: 'Rejects the push; its lines are lost',
    upstreamDefault: '104857600',
    alerts: ['LokiDropsLines'],
    reason: 'A push of the agent is about 1 MiB.',
  },
  {
    key: 'distributor.max_decompressed_size',
    beyond: 'Rejects the push; its lines are lost',
    upstreamDefault: '5242880000',
    alerts: ['LokiDropsLines'],
    reason: 'As for distributor.max_recv_msg_size.',
  },
];

/** Limits on what Loki answers; none of them loses a line. */
const QUERY_LIMITS: readonly Limit[] = [
  {
    key: 'limits_config.query_timeout',
    beyond: 'Refuses the query with 504',
    setting: 'loki.limits.queryTimeout',
    alerts: ['LokiQueriesFail', 'LokiQueriesSlow'],
  },
  {
    key: 'limits_config.max_query_series',
    beyond: 'Refuses the metric query',
    setting: 'loki.limits.maxQuerySeries',
  },
  {
    key: 'limits_config.max_entries_limit_per_query',
    beyond: 'Refuses a log query that asks for more lines',
    setting: 'loki.limits.maxQueryLines',
    reason: 'grafana.maxLines must not be larger.',
  },
  {
    key: 'limits_config.max_query_length',
    beyond: 'Refuses the query',
    reason: 'Unlimited: retention limits what there is to read, and a long range shows what exists.',
  },
  {
    key: 'limits_config.max_query_lookback',
    beyond: 'Refuses a query for older lines',
    reason:
      'Unlimited: retention limits what there is, and a panel that compares with the day before reads past it.',
  },
  {
    key: 'limits_config.max_query_range',
    beyond: 'Refuses a query with a longer range, such as [7d]',
    upstreamDefault: '0s',
    reason: 'Unlimited, as for limits_config.max_query_length.',
  },
  {
    key: 'limits_config.max_query_parallelism',
    beyond: 'Queues the rest of the query',
    reason: 'Twice what one replica runs at once.',
  },
  {
    key: 'limits_config.tsdb_max_query_parallelism',
    beyond: 'Queues the rest of the query',
    reason: 'The default of 128 is meant for a fleet of queriers.',
  },
  {
    key: 'limits_config.max_chunks_per_query',
    beyond: 'Refuses the query',
    upstreamDefault: '2000000',
    reason: 'More than fits into the volume at its chunk size.',
  },
  {
    key: 'limits_config.max_querier_bytes_read',
    beyond: 'Refuses the query',
    upstreamDefault: '150GB',
    reason: 'After splitting; more than 30 minutes of logs of one replica.',
  },
  {
    key: 'limits_config.max_query_bytes_read',
    beyond: 'Refuses the query',
    upstreamDefault: '0B',
    reason: 'Unlimited: loki.limits.queryTimeout ends a query that reads too much.',
  },
  {
    key: 'limits_config.max_streams_matchers_per_query',
    beyond: 'Refuses a query with more matchers',
    upstreamDefault: '1000',
    reason: 'Nobody writes as many.',
  },
  {
    key: 'frontend.max_body_size',
    beyond: 'Refuses the query',
    upstreamDefault: '10485760',
    reason: 'No query is as long.',
  },
  {
    key: 'limits_config.cardinality_limit',
    beyond: 'Refuses the query',
    upstreamDefault: '100000',
    reason: 'Counts series of one index query, and loki.limits.maxStreams is far below.',
  },
  {
    key: 'limits_config.volume_max_series',
    beyond: 'Leaves out the smallest series of an answer about volume',
    upstreamDefault: '1000',
    reason: 'People look at the largest.',
  },
  {
    key: 'limits_config.max_concurrent_tail_requests',
    beyond: 'Refuses a further live tail',
    upstreamDefault: '10',
    reason: 'Each costs memory in the ingester; Grafana shows the error.',
  },
  {
    key: 'querier.tail_max_duration',
    beyond: 'Ends a live tail',
    upstreamDefault: '1h',
    reason: 'Grafana starts it again.',
  },
  {
    key: 'ingester.max_dropped_streams',
    beyond: 'Leaves out lines of a live tail that a slow client cannot follow',
    upstreamDefault: '10',
    reason: 'The lines are stored, and the tail says that it dropped some.',
  },
  {
    key: 'pattern_ingester.max_clusters',
    beyond: 'Forgets patterns of a stream that were seen longest ago',
    upstreamDefault: '300',
    reason: 'The lines are stored; Grafana lists fewer patterns.',
  },
  {
    key: 'pattern_ingester.max_eviction_ratio',
    beyond: 'Learns no patterns of a stream that forgets this share of them',
    upstreamDefault: '0.25',
    reason: 'As for pattern_ingester.max_clusters.',
  },
  {
    key: 'pattern_ingester.max_allowed_line_length',
    beyond: 'Learns no pattern of the line',
    upstreamDefault: '3000',
    reason: 'As for pattern_ingester.max_clusters.',
  },
  {
    key: 'pattern_ingester.volume_threshold',
    beyond: 'Leaves out patterns of the rarest lines, beyond this share of the volume',
    upstreamDefault: '0.99',
    reason: 'As for pattern_ingester.max_clusters.',
  },
  {
    key: 'querier.max_concurrent',
    beyond: 'Queues the query',
    alerts: ['LokiQueriesSlow'],
  },
  {
    key: 'query_scheduler.max_outstanding_requests_per_tenant',
    beyond: 'Refuses the query with 429',
    upstreamDefault: '32000',
    reason: 'Splits of one query over 7 days are a few hundred.',
  },
  {
    key: 'server.grpc_server_max_recv_msg_size',
    beyond: 'Refuses the answer of a large query',
    reason: '100 MiB: a query of loki.limits.maxQueryLines lines of usual size fits.',
  },
  {
    key: 'server.grpc_server_max_send_msg_size',
    beyond: 'Refuses the answer of a large query',
    reason: 'As for receiving.',
  },
  {
    key: 'server.http_server_read_timeout',
    beyond: 'Closes the connection',
    reason: 'Longer than loki.limits.queryTimeout can be.',
  },
  {
    key: 'server.http_server_write_timeout',
    beyond: 'Closes the connection',
    reason: 'Longer than loki.limits.queryTimeout can be.',
  },
];

/**
 * Every limit of Loki that can reject, truncate or drop data, or refuse a query.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export const LOKI_LIMITS: readonly Limit[] = [...INGEST_LIMITS, ...QUERY_LIMITS];
