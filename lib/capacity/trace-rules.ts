import { formatBytes } from '../kubernetes/format-amount';
import { BATCH_SPANS } from '../tracing/config';
import { replicasOf, type SamplingSettings } from '../tracing/settings';
import { SDK_BATCH_SPANS } from '../tracing/trace-protocols';
import { rule } from '../values/rule';
import type { Loaded } from './loaded';
import { COLLECTOR, PEAK, TEMPO_AWAY_SECONDS } from './measured';
import {
  collectorMemoryBytes,
  collectorMillicores,
  keptPercentage,
  liveTraces,
  type TraceLoad,
  tempoIngestionBytes,
  tempoMemoryBytes,
  tempoVolumeBytes,
} from './traces';
import { volumeProblem } from './volume-problem';

const HOUR_SECONDS = 3_600;

/** Settings from which the spans sent to Tempo are estimated. */
const SPAN_FACTS = [
  'capacity.spansPerSecond',
  'capacity.spanSize',
  'capacity.keptPercentage',
  'tracing.sampling',
] as const;

/** A rule that applies only with Tempo. */
const traceRule = (
  [first, ...others]: readonly [string, ...string[]],
  problem: (settings: Loaded) => string | undefined,
) =>
  rule<Loaded>([first, ...others, 'tempo.enabled'], (settings) =>
    settings.tempo.enabled ? problem(settings) : undefined,
  );

/** Stores that sampled spans go to; each has a queue. */
const storesOf = ({ tempo, tracing }: Pick<Loaded, 'tempo' | 'tracing'>) =>
  Object.keys(tracing.destinations).length + (tempo.enabled ? 1 : 0);

