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
    beyond: 'Rejects the request with 413; SDKs drop its spans',
    setting: 'capacity.spanSize',
    reason: 'As for gRPC.',
  },
  {
    key: 'receivers.jaeger.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Rejects the request; clients drop its spans',
    setting: 'capacity.spanSize',
    reason: 'As for OTLP.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_http.max_request_body_size',
    beyond: 'Rejects the request; clients drop its spans',
    setting: 'capacity.spanSize',
    reason: 'As for OTLP.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_compact.max_packet_size',
    beyond: 'Truncates the datagram, and drops its spans',
    upstreamDefault: '65000',
    reason: 'No UDP datagram is much larger; clients with large spans use OTLP.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_compact.queue_size',
    beyond: 'Drops further datagrams',
    upstreamDefault: '1000',
    reason: 'UDP promises nothing; OTLP waits and tries again.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_binary.max_packet_size',
    beyond: 'Truncates the datagram, and drops its spans',
    upstreamDefault: '65000',
    reason: 'As for thrift_compact.',
  },
  {
    key: 'receivers.jaeger.protocols.thrift_binary.queue_size',
    beyond: 'Drops further datagrams',
    upstreamDefault: '1000',
    reason: 'As for thrift_compact.',
  },
  {
    key: 'receivers.zipkin.max_request_body_size',
    beyond: 'Rejects the request; clients drop its spans',
    setting: 'capacity.spanSize',
    reason: 'As for OTLP.',
  },
  {
    key: 'processors.memory_limiter.limit_mib',
    beyond: 'Rejects spans; clients send them again',
    setting: 'tracing.resources.memoryLimit',
    alerts: ['TraceCollectorRefusesSpans'],
  },
  {
    key: 'processors.memory_limiter.spike_limit_mib',
    beyond: 'Rejects spans; clients send them again',
    setting: 'tracing.resources.memoryLimit',
    alerts: ['TraceCollectorRefusesSpans'],
  },
  {
    key: 'processors.tail_sampling.num_traces',
    beyond: 'Drops the oldest trace before it is decided',
    setting: 'tracing.sampling.expectedSpansPerSecond',
    alerts: ['TraceBufferTooSmall'],
  },
  {
    key: 'processors.tail_sampling.decision_cache.sampled_cache_size',
    beyond: 'Decides spans that come later once more, by themselves',
    setting: 'tracing.sampling.expectedSpansPerSecond',
    reason: 'Five times the buffer.',
  },
  {
    key: 'processors.tail_sampling.decision_cache.non_sampled_cache_size',
    beyond: 'Decides spans that come later once more, by themselves',
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
    beyond: 'Counts further series in one that says so',
    setting: 'tracing.maxSeries',
    alerts: ['SpanMetricsOverflow'],
  },
  {
    key: 'connectors.span_metrics.exemplars.max_per_data_point',
    beyond: 'Leaves out further exemplars',
    upstreamDefault: '5',
    reason: 'One is enough for a jump.',
  },
  {
    key: 'connectors.span_metrics.resource_metrics_cache_size',
    beyond: 'Starts the counters of a service anew',
    upstreamDefault: '1000',
    reason: 'Each service has one entry, and a cluster has fewer.',
  },
  {
    key: 'connectors.service_graph.store.max_items',
    beyond: 'Leaves out calls from the service graph',
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
    reason: 'Half of what Tempo ingests at once; nothing is lost.',
  },
  {
    key: 'exporters.otlp_grpc/tempo.retry_on_failure.max_elapsed_time',
    beyond: 'Drops the request',
    alerts: ['TraceExportFails'],
    reason: '0s: the collector sends again without end.',
  },
  {
    key: 'exporters.otlp_grpc/tempo.timeout',
    beyond: 'Sends the request again',
    upstreamDefault: '5s',
    alerts: ['TraceExportFails'],
  },
];
