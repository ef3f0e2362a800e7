import { formatBytes } from '../kubernetes/format-amount';
import { SDK_BATCH_SPANS } from '../tracing/trace-protocols';
import { PEAK, TEMPO } from './measured';
import { SPAN_FACTS, spansText, traceLoad, traceRule } from './trace-rule';
import { liveTraces, tempoIngestionBytes, tempoMemoryBytes, tempoVolumeBytes } from './traces';
import { volumeProblem } from './volume-problem';

const HOUR_SECONDS = 3_600;

/** Rules for sizes and limits of Tempo that are too small for the spans of the cluster. */
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

  traceRule(['capacity.spansPerSecond', ...SPAN_FACTS], (settings) => {
    const load = traceLoad(settings);
    return load && tempoIngestionBytes(load) > TEMPO.mostBytes
      ? `must be lower: ${spansText(load)} are more than the ${formatBytes(TEMPO.mostBytes)} per second of one Tempo at ${PEAK} times the average; sample fewer, or run Tempo with Kafka (docs/object-storage.md#where-one-tempo-ends)`
      : undefined;
  }),

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
];
