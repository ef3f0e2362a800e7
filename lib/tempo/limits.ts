import type { Limit } from '../monitoring/limit';

/** Limits on what Tempo ingests. */
const INGEST_LIMITS: readonly Limit[] = [
  {
    key: 'distributor.receivers.otlp.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Rejects the request; SDKs drop its spans',
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
    beyond: 'Rejects the request; the collector keeps it in its queue and sends it again',
    setting: 'tempo.limits.ingestionRate',
    alerts: ['TempoIngestionNearLimit', 'TempoRefusesSpans'],
  },
  {
    key: 'overrides.defaults.ingestion.burst_size_bytes',
    beyond: 'Rejects the request however often it is sent',
    setting: 'tempo.limits.ingestionBurst',
    alerts: ['TempoRefusesSpans'],
    reason: 'The collector sends at most half of it at once.',
  },
  {
    key: 'distributor.retry_after_on_resource_exhausted',
    beyond: 'Time after which the collector sends a rejected request again; at 0s it drops it',
    upstreamDefault: '5s',
    reason: 'The collector asks again until Tempo has room.',
  },
  {
    key: 'overrides.defaults.ingestion.max_traces_per_user',
    beyond: 'Drops new traces; no client learns of it',
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
    beyond: 'Hides a trace that arrives later than that from searches; its id still finds it',
    reason:
      'Longer than Tempo is away when it is upgraded or its node fails. A larger value keeps blocks longer when a clock is ahead.',
  },
];

/** Limits on what Tempo answers; none of them loses a span. */
const QUERY_LIMITS: readonly Limit[] = [
  {
    key: 'query_frontend.search.max_duration',
    beyond: 'Refuses the search with 400',
    setting: 'tempo.limits.maxSearchSpan',
    reason: 'Unlimited by default: retention limits what there is, and a longer range shows what exists.',
  },
  {
    key: 'query_frontend.metrics.max_duration',
    beyond: 'Refuses the query with 400',
    setting: 'tempo.limits.maxSearchSpan',
    reason: 'As for searches.',
  },
  {
    key: 'query_frontend.metrics.max_intervals',
    beyond: 'Refuses a query with more steps',
    upstreamDefault: '10000',
    reason: 'Grafana chooses a step that yields a point for each pixel.',
  },
  {
    key: 'query_frontend.metrics.max_exemplars',
    beyond: 'Leaves out further exemplars',
    upstreamDefault: '100',
    reason: 'A panel shows fewer.',
  },
  {
    key: 'query_frontend.search.default_result_limit',
    beyond: 'Leaves out further traces where the query names no number',
    upstreamDefault: '20',
    reason: 'Panels and Explore name a number.',
  },
  {
    key: 'query_frontend.search.max_result_limit',
    beyond: 'Refuses a search for more traces',
    upstreamDefault: '262144',
    reason: 'Nobody reads as many.',
  },
  {
    key: 'query_frontend.search.max_spans_per_span_set',
    beyond: 'Refuses a search for more spans of a trace',
    upstreamDefault: '100',
    reason: 'Grafana asks for 3; the trace itself has all of them.',
  },
  {
    key: 'query_frontend.max_outstanding_per_tenant',
    beyond: 'Refuses the query with 429',
    upstreamDefault: '2000',
    alerts: ['TempoQueriesFail'],
    reason: 'Parts of a few searches at once.',
  },
  {
    key: 'query_frontend.query_end_cutoff',
    beyond: 'Leaves the last seconds out of searches and metrics',
    upstreamDefault: '30s',
    reason: 'Their traces are not complete; they appear half a minute later.',
  },
  {
    key: 'querier.max_concurrent_queries',
    beyond: 'Queues the query',
    upstreamDefault: '20',
    alerts: ['TempoQueriesSlow'],
  },
  {
    key: 'query_frontend.max_query_expression_size_bytes',
    beyond: 'Refuses the query with 400',
    upstreamDefault: '131072',
    reason: 'No dashboard comes near it.',
  },
  {
    key: 'querier.search.query_timeout',
    beyond: 'Fails the search',
    upstreamDefault: '30s',
    alerts: ['TempoQueriesFail', 'TempoQueriesSlow'],
    reason: 'Counts for one part of a search.',
  },
  {
    key: 'querier.trace_by_id.query_timeout',
    beyond: 'Fails the look-up of a trace',
    upstreamDefault: '10s',
    alerts: ['TempoQueriesFail', 'TempoQueriesSlow'],
    reason: 'Counts for one part of a look-up.',
  },
  {
    key: 'overrides.defaults.read.max_bytes_per_tag_values_query',
    beyond: 'Leaves out further values of an attribute from lists to choose from',
    upstreamDefault: '1000000',
    reason: 'Searches find values that the list leaves out.',
  },
  {
    key: 'overrides.defaults.read.max_condition_groups_per_tag_query',
    beyond: 'Refuses a list of values for a query with more alternatives',
    upstreamDefault: '100',
    reason: 'Nobody writes as many.',
  },
  {
    key: 'server.grpc_server_max_recv_msg_size',
    beyond: 'Refuses the answer for a large trace',
    reason: '100 MiB, far above tempo.limits.maxTraceSize.',
  },
  {
    key: 'server.grpc_server_max_send_msg_size',
    beyond: 'Refuses the answer for a large trace',
    reason: 'As for receiving.',
  },
  {
    key: 'server.http_server_read_timeout',
    beyond: 'Closes the connection',
    reason: 'Longer than a query over all of the retention takes.',
  },
  {
    key: 'server.http_server_write_timeout',
    beyond: 'Closes the connection',
    reason: 'As for reading.',
  },
];

/**
 * Every limit of Tempo that can reject, truncate or drop spans, or refuse a query.
 *
 * @see https://grafana.com/docs/tempo/v3.0.x/configuration/
 */
export const TEMPO_LIMITS: readonly Limit[] = [...INGEST_LIMITS, ...QUERY_LIMITS];
