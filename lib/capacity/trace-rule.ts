import type { TracingSettings } from '../tracing/settings';
import { rule } from '../values/rule';
import { tracingFor } from './collectors';
import type { Loaded } from './loaded';
import { keptPercentage, type TraceLoad } from './traces';

/** Settings from which the spans sent to Tempo are estimated. */
export const SPAN_FACTS = [
  'capacity.spansPerSecond',
  'capacity.spanSize',
  'capacity.keptPercentage',
  'tracing.sampling',
] as const;

/** The settings that depend on the load, with the number of collectors that it needs. */
interface Traced extends Omit<Loaded, 'tracing'> {
  readonly tracing: TracingSettings;
}

/** Stores that sampled spans go to; each has a queue. */
export const storesOf = ({ tempo, tracing }: Pick<Traced, 'tempo' | 'tracing'>) =>
  Object.keys(tracing.destinations).length + (tempo.enabled ? 1 : 0);

/** A rule that applies only with a collector. */
export const collectorRule = (
  [first, ...others]: readonly [string, ...string[]],
  problem: (settings: Traced) => string | undefined,
) =>
  rule<Loaded>(
    [
      first,
      ...others,
      'tracing.sampling',
      'capacity.spansPerSecond',
      'tempo.enabled',
      'tracing.destinations',
    ],
    (settings) => {
      const traced = { ...settings, tracing: tracingFor(settings) };
      return traced.tracing.sampling.type === 'client' || storesOf(traced) === 0
        ? undefined
        : problem(traced);
    },
  );

/** A rule that applies only with Tempo. */
export const traceRule = (
  [first, ...others]: readonly [string, ...string[]],
  problem: (settings: Traced) => string | undefined,
) =>
  rule<Loaded>([first, ...others, 'tempo.enabled'], (settings) =>
    settings.tempo.enabled ? problem({ ...settings, tracing: tracingFor(settings) }) : undefined,
  );

/** The load of Tempo; undefined if the values do not specify it. */
export function traceLoad({
  capacity,
  tracing,
}: Pick<Traced, 'capacity' | 'tracing'>): TraceLoad | undefined {
  if (capacity.spansPerSecond === undefined) return undefined;
  const share = keptPercentage(capacity, tracing.sampling) / 100;
  return { keptSpansPerSecond: capacity.spansPerSecond * share, spanSize: capacity.spanSize.value };
}

/** What Tempo receives, in words. */
export function spansText(load: TraceLoad | undefined): string {
  return `${Math.ceil(load?.keptSpansPerSecond ?? 0)} sampled spans per second (capacity.spansPerSecond)`;
}
