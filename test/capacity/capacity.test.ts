import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { COLLECTOR_RULES } from '../../lib/capacity/collector-rules';
import { collectorCounts } from '../../lib/capacity/collectors';
import type { Loaded } from '../../lib/capacity/loaded';
import { chunkBytes, lokiHeapBytes, lokiVolumeBytes, walBytes } from '../../lib/capacity/logs';
import { LOKI, TEMPO } from '../../lib/capacity/measured';
import { TRACE_RULES } from '../../lib/capacity/trace-rules';
import { keptPercentage, tempoVolumeBytes } from '../../lib/capacity/traces';
import { Duration } from '../../lib/kubernetes/duration';
import { tempoConfig } from '../../lib/tempo/config';
import { LIVE_TRACES_PART } from '../../lib/tempo/settings';
import { mistakes, settings } from '../support/render';

const GIB = 2 ** 30;

/** Values with another one at a dotted path. */
function having(values: object, path: string, value: string): object {
  const copy = structuredClone(values);
  const keys = path.split('.');
  const last = keys.pop() as string;
  let section = copy as Record<string, unknown>;
  for (const key of keys) {
    section[key] ??= {};
    section = section[key] as Record<string, unknown>;
  }
  section[last] = /^\d+$/.test(value) ? Number(value) : value;
  return copy;
}

