import { LOG_QUEUE_BYTES } from '../tracing/otlp-log-sending';
import {
  bufferedSpans,
  hasTiers,
  MOST_SAMPLERS,
  type SamplingSettings,
  samplersOf,
} from '../tracing/sampling-settings';
import { type CollectorCounts, completeTracing, type TracingSettings } from '../tracing/settings';
import type { Loaded } from './loaded';
import { COLLECTOR, FIRST_TIER, PEAK } from './measured';

/** Numbers of collectors: those in the values, otherwise as many as the spans at peak load need. */
export function collectorCounts({
  capacity,
  tracing,
}: Pick<Loaded, 'capacity' | 'tracing'>): CollectorCounts {
  const { sampling, firstTier } = tracing;
  const peak = (capacity.spansPerSecond ?? 0) * PEAK;
  const isDerived = sampling.type === 'tail' && sampling.replicas === undefined;
  return {
    samplers: isDerived ? samplersFor(peak) : samplersOf(sampling),
    firstTier: firstTier.replicas ?? Math.max(2, Math.ceil(peak / FIRST_TIER.spansPerSecond)),
  };
}

/** One collector, or as many as needed while one of them restarts. */
function samplersFor(peak: number): number {
  const needed = Math.ceil(peak / COLLECTOR.spansPerSecond);
  return needed <= 1 ? 1 : Math.min(MOST_SAMPLERS, needed + 1);
}

/** Settings of the trace path with the derived numbers of collectors. */
export function tracingFor(settings: Pick<Loaded, 'capacity' | 'tracing'>): TracingSettings {
  return completeTracing(settings.tracing, collectorCounts(settings));
}

/** Bytes of log records of SDKs that all collectors together send at once when Loki is back after an outage. */
export function logQueueBytes({ logs, ...settings }: Pick<Loaded, 'capacity' | 'logs' | 'tracing'>): number {
  if (!logs.otlp.enabled) return 0;
  const { sampling, firstTier } = tracingFor(settings);
  return LOG_QUEUE_BYTES * (hasTiers(sampling) ? firstTier.replicas : samplersOf(sampling));
}

/** Number of collectors that share all spans. Of several that sample traces, one may restart. */
export function sharersOf(sampling: SamplingSettings): number {
  const samplers = samplersOf(sampling);
  return sampling.type === 'tail' ? Math.max(1, samplers - 1) : samplers;
}

/** The memory limit that a collector requires, in bytes: undecided spans, and a queue for each store. */
export function collectorMemoryBytes(
  { sampling, queue }: Pick<TracingSettings, 'sampling' | 'queue'>,
  spanSize: number,
  queues = 1,
): number {
  const undecided = sampling.type === 'tail' ? bufferedSpans(sampling) : 0;
  const queued = queue.persistent ? 0 : queue.size.value * queues;
  const { idleBytes, spanBytes, contentRatio, queueRatio } = COLLECTOR;
  return idleBytes + undecided * (spanBytes + contentRatio * spanSize) + queueRatio * queued;
}

/** The CPU request that one collector requires, in millicores. Peaks use spare CPU of the node. */
export function collectorMillicores(spansPerSecond: number): number {
  return COLLECTOR.idleMillicores + 1_000 * COLLECTOR.cpuSecondsPerSpan * spansPerSecond;
}

/** Like {@link collectorMillicores}, for a collector of the first tier. */
export function firstTierMillicores(spansPerSecond: number): number {
  return COLLECTOR.idleMillicores + 1_000 * FIRST_TIER.cpuSecondsPerSpan * spansPerSecond;
}

/** The memory limit that a collector of the first tier requires, in bytes. */
export function firstTierMemoryBytes({ queueSize }: TracingSettings['firstTier']): number {
  return COLLECTOR.idleBytes + COLLECTOR.queueRatio * queueSize.value;
}
