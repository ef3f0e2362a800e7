import { lokiBucketUse, tempoBucketUse } from '../lib/capacity/buckets';
import { formatAmount, formatBytes, formatCpu } from '../lib/kubernetes/format-amount';
import { requestsOf } from '../lib/kubernetes/requests';
import type { Settings } from '../lib/settings';
import { hasTiers, samplersOf } from '../lib/tracing/sampling-settings';
import { fittedValues, type Load } from './fitted-values';
import { table } from './markdown';
import { objectsOf } from './objects';

/** Loads of the table in docs/capacity.md. */
const LOADS: readonly Load[] = [
  { logsPerDay: '1Gi', spansPerSecond: 50, nodes: 3, days: 7 },
  { logsPerDay: '10Gi', spansPerSecond: 500, nodes: 10, days: 7 },
  { logsPerDay: '100Gi', spansPerSecond: 3_000, nodes: 40, days: 7 },
  { logsPerDay: '400Gi', spansPerSecond: 30_000, nodes: 60, days: 7 },
  { logsPerDay: '1000Gi', spansPerSecond: 60_000, nodes: 150, days: 7 },
];

/** What a cluster with these settings runs and stores, as names with figures. */
export function capacityFigures(settings: Settings): Record<string, string> {
  const { loki, tempo, tracing } = settings;
  const { sampling, firstTier } = tracing;
  const { total } = requestsOf(objectsOf(settings), { nodes: settings.cluster.nodes });
  const bucket = (name: 'loki' | 'tempo') => {
    const use = (name === 'loki' ? lokiBucketUse : tempoBucketUse)(settings);
    return settings[name].storage.type === 'filesystem' || use === undefined
      ? ''
      : `; bucket ${gibibytes(use.bytes)}, ${thousands(use.puts)} PUT requests per month`;
  };
  const sized = (
    { resources: { cpu, memory, memoryLimit } }: { resources: Settings['loki']['resources'] },
    volume?: string,
  ) =>
    `${formatCpu(cpu.value * 1_000)} CPU, ${formatBytes(memory.value)} to ${formatBytes(memoryLimit.value)}${volume === undefined ? '' : `, volume ${volume}`}`;
  return {
    Loki: `${loki.replicas} × (${sized(loki, `${loki.storage.size}`)})${bucket('loki')}`,
    Tempo: `1 × (${sized(tempo, `${tempo.storage.size}`)})${bucket('tempo')}`,
    collectors: [
      ...(hasTiers(sampling) ? [`${firstTier.replicas} × (${sized(firstTier)}) receive`] : []),
      `${samplersOf(sampling)} × (${sized(tracing, tracing.queue.persistent ? `${tracing.queue.storage.size}` : undefined)})${hasTiers(sampling) ? ' sample' : ''}`,
    ].join('; '),
    'all requests': (['cpu', 'memory', 'storage', 'pods'] as const)
      .map((one) => `${formatAmount(one, total[one])} ${one === 'cpu' ? 'CPU' : one}`)
      .join(', '),
  };
}

/** The table of docs/capacity.md: the smallest sizes that synth accepts, from small to large loads. */
export function capacityTable(): string {
  const rows = LOADS.map((load) => {
    const { logsPerDay, spansPerSecond, nodes } = load;
    const figures = Object.values(capacityFigures(fittedValues(load).settings));
    return [`${logsPerDay}, ${spansPerSecond}, ${nodes}`, ...figures];
  });
  return table(['logs per day, spans/s, nodes', 'Loki', 'Tempo', 'collectors', 'all requests'], rows);
}

const gibibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 30)}Gi`;
const thousands = (count: number) => `${Math.ceil(count / 1_000).toLocaleString('en')},000`;
