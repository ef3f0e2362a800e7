import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectorMemoryBytes } from '../../../lib/capacity/collectors';
import { otlpProtobuf } from '../../../scripts/smoke/spans/otlp';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { type Manifest, manifests, settings } from '../../support/render';
import { AGENTS, withAgent } from '../agents';
import { bytesBelow } from '../bytes-below';
import { LoggingContainer } from '../kubelet';
import { sendLines, until } from '../line-sender';
import { percentile, queryTimes } from '../query-times';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { allVariants, LOKI_VARIANTS, podOf, QUERIES, withConfig } from '../throughput-loki';
import { TYPICAL_LINES, typicalTrace } from '../typical-load';

const MIB = 2 ** 20;
const STREAMS = 60;
const BYTES_PER_STREAM = MIB / 2;
const SPANS = 20_000;
/** The rate that the default collector is sized for: 1,000 spans per second. */
const TRACES_PER_SECOND = 100;
/** The collector decides on a trace after this time. */
const DECISION_MS = 35_000;
const IDLE_MS = 60_000;

/** What the rendered stack costs: against upstream's defaults, and with parts left out. All figures are of one run. */
export const throughputScenario: Scenario = {
  name: 'throughput',
  title: 'Throughput and idle memory, with ratios to the defaults of upstream',
  needs: ['loki', 'tempo', 'otel-collector', 'promtail', 'etcd', 'apiServer'],
  async run(run: Run) {
    reportLoki(run, await lokis(run));
    await collectors(run);
    await idle(run);
  },
};

interface LokiResult {
  /** CPU seconds for a MB of lines. */
  readonly cpu: number;
  /** Bytes on the volume for a byte of lines. */
  readonly disk: number;
  /** Peak memory in MiB. */
  readonly memory: number;
  /** Milliseconds of each run of each query, as the client waits. */
  readonly times: Readonly<Record<string, readonly number[]>>;
}

/** Sends the same lines to a Loki with each config, then asks them the same queries. */
async function lokis({ folder, objects }: Run): Promise<ReadonlyMap<string, LokiResult>> {
  const place = join(folder, 'lokis');
  const stack = await Stack.create({ folder: place, objects: allVariants(objects), withApi: false });
  try {
    const names = LOKI_VARIANTS.map(podOf);
    await stack.start(...names);
    const pods = Object.fromEntries(names.map((name) => [name, stack.pod(name)]));
    const all = Object.values(pods);
    const start = Date.now();
    const before = all.map(({ cpuSeconds }) => cpuSeconds);
    const formats = Object.keys(TYPICAL_LINES);
    const sent = await sendLines(all, { streams: STREAMS, bytesPerStream: BYTES_PER_STREAM, formats });
    const cpu = all.map(({ cpuSeconds }, index) => (cpuSeconds - (before[index] ?? 0)) / (sent / 1e6));
    const memory = all.map(({ peakMemory }) => peakMemory / MIB);
    // A clean stop writes every chunk, so that queries read what has been stored.
    for (const pod of all) await pod.stop();
    await stack.start(...names);
    const times = await queryTimes(pods, start);
    return new Map(
      LOKI_VARIANTS.map((variant, index) => {
        const claim = join(place, 'claims', podOf(variant));
        const stored = ['chunks', 'tsdb-index'].map((one) => bytesBelow(join(claim, one)));
        const disk = stored.reduce((sum, bytes) => sum + bytes, 0) / sent;
        const result = { cpu: cpu[index] ?? 0, disk, memory: memory[index] ?? 0 };
        return [variant.name, { ...result, times: times[podOf(variant)] ?? {} }];
      }),
    );
  } finally {
    await stack.stop();
  }
}