/** Rules for sizes and limits of Tempo and the collector that are too small for the spans of the cluster. */
export const TRACE_RULES = [
  traceRule(
    ['tempo.limits.ingestionBurst', 'capacity.spanSize', 'tracing.sampling'],
    ({ tempo, capacity: { spanSize }, tracing: { sampling } }) => {
      const batch = SDK_BATCH_SPANS * spanSize.value;
      return sampling.type === 'client' && tempo.limits.ingestionBurst.value < batch
        ? `must be at least ${formatBytes(batch)}, the size of a batch from an SDK: ${SDK_BATCH_SPANS} spans of capacity.spanSize (${spanSize})`
        : undefined;
    },
  ),

  traceRule(
    ['tracing.queue.size', 'capacity.spanSize', 'tracing.sampling'],
    ({ capacity: { spanSize }, tracing: { queue, sampling } }) => {
      const batch = BATCH_SPANS * spanSize.value;
      return sampling.type !== 'client' && queue.size.value < batch
        ? `must be at least ${formatBytes(batch)}, one batch: ${BATCH_SPANS} spans of capacity.spanSize (${spanSize})`
        : undefined;
    },
  ),

  traceRule(['capacity.keptPercentage', ...SPAN_FACTS], ({ capacity, tracing: { sampling } }) =>
    capacity.spansPerSecond !== undefined &&
    capacity.keptPercentage === undefined &&
    sampling.type === 'tail' &&
    Object.keys(sampling.services).length > 0
      ? 'is required if services have their own percentage (tracing.sampling.services)'
      : undefined,
  ),

  traceRule(
    [
      'tempo.storage.size',
      'tempo.retention',
      'tempo.compactedBlockRetention',
      'tempo.storage.type',
      ...SPAN_FACTS,
    ],
    ({ tempo, ...settings }) => {
      const load = traceLoad(settings);
      if (load === undefined) return undefined;
      if (tempo.storage.type !== 'filesystem') {
        const needed = tempoVolumeBytes(load, 0);
        return tempo.storage.size.value < needed
          ? `must be at least ${Math.ceil(needed / 2 ** 30)}Gi for what is not in the bucket yet of ${spansText(load)}`
          : undefined;
      }
      const merged = tempo.compactedBlockRetention.seconds / HOUR_SECONDS;
      return volumeProblem({
        size: tempo.storage.size.value,
        retention: { time: tempo.retention, stepHours: 1, setting: 'tempo.retention' },
        needed: (hours) => tempoVolumeBytes(load, hours + merged),
        load: spansText(load),
      });
    },
  ),

  traceRule(['tempo.limits.ingestionRate', ...SPAN_FACTS], ({ tempo, ...settings }) => {
    const load = traceLoad(settings);
    const needed = load && tempoIngestionBytes(load);
    return needed && tempo.limits.ingestionRate.value < needed
      ? `must be at least ${formatBytes(needed)} for ${spansText(load)} and a peak of ${PEAK} times that`
      : undefined;
  }),

  traceRule(['tempo.limits.maxLiveTraces', ...SPAN_FACTS], ({ tempo, ...settings }) => {
    const load = traceLoad(settings);
    const needed = load && liveTraces(load);
    return needed && tempo.limits.maxLiveTraces < needed
      ? `must be at least ${needed} for ${spansText(load)} and a peak of ${PEAK} times that, with one span per trace`
      : undefined;
  }),

  traceRule(['tempo.resources.memoryLimit', ...SPAN_FACTS], ({ tempo, ...settings }) => {
    const load = traceLoad(settings);
    const needed = load && tempoMemoryBytes(load);
    return needed && tempo.resources.memoryLimit.value < needed
      ? `must be at least ${formatBytes(needed)} for ${spansText(load)} and a peak of ${PEAK} times that`
      : undefined;
  }),

  rule<Loaded>(
    [
      'tracing.resources.memoryLimit',
      'tracing.sampling',
      'capacity.spanSize',
      'tracing.queue.size',
      'tracing.queue.persistent',
      'tracing.destinations',
      'tempo.enabled',
    ],
    ({ tempo, tracing, capacity: { spanSize } }) => {
      const stores = storesOf({ tempo, tracing });
      if (stores === 0) return undefined;
      const needed = collectorMemoryBytes(tracing, spanSize.value, stores);
      return tracing.sampling.type !== 'client' && tracing.resources.memoryLimit.value < needed
        ? `must be at least ${formatBytes(needed)}: 96Mi, plus 8Ki and 4 times capacity.spanSize ` +
            `(${spanSize}) for each undecided span of tracing.sampling (decisionWait × ` +
            `expectedSpansPerSecond), plus 4 times tracing.queue.size in memory${stores === 1 ? '' : ` for each of ${stores} stores`}`
        : undefined;
    },
  ),

  rule<Loaded>(
    [
      'tracing.queue.storage.size',
      'tracing.queue.size',
      'tracing.queue.persistent',
      'tracing.destinations',
      'tempo.enabled',
    ],
    ({ tempo, tracing }) => {
      const { queue } = tracing;
      const stores = storesOf({ tempo, tracing });
      const needed = 2 * queue.size.value * stores;
      return queue.persistent && stores > 1 && queue.storage.size.value < needed
        ? `must be at least ${formatBytes(needed)}: twice tracing.queue.size (${queue.size}) for each of ${stores} stores`
        : undefined;
    },
  ),

  traceRule(['tracing.queue.size', ...SPAN_FACTS], ({ tracing, ...settings }) => {
    const load = traceLoad({ tracing, ...settings });
    const needed = load && tempoIngestionBytes(load) * TEMPO_AWAY_SECONDS;
    return needed && tracing.sampling.type !== 'client' && tracing.queue.size.value < needed
      ? `must be at least ${formatBytes(needed)} for ${spansText(load)} while Tempo is down for ${TEMPO_AWAY_SECONDS / 60} minutes at peak load`
      : undefined;
  }),

  traceRule(
    ['capacity.spansPerSecond', 'tracing.sampling'],
    ({ capacity: { spansPerSecond }, tracing: { sampling } }) => {
      if (sampling.type === 'client' || spansPerSecond === undefined) return undefined;
      const most = (replicasOf(sampling) * COLLECTOR.spansPerSecond) / PEAK;
      return spansPerSecond > most
        ? `must be at most ${most} for ${collectors(sampling)}: one collector was measured with ` +
            `${COLLECTOR.spansPerSecond} spans per second, and peak load is ${PEAK} times the average; ` +
            'beyond it, set tracing.sampling to type probabilistic with more replicas, or to type client'
        : undefined;
    },
  ),

  traceRule(
    ['tracing.resources.cpu', 'capacity.spansPerSecond', 'tracing.sampling'],
    ({ capacity: { spansPerSecond }, tracing: { sampling, resources } }) => {
      if (sampling.type === 'client' || spansPerSecond === undefined) return undefined;
      const needed = Math.ceil(collectorMillicores(spansPerSecond / replicasOf(sampling)));
      return resources.cpu.value * 1000 < needed
        ? `must be at least ${needed}m for ${spansPerSecond} spans per second (capacity.spansPerSecond) and ${collectors(sampling)}`
        : undefined;
    },
  ),

  traceRule(
    ['tracing.sampling.expectedSpansPerSecond', ...SPAN_FACTS],
    ({ capacity: { spansPerSecond }, tracing: { sampling } }) =>
      sampling.type === 'tail' &&
      spansPerSecond !== undefined &&
      sampling.expectedSpansPerSecond < spansPerSecond * PEAK
        ? `must be at least ${spansPerSecond * PEAK}, ${PEAK} times capacity.spansPerSecond; with less, the sampler drops undecided traces at peak load`
        : undefined,
  ),
];

function collectors(sampling: SamplingSettings): string {
  const replicas = replicasOf(sampling);
  return replicas === 1 ? 'one collector' : `${replicas} collectors`;
}

/** The load of Tempo; undefined if the values do not specify it. */
function traceLoad({ capacity, tracing }: Pick<Loaded, 'capacity' | 'tracing'>): TraceLoad | undefined {
  if (capacity.spansPerSecond === undefined) return undefined;
  const share = keptPercentage(capacity, tracing.sampling) / 100;
  return { keptSpansPerSecond: capacity.spansPerSecond * share, spanSize: capacity.spanSize.value };
}

function spansText(load: TraceLoad | undefined): string {
  return `${Math.ceil(load?.keptSpansPerSecond ?? 0)} sampled spans per second (capacity.spansPerSecond)`;
}
