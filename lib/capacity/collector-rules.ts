import { formatBytes } from '../kubernetes/format-amount';
import { BATCH_SPANS } from '../tracing/config';
import { hasTiers, MOST_SAMPLERS, samplersOf } from '../tracing/sampling-settings';
import type { TracingSettings } from '../tracing/settings';
import {
  collectorMemoryBytes,
  collectorMillicores,
  firstTierMemoryBytes,
  firstTierMillicores,
  sharersOf,
} from './collectors';
import { COLLECTOR, FIRST_TIER, PEAK, TEMPO_AWAY_SECONDS } from './measured';
import { collectorRule, SPAN_FACTS, spansText, storesOf, traceLoad } from './trace-rule';
import { tempoIngestionBytes } from './traces';

/** A rule that applies only with two tiers of collectors. */
const firstTierRule: typeof collectorRule = (reads, problem) =>
  collectorRule(reads, (settings) => (hasTiers(settings.tracing.sampling) ? problem(settings) : undefined));

/** Rules for collectors that are too few or too small for the spans of the cluster. */
export const COLLECTOR_RULES = [
  collectorRule(
    ['tracing.queue.size', 'capacity.spanSize'],
    ({ capacity: { spanSize }, tracing: { queue } }) => {
      const batch = BATCH_SPANS * spanSize.value;
      return queue.size.value < batch
        ? `must be at least ${formatBytes(batch)}, one batch: ${BATCH_SPANS} spans of capacity.spanSize (${spanSize})`
        : undefined;
    },
  ),

  collectorRule(['tracing.queue.size', ...SPAN_FACTS], ({ tempo, tracing, ...settings }) => {
    if (!tempo.enabled) return undefined;
    const load = traceLoad({ tracing, ...settings });
    const needed = load && (tempoIngestionBytes(load) * TEMPO_AWAY_SECONDS) / queuesOf(tracing);
    return needed && tracing.queue.size.value < needed
      ? `must be at least ${formatBytes(needed)} for ${spansText(load)} while Tempo is down for ${TEMPO_AWAY_SECONDS / 60} minutes at peak load`
      : undefined;
  }),

  collectorRule(
    ['tracing.queue.storage.size', 'tracing.queue.size', 'tracing.queue.persistent'],
    (settings) => {
      const { queue } = settings.tracing;
      const stores = storesOf(settings);
      const needed = 2 * queue.size.value * stores;
      if (!queue.persistent || queue.storage.size.value >= needed) return undefined;
      return stores === 1
        ? `must be at least twice tracing.queue.size (${queue.size}), because the space of sent data is freed later`
        : `must be at least ${formatBytes(needed)}: twice tracing.queue.size (${queue.size}) for each of ${stores} stores`;
    },
  ),

  collectorRule(['tracing.scheduling.topologySpreadConstraints'], ({ tracing: { scheduling, sampling } }) =>
    scheduling.topologySpreadConstraints.length > 0 && samplersOf(sampling) < 2
      ? `must be empty with tracing.sampling.type ${sampling.type} and one replica`
      : undefined,
  ),

  collectorRule(
    [
      'tracing.resources.memoryLimit',
      'tracing.sampling',
      'capacity.spanSize',
      'tracing.queue.size',
      'tracing.queue.persistent',
    ],
    ({ tempo, tracing, capacity: { spanSize } }) => {
      const stores = storesOf({ tempo, tracing });
      const needed = collectorMemoryBytes(tracing, spanSize.value, stores);
      return tracing.resources.memoryLimit.value < needed
        ? `must be at least ${formatBytes(needed)}: 96Mi, plus 8Ki and 4 times capacity.spanSize ` +
            `(${spanSize}) for each undecided span of tracing.sampling (decisionWait × ` +
            `expectedSpansPerSecond${sharing(tracing)}), plus 4 times tracing.queue.size in memory${stores === 1 ? '' : ` for each of ${stores} stores`}`
        : undefined;
    },
  ),

  collectorRule(
    ['capacity.spansPerSecond', 'tracing.sampling'],
    ({ capacity: { spansPerSecond }, tracing: { sampling } }) => {
      const most = (sharersOf(sampling) * COLLECTOR.spansPerSecond) / PEAK;
      if (spansPerSecond === undefined || spansPerSecond <= most) return undefined;
      const more =
        sampling.type === 'tail'
          ? `set tracing.sampling.replicas to null, which derives it, at most ${MOST_SAMPLERS}`
          : 'set more tracing.sampling.replicas, or tracing.sampling.type client';
      return (
        `must be at most ${most} for ${collectors(sampling)}: one collector was measured with ` +
        `${COLLECTOR.spansPerSecond} spans per second, and peak load is ${PEAK} times the average` +
        `${hasTiers(sampling) ? ', while one of them restarts' : ''}; beyond it, ${more}`
      );
    },
  ),

  collectorRule(
    ['tracing.resources.cpu'],
    ({ capacity: { spansPerSecond }, tracing: { sampling, resources } }) => {
      if (spansPerSecond === undefined) return undefined;
      const needed = Math.ceil(collectorMillicores(spansPerSecond / samplersOf(sampling)));
      return resources.cpu.value * 1000 < needed
        ? `must be at least ${needed}m for ${spansPerSecond} spans per second (capacity.spansPerSecond) and ${collectors(sampling)}`
        : undefined;
    },
  ),

  collectorRule(
    ['tracing.sampling.expectedSpansPerSecond', ...SPAN_FACTS],
    ({ capacity: { spansPerSecond }, tracing: { sampling } }) =>
      sampling.type === 'tail' &&
      spansPerSecond !== undefined &&
      sampling.expectedSpansPerSecond < spansPerSecond * PEAK
        ? `must be at least ${spansPerSecond * PEAK}, ${PEAK} times capacity.spansPerSecond; with less, the sampler drops undecided traces at peak load`
        : undefined,
  ),

  firstTierRule(['tracing.firstTier.replicas'], ({ capacity: { spansPerSecond = 0 }, tracing }) => {
    const needed = Math.ceil((spansPerSecond * PEAK) / FIRST_TIER.spansPerSecond);
    return tracing.firstTier.replicas < needed
      ? `must be at least ${needed} for ${spansPerSecond} spans per second (capacity.spansPerSecond) and a peak of ${PEAK} times that, ${FIRST_TIER.spansPerSecond} each`
      : undefined;
  }),

  firstTierRule(
    ['tracing.firstTier.resources.cpu', 'tracing.firstTier.replicas'],
    ({ capacity: { spansPerSecond = 0 }, tracing: { firstTier } }) => {
      const needed = Math.ceil(firstTierMillicores(spansPerSecond / firstTier.replicas));
      return firstTier.resources.cpu.value * 1000 < needed
        ? `must be at least ${needed}m for ${spansPerSecond} spans per second (capacity.spansPerSecond) and ${firstTier.replicas} collectors`
        : undefined;
    },
  ),

  firstTierRule(
    ['tracing.firstTier.queueSize', 'tracing.firstTier.replicas', 'capacity.spanSize'],
    ({ capacity: { spansPerSecond = 0, spanSize }, tracing: { firstTier } }) => {
      const seconds = FIRST_TIER.waitSeconds;
      const needed = (spansPerSecond * PEAK * spanSize.value * seconds) / firstTier.replicas;
      return firstTier.queueSize.value < needed
        ? `must be at least ${formatBytes(needed)} for ${spansPerSecond} spans per second (capacity.spansPerSecond) and ${firstTier.replicas} collectors at peak load, while a sampling collector restarts (${seconds} s)`
        : undefined;
    },
  ),

  firstTierRule(
    ['tracing.firstTier.resources.memoryLimit', 'tracing.firstTier.queueSize'],
    ({ tracing: { firstTier } }) => {
      const needed = firstTierMemoryBytes(firstTier);
      return firstTier.resources.memoryLimit.value < needed
        ? `must be at least ${formatBytes(needed)}: 96Mi, plus 4 times tracing.firstTier.queueSize`
        : undefined;
    },
  ),
];

function collectors(sampling: TracingSettings['sampling']): string {
  const replicas = samplersOf(sampling);
  return replicas === 1 ? 'one collector' : `${replicas} collectors`;
}

/** Number of queues that share what Tempo receives. */
function queuesOf({ sampling }: TracingSettings): number {
  return sampling.type === 'tail' ? sharersOf(sampling) : 1;
}

function sharing({ sampling }: TracingSettings): string {
  return hasTiers(sampling) ? ` / ${sharersOf(sampling)} collectors` : '';
}
