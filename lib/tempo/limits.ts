import type { Limit } from '../monitoring/limit';

/** Limits on ingestion. */
const INGEST_LIMITS: readonly Limit[] = [
  {
    key: 'distributor.receivers.otlp.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Rejects the request, and SDKs drop its spans',
    setting: 'capacity.spanSize',
    reason: 'The collector sends at most 8 MiB at once, an SDK 512 spans.',
  },
  {
    key: 'distributor.max_attribute_bytes',
    beyond: 'Truncates the attribute',
    setting: 'tempo.limits.maxAttributeSize',
    alerts: ['TempoTruncatesAttributes'],
  },
  {
    key: 'overrides.defaults.ingestion.rate_limit_bytes',
    beyond: 'Rejects the request; the collector keeps it in its queue and retries',
    setting: 'tempo.limits.ingestionRate',
    alerts: ['TempoIngestionNearLimit', 'TempoRefusesSpans'],
  },
  {
    key: 'overrides.defaults.ingestion.burst_size_bytes',
    beyond: 'Rejects the request on every attempt',
    setting: 'tempo.limits.ingestionBurst',
    alerts: ['TempoRefusesSpans'],
    reason: 'The collector sends at most half of it at once.',
  },
  {
    key: 'distributor.retry_after_on_resource_exhausted',
    beyond: 'Delay after which the collector retries a rejected request. At 0s, the collector drops it',
    upstreamDefault: '5s',
    reason: 'The collector retries until Tempo has room.',
  },
  {
    key: 'overrides.defaults.ingestion.max_traces_per_user',
    beyond: 'Drops new traces without an error for the client',
    setting: 'tempo.limits.maxLiveTraces',
    alerts: ['TempoLiveTracesNearLimit', 'TempoDiscardsSpans'],
  },
  {
    key: 'overrides.defaults.global.max_bytes_per_trace',
    beyond: 'Drops further spans of the trace',
    setting: 'tempo.limits.maxTraceSize',
    alerts: ['TempoDiscardsSpans'],
  },
  {
    key: 'live_store.max_live_traces_bytes',
    beyond: 'Delays requests; the collector keeps spans in its queue',
    setting: 'tempo.resources.memoryLimit',
    alerts: ['TraceQueueFillingUp'],
    reason: 'An eighth of the memory limit.',
  },
  {
    key: 'live_store.wal.ingestion_time_range_slack',
    beyond: 'Hides a trace that arrives later than this from searches. A query by id still finds it',
    reason:
      'Longer than an upgrade of Tempo or a node failure takes. A larger value keeps blocks longer when a clock is ahead.',
  },
];

/** Limits on queries. None of them loses a span. */
const QUERY_LIMITS: readonly Limit[] = [
  {
    key: 'query_frontend.search.max_duration',
    beyond: 'Rejects the search with 400',
    setting: 'tempo.limits.maxSearchSpan',
    reason: 'Unlimited by default: retention bounds what exists, and a longer range returns what exists.',
  },
  {
    key: 'query_frontend.metrics.max_duration',
    beyond: 'Rejects the query with 400',
    setting: 'tempo.limits.maxSearchSpan',
    reason: 'Same as for searches.',
  },
  {
    key: 'query_frontend.metrics.max_intervals',
    beyond: 'Rejects a query with more steps',
    upstreamDefault: '10000',
    reason: 'Grafana chooses a step that yields one point per pixel.',
  },
  {
    key: 'query_frontend.metrics.max_exemplars',
    beyond: 'Omits further exemplars',
    upstreamDefault: '100',
    reason: 'A panel shows fewer exemplars.',
  },
  {
    key: 'query_frontend.search.default_result_limit',
    beyond: 'Omits further traces if the query sets no limit',
    upstreamDefault: '20',
    reason: 'Panels and Explore set a limit.',
  },
  {
    key: 'query_frontend.search.max_result_limit',
    beyond: 'Rejects a search for more traces',
    upstreamDefault: '262144',
    reason: 'More than anyone reads.',
  },
  {
    key: 'query_frontend.search.max_spans_per_span_set',
    beyond: 'Rejects a search for more spans of a trace',
    upstreamDefault: '100',
    reason: 'Grafana requests 3. The trace itself contains all spans.',
  },
  {
    key: 'query_frontend.max_outstanding_per_tenant',
    beyond: 'Rejects the query with 429',
    upstreamDefault: '2000',
    alerts: ['TempoQueriesFail'],
    reason: 'Enough for the parts of a few concurrent searches.',
  },
  {
    key: 'query_frontend.query_end_cutoff',
    beyond: 'Omits the last seconds from searches and metrics',
    upstreamDefault: '30s',
    reason: 'Their traces are incomplete. They appear half a minute later.',
  },
  {
    key: 'querier.max_concurrent_queries',
    beyond: 'Queues the query',
    upstreamDefault: '20',
    alerts: ['TempoQueriesSlow'],
  },
  {
    key: 'query_frontend.max_query_expression_size_bytes',
    beyond: 'Rejects the query with 400',
    upstreamDefault: '131072',
    reason: 'Far above what any dashboard queries.',
  },
  {
    key: 'querier.search.query_timeout',
    beyond: 'Fails the search',
    upstreamDefault: '30s',
    alerts: ['TempoQueriesFail', 'TempoQueriesSlow'],
    reason: 'Applies to one part of a search.',
  },
  {
    key: 'querier.trace_by_id.query_timeout',
    beyond: 'Fails the lookup of a trace',
    upstreamDefault: '10s',
    alerts: ['TempoQueriesFail', 'TempoQueriesSlow'],
    reason: 'Applies to one part of a lookup.',
  },
  {
    key: 'overrides.defaults.read.max_bytes_per_tag_values_query',
    beyond: 'Omits further values of an attribute from value lists',
    upstreamDefault: '1000000',
    reason: 'Searches find values that the list omits.',
  },
  {
    key: 'overrides.defaults.read.max_condition_groups_per_tag_query',
    beyond: 'Rejects a value list for a query with more alternatives',
    upstreamDefault: '100',
    reason: 'More than any practical query has.',
  },
  {
    key: 'server.grpc_server_max_recv_msg_size',
    beyond: 'Rejects the response for a large trace',
    reason: '100 MiB, far above tempo.limits.maxTraceSize.',
  },
  {
    key: 'server.grpc_server_max_send_msg_size',
    beyond: 'Rejects the response for a large trace',
    reason: 'Same as for receiving.',
  },
  {
    key: 'server.http_server_read_timeout',
    beyond: 'Closes the connection',
    reason: 'Longer than a query over the whole retention takes.',
  },
  {
    key: 'server.http_server_write_timeout',
    beyond: 'Closes the connection',
    reason: 'Same as for reading.',
  },
];

/**
 * Every limit of Tempo that can reject, truncate or drop spans, or refuse a query.
 *
 * @see https://grafana.com/docs/tempo/v3.0.x/configuration/
 */
export const TEMPO_LIMITS: readonly Limit[] = [...INGEST_LIMITS, ...QUERY_LIMITS];
