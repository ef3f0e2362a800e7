import type { Tenant } from '../tenants/tenants';
import { type ConfigPart, joined } from './config-part';
import { type LogRoute, otlpLogs } from './otlp-logs';
import { type MetricRoute, otlpMetrics } from './otlp-metrics';
import { remoteSampling } from './remote-sampling';
import { type CollectorSampling, spanSampler, TO_SAMPLER } from './sampling';
import { samplersOf, spansPerSecondOfOne } from './sampling-settings';
import type { TracingSettings } from './settings';
import { DISTRIBUTOR, spanDistributor } from './span-distributor';
import { SPAN_METRICS, spanMetrics } from './span-metrics';
import { distributedSpans, spanReceivers } from './span-receivers';
import { QUEUE_STORAGE, spanExporters, spanStores, type TraceStores } from './span-store';

/** Mount path of the configuration. */
export const CONFIG_DIRECTORY = '/etc/otelcol';

/** Number of spans or metric points sent together. */
export const BATCH_SPANS = 1_000;

const BATCH: ConfigPart = {
  processors: { batch: { send_batch_size: BATCH_SPANS, send_batch_max_size: BATCH_SPANS } },
};

/** What a collector needs to know besides its settings. */
export interface CollectorSurroundings {
  /** Name of the cluster. @default spans have none */
  readonly clusterName: string | undefined;
  /** Tenants of the stores. */
  readonly tenants: readonly Tenant[];
  /** Destination of log records. @default the collector rejects them */
  readonly logs?: LogRoute | undefined;
  /** Destination of metrics of SDKs. @default the collector rejects them */
  readonly metrics?: MetricRoute | undefined;
}

/** One tier: computes metrics of every span, samples, then sends the sampled spans to Tempo. */
export function collectorConfig(
  settings: TracingSettings,
  sampling: CollectorSampling,
  stores: TraceStores,
  surroundings: CollectorSurroundings,
) {
  return joined(settings.logLevel, [
    entrance(settings, settings.resources, samplersOf(sampling), surroundings, [...SPAN_METRICS, TO_SAMPLER]),
    spanSampler(sampling, spanExporters(stores)),
    spanStores(stores, settings.queue),
    ...otherSignals(surroundings, settings.queue.persistent ? QUEUE_STORAGE : undefined),
    BATCH,
    spanMetrics(metricsOfOne(settings, sampling)),
    samplingStrategies(settings),
  ]);
}

/** First of two tiers: receives spans and distributes them by trace id. */
export function firstTierConfig(
  settings: TracingSettings,
  samplerHost: string,
  surroundings: CollectorSurroundings,
) {
  const { firstTier } = settings;
  return joined(settings.logLevel, [
    entrance(settings, firstTier.resources, firstTier.replicas, surroundings, [DISTRIBUTOR]),
    spanDistributor(samplerHost, firstTier),
    ...otherSignals(surroundings, undefined),
    samplingStrategies(settings),
  ]);
}

/** Second tier: receives whole traces, computes metrics of every span, samples, then sends the sampled spans to Tempo. */
export function samplerConfig(settings: TracingSettings, sampling: CollectorSampling, stores: TraceStores) {
  return joined(settings.logLevel, [
    distributedSpans(settings.resources.memoryLimit.mebibytes, [...SPAN_METRICS, TO_SAMPLER]),
    spanSampler(sampling, spanExporters(stores)),
    spanStores(stores, settings.queue),
    BATCH,
    spanMetrics(metricsOfOne(settings, sampling)),
  ]);
}

function entrance(
  { corsAllowedOrigins }: TracingSettings,
  { memoryLimit }: TracingSettings['resources'],
  replicas: number,
  { clusterName, tenants }: CollectorSurroundings,
  to: readonly string[],
): ConfigPart {
  return spanReceivers({
    corsAllowedOrigins,
    memoryMiB: memoryLimit.mebibytes,
    replicas,
    clusterName,
    byConnection: tenants.length > 0,
    to,
  });
}

/** Logs and metrics of SDKs. */
function otherSignals(
  { logs, metrics, clusterName, tenants }: CollectorSurroundings,
  storage: string | undefined,
): (ConfigPart | undefined)[] {
  return [
    logs && otlpLogs({ ...logs, tenants }, clusterName, storage),
    metrics && otlpMetrics(metrics, clusterName, storage),
  ];
}

function samplingStrategies(settings: TracingSettings): ConfigPart | undefined {
  return settings.remoteSampling ? { extensions: remoteSampling(CONFIG_DIRECTORY) } : undefined;
}

function metricsOfOne({ maxSeries }: TracingSettings, sampling: CollectorSampling) {
  return {
    maxSeries,
    spansPerSecond: sampling.type === 'tail' ? spansPerSecondOfOne(sampling) : 1_000,
  };
}
