import { memoryLimiter, ownTelemetry } from '../otel-agent/collector-parts';
import { type LogRoute, otlpLogs } from './otlp-logs';
import { clusterMetadata, POD_METADATA } from './pod-metadata';
import { remoteSampling } from './remote-sampling';
import { type CollectorSampling, samplingProcessor } from './sampling';
import { replicasOf, type TracingSettings } from './settings';
import { traceReceivers } from './trace-protocols';

/** Ports other than those of the receivers. */
export const PORTS = { health: 13133, ownMetrics: 8888, spanMetrics: 8889 } as const;

/** Mount path of the configuration. */
export const CONFIG_DIRECTORY = '/etc/otelcol';

/** Location of a persistent queue. */
export const QUEUE_DIRECTORY = '/var/lib/otelcol';

/** Extension that stores a persistent queue. */
const QUEUE_STORAGE = 'file_storage/queue';

/** Number of spans or metric points sent together. */
export const BATCH_SPANS = 1_000;

/** The store that receives sampled spans. */
export interface TraceStore {
  /** Host and port of its OTLP receiver over gRPC. */
  readonly address: string;
  /** Maximum request size that it accepts, in bytes. */
  readonly maxRequestBytes: number;
}

/**
 * Builds the collector's configuration: compute metrics of every span, sample, then send the sampled spans to Tempo.
 *
 * @param sampling The settings' own value, for a mode with a collector.
 * @param logRoute Destination of log records; without it, the collector rejects them.
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function collectorConfig(
  settings: TracingSettings,
  sampling: CollectorSampling,
  tempo: TraceStore,
  clusterName: string | undefined,
  logRoute?: LogRoute,
) {
  const memoryMiB = settings.resources.memoryLimit.mebibytes;
  const sampler = samplingProcessor(sampling);
  const { queue } = settings;
  const metadata = { ...POD_METADATA, ...clusterMetadata(clusterName) };
  const logs = logRoute && otlpLogs(logRoute, clusterName, queue.persistent ? QUEUE_STORAGE : undefined);
  const extensions = {
    health_check: { endpoint: `0.0.0.0:${PORTS.health}` },
    ...(queue.persistent ? { [QUEUE_STORAGE]: { directory: QUEUE_DIRECTORY, create_directory: true } } : {}),
    ...(settings.remoteSampling ? remoteSampling(CONFIG_DIRECTORY) : {}),
  };
  return {
    receivers: traceReceivers(settings.corsAllowedOrigins, replicasOf(sampling)),
    processors: {
      // Rejects spans, which clients retry, before the kernel kills the process.
      memory_limiter: memoryLimiter(memoryMiB),
      ...metadata,
      ...sampler,
      ...logs?.processors,
      batch: { send_batch_size: BATCH_SPANS, send_batch_max_size: BATCH_SPANS },
      // Grafana's Tempo datasource expects the names that Tempo's own generator uses.
      'transform/grafana': {
        metric_statements: [
          {
            context: 'metric',
            statements: [
              'set(unit, "") where name == "traces.spanmetrics.duration"',
              'set(name, "traces.spanmetrics.latency") where name == "traces.spanmetrics.duration"',
            ],
          },
          {
            context: 'datapoint',
            statements: [
              'set(attributes["service"], attributes["service.name"]) where attributes["service.name"] != nil',
            ],
          },
        ],
      },
    },
    connectors: {
      'forward/sampling': {},
      span_metrics: {
        namespace: 'traces.spanmetrics',
        histogram: {
          unit: 's',
          explicit: {
            buckets: ['5ms', '10ms', '25ms', '50ms', '100ms', '250ms', '500ms', '1s', '2500ms', '5s', '10s'],
          },
        },
        exemplars: { enabled: true },
        // A random id of the process, which would create a new set of series at each restart.
        exclude_dimensions: ['collector.instance.id'],
        resource_metrics_key_attributes: ['service.name'],
        aggregation_cardinality_limit: settings.maxSeries,
        metrics_flush_interval: '15s',
        metrics_expiration: '5m',
      },
      service_graph: {
        metrics_flush_interval: '15s',
        store: { ttl: '10s', max_items: unpairedCalls(sampling) },
      },
    },
    exporters: {
      'otlp_grpc/tempo': {
        endpoint: tempo.address,
        tls: { insecure: true },
        // 0 retries without end: what cannot be sent waits in the queue.
        retry_on_failure: { enabled: true, max_interval: '10s', max_elapsed_time: '0s' },
        sending_queue: {
          enabled: true,
          sizer: 'bytes',
          queue_size: queue.size.value,
          ...(queue.persistent ? { storage: QUEUE_STORAGE } : {}),
          // Splits by bytes. Tempo would always reject a larger request, and the queue would stall.
          batch: { sizer: 'bytes', min_size: 0, max_size: tempo.maxRequestBytes, flush_timeout: '1s' },
        },
      },
      ...logs?.exporters,
      prometheus: {
        endpoint: `0.0.0.0:${PORTS.spanMetrics}`,
        metric_expiration: '5m',
        // Only this format contains exemplars.
        enable_open_metrics: true,
        without_scope_info: true,
        translation_strategy: 'UnderscoreEscapingWithSuffixes',
      },
    },
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: ownTelemetry(settings.logLevel, PORTS.ownMetrics),
      pipelines: {
        'traces/in': {
          receivers: ['otlp', 'jaeger', 'zipkin'],
          processors: ['memory_limiter', ...Object.keys(metadata)],
          exporters: ['span_metrics', 'service_graph', 'forward/sampling'],
        },
        'traces/tempo': {
          receivers: ['forward/sampling'],
          processors: [...Object.keys(sampler), 'batch'],
          exporters: ['otlp_grpc/tempo'],
        },
        ...logs?.pipelines,
        'metrics/spans': {
          receivers: ['span_metrics', 'service_graph'],
          processors: ['transform/grafana', 'batch'],
          exporters: ['prometheus'],
        },
      },
    },
  };
}

/**
 * Number of calls that wait for their peer span, for 10 s and until the next cleanup. Sizing for 12 s was not enough.
 */
function unpairedCalls(sampling: CollectorSampling): number {
  return 15 * (sampling.type === 'tail' ? sampling.expectedSpansPerSecond : 1_000);
}