/** Values, and the only mistake that their load makes of them. */
const LOADS: ReadonlyArray<readonly [object, string]> = [
  [
    { cluster: { nodes: 40 }, loki: { resources: { memoryLimit: '4Gi' } } },
    'loki.limits.maxStreams must be at least 9600: 40 nodes × 30 pods × 2 containers × 2 outputs, twice while all pods are replaced; without stream in logs.labels 4800 are enough',
  ],
  [
    {
      cluster: { nodes: 50, newPodsPerHour: 240 },
      logs: { labels: ['namespace', 'pod', 'container'] },
      loki: { resources: { memoryLimit: '4Gi' } },
    },
    'loki.limits.maxStreams must be at least 6248: 50 nodes × 30 pods × 2 containers, twice while all pods are replaced, plus 240 new pods per hour',
  ],
  [
    { capacity: { activeStreams: 4_500 } },
    'loki.limits.maxStreams must be at least 5625, 25% more than capacity.activeStreams',
  ],
  [
    { loki: { patterns: true, limits: { maxStreams: 9_000 } } },
    'loki.resources.memoryLimit must be at least 2941Mi for the 9000 streams of loki.limits.maxStreams; with less, Loki runs out of memory before it rejects a stream',
  ],
  [
    { cluster: { nodes: 10 }, capacity: { logsPerDay: '30Gi' }, loki: { storage: { size: '500Gi' } } },
    'loki.resources.memoryLimit must be at least 3451Mi for 30Gi of logs per day (capacity.logsPerDay) in 1200 streams',
  ],
  [
    { capacity: { logsPerDay: '10Gi' } },
    'loki.storage.size must be at least 39Gi for 10Gi of logs per day (capacity.logsPerDay) in 360 streams over loki.retention (7d); or loki.retention at most 5d',
  ],
  [
    { capacity: { logsPerDay: '1Mi', activeStreams: 24_000 } },
    'loki.storage.size must be at least 40Gi for 1Mi of logs per day (capacity.logsPerDay) in 24000 streams over loki.retention (7d); or loki.retention at most 5d',
  ],
  [
    { capacity: { logsPerDay: '60Gi' } },
    'loki.storage.size must be at least 224Gi for 60Gi of logs per day (capacity.logsPerDay) in 360 streams over loki.retention (7d)',
  ],
  [
    {
      capacity: { logsPerDay: '900Gi' },
      loki: { storage: { size: '9Ti' }, limits: { ingestionRate: '50Mi' } },
    },
    'loki.limits.ingestionRate must be at least 60Mi, 16Mi per node (cluster.nodes, logs.agent) and 4 times the average of capacity.logsPerDay; null derives it, got "50Mi"',
  ],
  [
    { capacity: { logsPerDay: '101Gi' }, cluster: { nodes: 60 }, loki: { storage: { size: '2Ti' } } },
    'capacity.logsPerDay must be at most 100Gi, the maximum that this product runs on 1 replica of Loki (loki.replicas); beyond it, set loki.replicas to 3 or 5 (docs/object-storage.md), got "101Gi"',
  ],
  [
    { capacity: { logsPerDay: '99Gi' }, loki: { resources: { cpu: '100m' }, storage: { size: '2Ti' } } },
    'loki.resources.cpu must be at least 240m for 99Gi of logs per day (capacity.logsPerDay), got "100m"',
  ],
  [
    { capacity: { logsPerDay: '43Gi' }, cluster: { nodes: 1 } },
    'capacity.logsPerDay must be at most 43200Mi for 1 nodes (cluster.nodes): one agent reads 2Mi per second, and peak load is 4 times the average; exclude noisy namespaces (logs.excludedNamespaces), got "43Gi"',
  ],
  [
    { capacity: { spansPerSecond: 1_600 }, tracing: { sampling: { type: 'tail', replicas: 1 } } },
    'capacity.spansPerSecond must be at most 1500 for one collector: one collector was measured with 6000 spans per second, and peak load is 4 times the average; beyond it, set tracing.sampling.replicas to null, which derives it, at most 50, got 1600',
  ],
  [
    { capacity: { spansPerSecond: 3_100 }, tracing: { sampling: { type: 'tail', replicas: 3 } } },
    'capacity.spansPerSecond must be at most 3000 for 3 collectors: one collector was measured with 6000 spans per second, and peak load is 4 times the average, while one of them restarts; beyond it, set tracing.sampling.replicas to null, which derives it, at most 50, got 3100',
  ],
  [
    { capacity: { spansPerSecond: 20_000 }, tracing: { firstTier: { replicas: 2 } } },
    'tracing.firstTier.replicas must be at least 4 for 20000 spans per second (capacity.spansPerSecond) and a peak of 4 times that, 20000 each, got 2',
  ],
  [
    { capacity: { spansPerSecond: 20_000 }, tracing: { firstTier: { resources: { cpu: '100m' } } } },
    'tracing.firstTier.resources.cpu must be at least 150m for 20000 spans per second (capacity.spansPerSecond) and 4 collectors, got "100m"',
  ],
  [
    { capacity: { spansPerSecond: 20_000 } },
    'tracing.firstTier.queueSize must be at least 391Mi for 20000 spans per second (capacity.spansPerSecond) and 4 collectors at peak load, while a sampling collector restarts (20 s)',
  ],
  [
    { tracing: { sampling: { type: 'tail', replicas: 3 }, firstTier: { queueSize: '1Gi' } } },
    'tracing.firstTier.resources.memoryLimit must be at least 4192Mi: 96Mi, plus 4 times tracing.firstTier.queueSize',
  ],
  [
    {
      tracing: {
        sampling: { type: 'tail', replicas: 3, expectedSpansPerSecond: 30_000 },
      },
    },
    'tracing.resources.memoryLimit must be at least 1854Mi: 96Mi, plus 8Ki and 4 times capacity.spanSize (1Ki) for each undecided span of tracing.sampling (decisionWait × expectedSpansPerSecond / 2 collectors), plus 4 times tracing.queue.size in memory',
  ],
  [
    {
      capacity: { spansPerSecond: 6_100 },
      tracing: { sampling: { type: 'probabilistic', replicas: 4 } },
    },
    'capacity.spansPerSecond must be at most 6000 for 4 collectors: one collector was measured with 6000 spans per second, and peak load is 4 times the average; beyond it, set more tracing.sampling.replicas, or tracing.sampling.type client, got 6100',
  ],
  [
    { capacity: { spansPerSecond: 1_400 }, tracing: { resources: { cpu: '90m' } } },
    'tracing.resources.cpu must be at least 98m for 1400 spans per second (capacity.spansPerSecond) and one collector, got "90m"',
  ],
  [
    { capacity: { spansPerSecond: 250, keptPercentage: 100 }, tempo: { storage: { size: '12Gi' } } },
    'tempo.storage.size must be at least 44Gi for 250 sampled spans per second (capacity.spansPerSecond) over tempo.retention (3d), got "12Gi"',
  ],
  [
    { capacity: { spansPerSecond: 250_000 } },
    'capacity.spansPerSecond must be lower: 7500 sampled spans per second (capacity.spansPerSecond) are more than the 25Mi per second of one Tempo at 4 times the average; sample fewer, or run Tempo with Kafka (docs/object-storage.md#where-one-tempo-ends), got 250000',
  ],
  [
    { capacity: { busiestStream: '4Mi' } },
    'loki.limits.streamRate must be at least capacity.busiestStream (4Mi); with less, Loki drops lines of that stream',
  ],
  [
    { capacity: { spansPerSecond: 200 }, tracing: { sampling: { type: 'tail', services: { shop: 100 } } } },
    'capacity.keptPercentage is required if services have their own percentage (tracing.sampling.services)',
  ],
  [
    { capacity: { spansPerSecond: 250, keptPercentage: 100 } },
    'tempo.storage.size must be at least 44Gi for 250 sampled spans per second (capacity.spansPerSecond) over tempo.retention (3d); or tempo.retention at most 28h',
  ],
  [
    {
      capacity: { spansPerSecond: 5_000 },
      tempo: { storage: { size: '900Gi' } },
      tracing: { sampling: { type: 'client' } },
    },
    'tempo.limits.ingestionRate must be at least 20Mi for 5000 sampled spans per second (capacity.spansPerSecond) and a peak of 4 times that',
  ],
  [
    {
      capacity: { spansPerSecond: 5_000 },
      tempo: { storage: { size: '900Gi' } },
      tracing: { sampling: { type: 'client' } },
    },
    'tempo.resources.memoryLimit must be at least 4688Mi for 5000 sampled spans per second (capacity.spansPerSecond) and a peak of 4 times that',
  ],
  [
    {
      capacity: { spansPerSecond: 2_000, spanSize: '256' },
      tempo: { storage: { size: '90Gi' } },
      tracing: { sampling: { type: 'client' } },
    },
    'tempo.limits.maxLiveTraces must be at least 80000 for 2000 sampled spans per second (capacity.spansPerSecond) and a peak of 4 times that, with one span per trace',
  ],
  [
    { capacity: { spansPerSecond: 1_000 } },
    'tracing.sampling.expectedSpansPerSecond must be at least 4000, 4 times capacity.spansPerSecond; with less, the sampler drops undecided traces at peak load',
  ],
  [
    { capacity: { spansPerSecond: 250, spanSize: '32Ki' }, tempo: { storage: { size: '90Gi' } } },
    'tracing.resources.memoryLimit must be at least 1937Mi: 96Mi, plus 8Ki and 4 times capacity.spanSize (32Ki) for each undecided span of tracing.sampling (decisionWait × expectedSpansPerSecond), plus 4 times tracing.queue.size in memory',
  ],
  [
    {
      capacity: { spansPerSecond: 250, keptPercentage: 100, spanSize: '2Ki' },
      tempo: { storage: { size: '90Gi' } },
    },
    'tracing.queue.size must be at least 235Mi for 250 sampled spans per second (capacity.spansPerSecond) while Tempo is down for 2 minutes at peak load',
  ],
];

