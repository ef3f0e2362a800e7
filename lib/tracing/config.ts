import { type ConfigPart, joined } from './config-part';
import { type LogRoute, otlpLogs } from './otlp-logs';
import { type MetricRoute, otlpMetrics } from './otlp-metrics';
import { remoteSampling } from './remote-sampling';
import { type CollectorSampling, spanSampler, TO_SAMPLER } from './sampling';
import { replicasOf, type TracingSettings } from './settings';
import { SPAN_METRICS, spanMetrics } from './span-metrics';
import { spanReceivers } from './span-receivers';
import { QUEUE_STORAGE, spanExporters, spanStores, type TraceStores } from './span-store';

/** Mount path of the configuration. */
export const CONFIG_DIRECTORY = '/etc/otelcol';

/** Number of spans or metric points sent together. */
export const BATCH_SPANS = 1_000;

const BATCH: ConfigPart = {
  processors: { batch: { send_batch_size: BATCH_SPANS, send_batch_max_size: BATCH_SPANS } },
};

/**
 * Builds the collector's configuration: compute metrics of every span, sample, then send the sampled spans to Tempo.
 *
 * @param sampling The settings' own value, for a mode with a collector.
 * @param routes Destinations of what is not a span; without one, the collector rejects it.
 */
export function collectorConfig(
  settings: TracingSettings,
  sampling: CollectorSampling,
  stores: TraceStores,
  clusterName: string | undefined,
  routes: { readonly logs?: LogRoute | undefined; readonly metrics?: MetricRoute | undefined } = {},
) {
  const { corsAllowedOrigins, queue, maxSeries } = settings;
  const storage = queue.persistent ? QUEUE_STORAGE : undefined;
  return joined(settings.logLevel, [
    spanReceivers({
      corsAllowedOrigins,
      memoryMiB: settings.resources.memoryLimit.mebibytes,
      replicas: replicasOf(sampling),
      clusterName,
      to: [...SPAN_METRICS, TO_SAMPLER],
    }),
    spanSampler(sampling, spanExporters(stores)),
    spanStores(stores, queue),
    routes.logs && otlpLogs(routes.logs, clusterName, storage),
    routes.metrics && otlpMetrics(routes.metrics, clusterName, storage),
    BATCH,
    spanMetrics({ maxSeries, spansPerSecond: spansPerSecond(sampling) }),
    settings.remoteSampling ? { extensions: remoteSampling(CONFIG_DIRECTORY) } : undefined,
  ]);
}

/** Peak number of spans per second. */
function spansPerSecond(sampling: CollectorSampling): number {
  return sampling.type === 'tail' ? sampling.expectedSpansPerSecond : 1_000;
}
