import { LIVE_TRACES_PART } from '../tempo/settings';
import type { SamplingSettings } from '../tracing/sampling-settings';
import { FILL, PEAK, TEMPO } from './measured';
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

/**
 * Incomplete traces at a time, assuming one span per trace. Traces with more spans live longer, but there are fewer.
 */
export function liveTraces({ keptSpansPerSecond }: TraceLoad): number {
  return Math.ceil(keptSpansPerSecond * PEAK * TEMPO.spanSeconds);
}
