import type { SamplingSettings } from '../tracing/settings';
import { FILL, PEAK, TEMPO } from './measured';
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
  return (tempoIngestionBytes(load) * TEMPO.traceSeconds) / TEMPO.liveTracesPart;
}

/** Traces that are incomplete at once, if each had one span. With more, a trace lives longer, and there are fewer. */
export function liveTraces({ keptSpansPerSecond }: TraceLoad): number {
  return Math.ceil(keptSpansPerSecond * PEAK * TEMPO.spanSeconds);
}
