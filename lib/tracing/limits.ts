import type { Limit } from '../monitoring/limit';

/**
 * Every limit of the trace collector that can reject, truncate or drop spans, or the metrics of spans.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export const COLLECTOR_LIMITS: readonly Limit[] = [
  {
    key: 'receivers.otlp.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Rejects the request with RESOURCE_EXHAUSTED; SDKs drop its spans, and no metric counts them',
    setting: 'capacity.spanSize',
    reason: 'An SDK sends 512 spans at once; capacity.spanSize is at most 60Ki.',
  },
  {
    key: 'receivers.otlp.protocols.http.max_request_body_size',
    beyond: 'Rejects the request with 413, and SDKs drop its spans',
    setting: 'capacity.spanSize',
    reason: 'Same as for gRPC.',
  },
  {
    key: 'receivers.jaeger.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Rejects the request, and clients drop its spans',
    setting: 'capacity.spanSize',
    reason: 'Same as for OTLP.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_http.max_request_body_size',
    beyond: 'Rejects the request, and clients drop its spans',
    setting: 'capacity.spanSize',
    reason: 'Same as for OTLP.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_compact.max_packet_size',
    beyond: 'Truncates the datagram and drops its spans',
    upstreamDefault: '65000',
    reason: 'UDP datagrams are rarely larger. Clients with large spans use OTLP.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_compact.queue_size',
    beyond: 'Drops further datagrams',
    upstreamDefault: '1000',
    reason: 'UDP does not guarantee delivery. OTLP waits and retries.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_binary.max_packet_size',
    beyond: 'Truncates the datagram and drops its spans',
    upstreamDefault: '65000',
    reason: 'Same as for thrift_compact.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_binary.queue_size',
    beyond: 'Drops further datagrams',
    upstreamDefault: '1000',
    reason: 'Same as for thrift_compact.',
  },
  {
    key: 'receivers.zipkin.max_request_body_size',
    beyond: 'Rejects the request, and clients drop its spans',
    setting: 'capacity.spanSize',
    reason: 'Same as for OTLP.',
  },
  {
    key: 'processors.memory_limiter.limit_mib',
    beyond: 'Rejects spans, and clients retry',
    setting: 'tracing.resources.memoryLimit',
    alerts: ['TraceCollectorRefusesSpans'],
  },
  {
    key: 'processors.memory_limiter.spike_limit_mib',
    beyond: 'Rejects spans, and clients retry',
    setting: 'tracing.resources.memoryLimit',
    alerts: ['TraceCollectorRefusesSpans'],
  },
  {
    key: 'processors.tail_sampling.num_traces',
    beyond: 'Drops the oldest trace before its sampling decision',
    setting: 'tracing.sampling.expectedSpansPerSecond',
    alerts: ['TraceBufferTooSmall'],
  },
  {
    key: 'processors.tail_sampling.decision_cache.sampled_cache_size',
    beyond: 'Samples later spans of the trace separately',
    setting: 'tracing.sampling.expectedSpansPerSecond',
    reason: 'Five times the buffer.',
  },
  {
    key: 'processors.tail_sampling.decision_cache.non_sampled_cache_size',
    beyond: 'Samples later spans of the trace separately',
    setting: 'tracing.sampling.expectedSpansPerSecond',
    reason: 'Five times the buffer.',
  },
  {
    key: 'processors.batch.send_batch_max_size',
    beyond: 'Splits the batch',
    reason: 'Nothing is lost.',
  },
  {
    key: 'connectors.span_metrics.aggregation_cardinality_limit',
    beyond: 'Counts further series in one overflow series',
    setting: 'tracing.maxSeries',
    alerts: ['SpanMetricsOverflow'],
  },
  {
    key: 'connectors.span_metrics.exemplars.max_per_data_point',
    beyond: 'Omits further exemplars',
    upstreamDefault: '5',
    reason: 'One exemplar is enough for a link.',
  },
  {
    key: 'connectors.span_metrics.resource_metrics_cache_size',
    beyond: 'Restarts the counters of a service',
    upstreamDefault: '1000',
    reason: 'Each service has one entry, and a cluster has fewer services.',
  },
  {
    key: 'connectors.service_graph.store.max_items',
    beyond: 'Omits calls from the service graph',
    setting: 'tracing.sampling.expectedSpansPerSecond',
    alerts: ['ServiceGraphIncomplete'],
  },
  {
    key: 'exporters.otlp_grpc/tempo.sending_queue.queue_size',
    beyond: 'Drops sampled spans',
    setting: 'tracing.queue.size',
    alerts: ['TraceQueueFillingUp', 'TracesLost'],
  },
  {
    key: 'exporters.otlp_grpc/tempo.sending_queue.batch.max_size',
    beyond: 'Splits the request',
    setting: 'tempo.limits.ingestionBurst',
    reason: "Half of Tempo's ingestion burst. Nothing is lost.",
  },
  {
    key: 'exporters.otlp_grpc/tempo.retry_on_failure.max_elapsed_time',
    beyond: 'Drops the request',
    alerts: ['TraceExportFails'],
    reason: '0s: the collector retries without end.',
  },
  {
    key: 'exporters.otlp_grpc/tempo.timeout',
    beyond: 'Retries the request',
    upstreamDefault: '5s',
    alerts: ['TraceExportFails'],
  },
];
