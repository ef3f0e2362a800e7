import { LIVE_TRACES_PART } from '../tempo/settings';
import { bufferedSpans, type SamplingSettings, type TracingSettings } from '../tracing/settings';
import { COLLECTOR, FILL, PEAK, TEMPO } from './measured';
import type { CapacitySettings } from './settings';

const HOUR_SECONDS = 3_600;

/** What Tempo is to hold: spans that it is sent in a second, on average, and the size of one. */
export interface TraceLoad {
  readonly keptSpansPerSecond: number;
  readonly spanSize: number;
}

/** Share of spans that is kept, in percent. */
export function keptPercentage(capacity: CapacitySettings, sampling: SamplingSettings): number {
  if (capacity.keptPercentage !== undefined) return capacity.keptPercentage;
  if (sampling.type === 'client') return 100;
  if (sampling.type === 'probabilistic') return sampling.percentage;
  const always = [sampling.keepErrors, sampling.keepSlowerThan !== undefined].filter(Boolean).length;
  return Math.min(100, sampling.percentage + always);
}

/** The volume that Tempo needs, in bytes. */
export function tempoVolumeBytes(
  { keptSpansPerSecond, spanSize }: TraceLoad,
  retentionHours: number,
): number {
  const seconds = (retentionHours + TEMPO.extraHours) * HOUR_SECONDS;
  return (keptSpansPerSecond * spanSize * TEMPO.diskRatio * seconds) / FILL;
}

/** The ingestion rate that Tempo needs, in bytes per second. */
export function tempoIngestionBytes({ keptSpansPerSecond, spanSize }: TraceLoad): number {
  return keptSpansPerSecond * spanSize * PEAK;
}

/** The memory limit that traces in memory need, in bytes. */
export function tempoMemoryBytes(load: TraceLoad): number {
  return (tempoIngestionBytes(load) * TEMPO.traceSeconds) / LIVE_TRACES_PART;
}

/** The memory limit that the collector needs, in bytes: spans that are not decided yet, and those that wait for Tempo. */
export function collectorMemoryBytes(
  { sampling, queue }: Pick<TracingSettings, 'sampling' | 'queue'>,
  spanSize: number,
): number {
  const undecided = sampling.type === 'tail' ? bufferedSpans(sampling) : 0;
  const queued = queue.persistent ? 0 : queue.size.value;
  const { idleBytes, spanBytes, contentRatio, queueRatio } = COLLECTOR;
  return idleBytes + undecided * (spanBytes + contentRatio * spanSize) + queueRatio * queued;
}

/** Traces that are incomplete at once, if each had one span. With more, a trace lives longer, and there are fewer. */
export function liveTraces({ keptSpansPerSecond }: TraceLoad): number {
  return Math.ceil(keptSpansPerSecond * PEAK * TEMPO.spanSeconds);
}

/** The CPU that one collector has to request, in millicores. Peaks use spare CPU of the node. */
export function collectorMillicores(spansPerSecond: number): number {
  return COLLECTOR.idleMillicores + 1_000 * COLLECTOR.cpuSecondsPerSpan * spansPerSecond;
}
