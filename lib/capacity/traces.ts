import { LIVE_TRACES_PART } from '../tempo/settings';
import { bufferedSpans, type SamplingSettings, type TracingSettings } from '../tracing/settings';
import { COLLECTOR, FILL, PEAK, TEMPO } from './measured';
import type { CapacitySettings } from './settings';

const HOUR_SECONDS = 3_600;

/** The load of Tempo: average spans received per second, and the size of a span. */
export interface TraceLoad {
  readonly keptSpansPerSecond: number;
  readonly spanSize: number;
}

/** Percentage of spans to keep. */
export function keptPercentage(capacity: CapacitySettings, sampling: SamplingSettings): number {
  if (capacity.keptPercentage !== undefined) return capacity.keptPercentage;
  if (sampling.type === 'client') return 100;
  if (sampling.type === 'probabilistic') return sampling.percentage;
  const always = [sampling.keepErrors, sampling.keepSlowerThan !== undefined].filter(Boolean).length;
  return Math.min(100, sampling.percentage + always);
}

/** The volume size that Tempo requires, in bytes. */
export function tempoVolumeBytes(
  { keptSpansPerSecond, spanSize }: TraceLoad,
  retentionHours: number,
): number {
  const seconds = (retentionHours + TEMPO.extraHours) * HOUR_SECONDS;
  return (keptSpansPerSecond * spanSize * TEMPO.diskRatio * seconds) / FILL;
}

/** The ingestion rate that Tempo requires, in bytes per second. */
export function tempoIngestionBytes({ keptSpansPerSecond, spanSize }: TraceLoad): number {
  return keptSpansPerSecond * spanSize * PEAK;
}

/** The memory limit that traces in memory require, in bytes. */
export function tempoMemoryBytes(load: TraceLoad): number {
  return (tempoIngestionBytes(load) * TEMPO.traceSeconds) / LIVE_TRACES_PART;
}

/** The memory limit that the collector requires, in bytes: undecided spans, and a queue for each store. */
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

/**
 * Incomplete traces at a time, assuming one span per trace. Traces with more spans live longer, but there are fewer.
 */
export function liveTraces({ keptSpansPerSecond }: TraceLoad): number {
  return Math.ceil(keptSpansPerSecond * PEAK * TEMPO.spanSeconds);
}

/** The CPU request that one collector requires, in millicores. Peaks use spare CPU of the node. */
export function collectorMillicores(spansPerSecond: number): number {
  return COLLECTOR.idleMillicores + 1_000 * COLLECTOR.cpuSecondsPerSpan * spansPerSecond;
}