function reportLoki({ report }: Run, results: ReadonlyMap<string, LokiResult>): void {
  const [ours, defaults] = [results.get('as rendered'), results.get('with defaults')];
  if (!ours || !defaults) throw new Error('a variant of Loki was not measured');
  for (const [name, { cpu, disk, memory, times }] of results) {
    const slow = Object.values(times).map((some) => rounded(percentile(some, 0.95)));
    report.figure(
      `Loki ${name}: CPU ms for a MB of lines, MB on disk for a MB, peak MiB`,
      [rounded(cpu * 1_000), rounded(disk), rounded(memory)].join(', '),
    );
    report.figure(`Loki ${name}: p95 in ms of the five queries`, slow.join(', '));
  }
  report.figure(
    'lines per CPU-second, in times of the defaults; the goal is 1',
    rounded(defaults.cpu / ours.cpu),
  );
  report.figure('bytes on disk, in times of the defaults; the goal is 1', rounded(ours.disk / defaults.disk));
  for (const what of Object.keys(QUERIES)) {
    const ratio = percentile(ours.times[what] ?? [], 0.95) / percentile(defaults.times[what] ?? [], 0.95);
    report.figure(`p95 of ${what}, in times of the defaults; the goal is 1`, rounded(ratio));
  }
}

/** What a collector does besides passing spans on. */
const COLLECTORS: Readonly<Record<string, (config: Manifest) => void>> = {
  'as rendered': () => {},
  'without span metrics': withoutMetrics,
  'without tail sampling': withoutSampling,
  'without either': (config) => {
    withoutMetrics(config);
    withoutSampling(config);
  },
};

function withoutMetrics({ service }: Manifest): void {
  const spans = service.pipelines['traces/in'];
  spans.exporters = spans.exporters.filter((one: string) => one.startsWith('forward/'));
  for (const name of Object.keys(service.pipelines))
    if (name.startsWith('metrics')) delete service.pipelines[name];
}

function withoutSampling({ service }: Manifest): void {
  const kept = service.pipelines['traces/tempo'];
  kept.processors = kept.processors.filter((one: string) => one !== 'tail_sampling');
}

/** Spans per second of CPU time, and the memory that undecided spans take. */
async function collectors(run: Run): Promise<void> {
  const { tracing } = settings();
  for (const [name, change] of Object.entries(COLLECTORS)) {
    const objects = withConfig(manifests(settings()), 'otel-collector', change);
    const stack = await Stack.create({
      folder: join(run.folder, `collector-${name.replaceAll(' ', '-')}`),
      objects,
      withApi: true,
    });
    try {
      await stack.start('tempo');
      await stack.start('otel-collector');
      const pod = stack.pod('otel-collector');
      const before = pod.cpuSeconds;
      const began = Date.now();
      let bytes = 0;
      for (let trace = 0; trace < SPANS / 10; trace += 50) {
        const batch = Array.from({ length: 50 }, (_, index) =>
          typicalTrace(trace + index, Date.now()),
        ).flat();
        bytes += otlpProtobuf(batch).length;
        await SENDERS['OTLP gRPC'](pod.address, batch);
        await until(began + (trace / TRACES_PER_SECOND) * 1_000);
      }
      await sleep(DECISION_MS);
      const rate = Math.round(SPANS / (pod.cpuSeconds - before));
      run.report.figure(`collector ${name}: spans per CPU-second`, rate);
      const needed = collectorMemoryBytes(tracing, bytes / SPANS) / MIB;
      const peak = Math.round(pod.peakMemory / MIB);
      run.report.figure(`collector ${name}: peak MiB, at most ${Math.round(needed)}`, peak, peak <= needed);
    } finally {
      await stack.stop();
    }
  }
}

/** Memory of every component that has nothing to do; the agents watch one container that logs nothing more. */
async function idle({ folder, caseName, report }: Run): Promise<void> {
  for (const agent of AGENTS) {
    const objects = withAgent(caseName, agent);
    const stack = await Stack.create({ folder: join(folder, `idle-${agent.kind}`), objects, withApi: true });
    try {
      const stores = ['loki', 'tempo', 'otel-collector'];
      const quiet = await LoggingContainer.create(stack.api, stack.podLogs, 'quiet');
      quiet.write([{ stream: 'stdout', line: 'started' }]);
      await stack.start(...stores);
      await stack.start(agent.pod);
      await sleep(IDLE_MS);
      for (const name of agent === AGENTS[0] ? [...stores, agent.pod] : [agent.pod]) {
        const { memory, memoryLimit } = stack.pod(name);
        report.figure(
          `${name}: MiB when idle, with a limit of ${memoryLimit / MIB}`,
          Math.round(memory / MIB),
        );
      }
    } finally {
      await stack.stop();
    }
  }
}

const rounded = (value: number) => (value < 10 ? Math.round(value * 100) / 100 : Math.round(value));