describe('a load', () => {
  test.each(LOADS)('as in %j says what to change', (values, mistake) => {
    expect(mistakes(values)).toContain(mistake);
  });

  test.each(LOADS.filter(([, mistake]) => mistake.includes(' at least ')))(
    'as in %j is content with what it asked for',
    (values, mistake) => {
      const [, path = '', least = ''] = /^(\S+) must be at least ([^\s:,;]+)/.exec(mistake) ?? [];
      const wanted = least.startsWith('capacity.') ? '4Mi' : least;

      const changed = mistakes(having(values, path, wanted));
      expect(changed.filter((message) => message.startsWith(`${path} must be`))).toEqual([]);
    },
  );

  test('reports all of its mistakes in any order of the rules', () => {
    const { spanSize, ...load } = settings({ capacity: { spanSize: '4Ki' } }).capacity;
    const capacity = { ...load, spanSize, spansPerSecond: 5_000, keptPercentage: 50 };
    const told = (rules: typeof TRACE_RULES) => {
      const { error } = z
        .custom<Loaded>()
        .check(...rules)
        .safeParse({ ...settings({ tracing: { sampling: { type: 'tail', replicas: 1 } } }), capacity });
      return error?.issues.map(({ path }) => path.join('.'));
    };

    const rules = [...TRACE_RULES, ...COLLECTOR_RULES];
    expect(told(rules)).toEqual([
      'tempo.storage.size',
      'capacity.spansPerSecond',
      'tempo.limits.ingestionRate',
      'tempo.limits.maxLiveTraces',
      'tempo.resources.memoryLimit',
      'tracing.queue.size',
      'capacity.spansPerSecond',
      'tracing.resources.cpu',
      'tracing.sampling.expectedSpansPerSecond',
    ]);
    expect(told(rules.toReversed())).toEqual(told(rules)?.reverse());
  });

  test('suggests a retention that fits into the volume', () => {
    const values = { capacity: { logsPerDay: '10Gi' } };

    expect(mistakes(having(values, 'loki.retention', '120h'))).toEqual([]);
    expect(mistakes(having(values, 'loki.retention', '144h'))).toHaveLength(1);
  });

  test('that is not set is not checked', () => {
    expect(mistakes({ loki: { storage: { size: '4Gi' }, retention: '90d' } })).toEqual([]);
  });

  test('that is too large for everything reports everything', () => {
    const capacity = { spansPerSecond: 20_000, keptPercentage: 50 };
    const tracing = { sampling: { type: 'tail', replicas: 1 } };
    const settings = mistakes({ capacity, tracing }).map((message) => message.split(' ')[0]);

    expect(settings).toEqual([
      'tempo.storage.size',
      'capacity.spansPerSecond',
      'tempo.limits.ingestionRate',
      'tempo.limits.maxLiveTraces',
      'tempo.resources.memoryLimit',
      'tracing.queue.size',
      'capacity.spansPerSecond',
      'tracing.sampling.expectedSpansPerSecond',
      'tracing.resources.cpu',
    ]);
  });
});

describe('the numbers of collectors', () => {
  const counts = (spansPerSecond?: number) => {
    const { sampling, firstTier } = settings({
      capacity: { spansPerSecond },
      tracing: {
        resources: { cpu: '4', memory: '8Gi', memoryLimit: '32Gi' },
        firstTier: { queueSize: '900Mi', resources: { cpu: '4', memory: '8Gi', memoryLimit: '32Gi' } },
        sampling: { type: 'tail', expectedSpansPerSecond: 4 * (spansPerSecond ?? 250) },
      },
      tempo: {
        storage: { size: '9Ti' },
        resources: { memory: '8Gi', memoryLimit: '32Gi' },
        limits: { ingestionRate: '90Mi', ingestionBurst: '90Mi', maxLiveTraces: 1_000_000 },
      },
    }).tracing;
    return sampling.type === 'tail' ? [sampling.replicas, firstTier.replicas] : undefined;
  };

  test('follow from the spans per second', () => {
    expect(counts()?.[0]).toBe(1);
    expect(counts(1_500)?.[0]).toBe(1);
    // At peak load, one collector more than needed, as one may restart.
    expect(counts(1_501)).toEqual([3, 2]);
    expect(counts(20_000)).toEqual([15, 4]);
  });

  test('are those in the values, if these name some', () => {
    const tracing = { sampling: { type: 'tail', replicas: 4 }, firstTier: { replicas: 5 } };
    const { capacity, tracing: set } = settings({ tracing });

    expect(collectorCounts({ capacity, tracing: set })).toEqual({ samplers: 4, firstTier: 5 });
  });
});

describe('the formulae', () => {
  test('keep logs for their retention plus the hours until deletion, with at least one inode per chunk', () => {
    const day = { logsPerDay: 10 * GIB, streams: 100 };

    expect(chunkBytes(day, 24 - LOKI.deletionLagHours) / GIB).toBeCloseTo(10 * LOKI.diskRatio);
    expect(chunkBytes({ logsPerDay: 1, streams: 100 }, 24 - LOKI.deletionLagHours)).toBe(
      100 * 12 * LOKI.chunkFileBytes,
    );
  });

  test('add the write-ahead log to the volume and leave 20% free', () => {
    const load = { logsPerDay: 10 * GIB, streams: 100 };

    expect(lokiVolumeBytes(load, 168)).toBeCloseTo((chunkBytes(load, 168) + walBytes(load)) / 0.8);
  });

  test('limit memory to one block and one chunk per stream', () => {
    const heap = (logsPerDay: number) => lokiHeapBytes({ logsPerDay, streams: 100 }, { patterns: false });
    const most = 100 * (LOKI.streamBytes + LOKI.blockBytes * LOKI.blockRatio + LOKI.chunkBytes);

    expect(heap(0)).toBe(LOKI.idleBytes + 100 * LOKI.streamBytes);
    expect(heap(1024 * GIB)).toBe(LOKI.idleBytes + most);
  });

  test('take more memory for each stream with patterns', () => {
    const load = { logsPerDay: 0, streams: 100 };

    expect(lokiHeapBytes(load, { patterns: true })).toBe(LOKI.idleBytes + 100 * LOKI.patternStreamBytes);
    // 5,000 streams need 1.7Gi with patterns.
    const loki = { resources: { memoryLimit: '1Gi' } };
    expect(mistakes({ loki: { ...loki, patterns: true } })[0]).toContain(
      'loki.resources.memoryLimit must be at least ',
    );
    expect(mistakes({ loki })).toEqual([]);
  });

  test('count sampled spans plus errors and slow ones', () => {
    const kept = (sampling: object, keptPercentage: number | null = null) => {
      const of = settings({ capacity: { keptPercentage }, tracing: { sampling } });
      return keptPercentage_(of);
    };
    const keptPercentage_ = (of: ReturnType<typeof settings>) =>
      keptPercentage(of.capacity, of.tracing.sampling);

    expect(kept({ type: 'tail', percentage: 5 })).toBe(7);
    expect(kept({ type: 'tail', percentage: 5, keepErrors: false })).toBe(6);
    expect(kept({ type: 'tail', percentage: 5, keepErrors: false, keepSlowerThan: null })).toBe(5);
    expect(kept({ type: 'tail', percentage: 100 })).toBe(100);
    expect(kept({ type: 'probabilistic', percentage: 20 })).toBe(20);
    expect(kept({ type: 'client' })).toBe(100);
    expect(kept({ type: 'tail', percentage: 5 }, 30)).toBe(30);
  });

  test('keep traces for their retention plus the hours of merging blocks', () => {
    const load = { keptSpansPerSecond: 100, spanSize: 1_000 };
    const bytes = 100 * 1_000 * 3_600 * (24 + TEMPO.extraHours) * TEMPO.diskRatio;

    expect(tempoVolumeBytes(load, 24)).toBeCloseTo(bytes / 0.8);
  });

  test('use the memory that Tempo has for traces', () => {
    const of = settings({ tempo: { resources: { memoryLimit: '4Gi' } } }).tempo;

    expect(tempoConfig(of, {}).live_store.max_live_traces_bytes).toBe(4 * GIB * LIVE_TRACES_PART);
    expect(Duration.parse(`${TEMPO.traceSeconds}s`)?.seconds).toBeGreaterThan(TEMPO.spanSeconds);
  });
});
