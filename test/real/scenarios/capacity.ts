import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectorMemoryBytes } from '../../../lib/capacity/collectors';
import { type LogLoad, lokiHeapBytes, lokiMemoryBytes, walBytes } from '../../../lib/capacity/logs';
import { LOKI, TEMPO } from '../../../lib/capacity/measured';
import { tempoMemoryBytes } from '../../../lib/capacity/traces';
import { otlpProtobuf } from '../../../scripts/smoke/spans/otlp';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { type Manifest, manifests, settings } from '../../support/render';
import { bytesBelow } from '../bytes-below';
import { sendLines, until } from '../line-sender';
import { requests } from '../load';
import { scrape, sumOfMetric } from '../metrics';
import type { Pod } from '../pod';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { TYPICAL_LINES, typicalTrace } from '../typical-load';

const MIB = 2 ** 20;
/** Nothing is flushed within the minutes of a run, so that what is sent is what two hours bring. */
const RUNS_PER_DAY = 24 / LOKI.chunkHours;

/** What docs/capacity.md foretells is at least what the programs take. */
export const capacityScenario: Scenario = {
  name: 'capacity',
  title: 'Capacity: volume and memory of typical logs and traces, against the formulae',
  needs: ['loki', 'tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run(run: Run) {
    for (const format of Object.keys(TYPICAL_LINES)) await logVolume(run, format);
    await logMemory(run, { streams: 5_000, bytesPerStream: 8 * 2 ** 10, patterns: true });
    await logMemory(run, { streams: 5_000, bytesPerStream: 8 * 2 ** 10, patterns: false });
    await logMemory(run, { streams: 800, bytesPerStream: 384 * 2 ** 10, patterns: true });
    await traces(run);
    for (const spanSize of [300, 4 * 2 ** 10]) await undecidedSpans(run, spanSize);
  },
};

/** Lines of one format in few streams: what is on the volume in the end, and in the write-ahead log before. */
async function logVolume(run: Run, format: string): Promise<void> {
  const { report } = run;
  const folder = join(run.folder, format);
  await withPod(run.objects, folder, 'loki', async (pod) => {
    const sent = await sendLines([pod], { streams: 10, bytesPerStream: 4 * MIB, formats: [format] });
    const claim = join(folder, 'claims', 'loki');
    const wal = bytesBelow(join(claim, 'wal')) / sent;
    atMost(report, `${format} lines: bytes of write-ahead log for a byte`, wal, LOKI.entryRatio);
    // A clean stop writes every chunk to the volume.
    await pod.stop();
    const stored = ['chunks', 'tsdb-index', 'compactor'].map((name) => bytesBelow(join(claim, name)));
    const ratio = stored.reduce((sum, bytes) => sum + bytes, 0) / sent;
    atMost(report, `${format} lines: bytes on the volume for a byte`, ratio, LOKI.diskRatio);
  });
}

/** Lines of all formats in a Loki of no more memory than the formula gives it. */
async function logMemory(
  run: Run,
  shape: { streams: number; bytesPerStream: number; patterns: boolean },
): Promise<void> {
  const { streams, patterns } = shape;
  const load: LogLoad = { streams, logsPerDay: streams * shape.bytesPerStream * RUNS_PER_DAY };
  const limit = Math.ceil(lokiMemoryBytes(load, { patterns }) / MIB);
  const resources = { memory: '512Mi', memoryLimit: `${limit}Mi` };
  const objects = manifests(
    settings({ loki: { patterns, resources, limits: { maxStreams: streams }, storage: { size: '99Gi' } } }),
  );
  const folder = join(run.folder, `${streams}-streams${patterns ? '' : '-without-patterns'}`);
  await withPod(objects, folder, 'loki', async (pod) => {
    const sent = await sendLines([pod], { ...shape, formats: Object.keys(TYPICAL_LINES) });
    const what = `${streams} streams${patterns ? '' : ' without patterns'}, ${Math.round(sent / MIB)} MiB of lines`;
    const heap = (await livingHeap(pod)) / MIB;
    atMost(run.report, `${what}: living heap in MiB`, heap, lokiHeapBytes(load, { patterns }) / MIB);
    atMost(run.report, `${what}: peak memory in MiB`, pod.peakMemory / MIB, limit);
    const wal = bytesBelow(join(folder, 'claims', 'loki', 'wal')) / MIB;
    atMost(run.report, `${what}: MiB of write-ahead log`, wal, walBytes(load) / MIB);
  });
}

/** Spans with the attributes of instrumentation libraries, as they come to Tempo from the collector. */
async function traces(run: Run): Promise<void> {
  const folder = join(run.folder, 'traces');
  const perSecond = 2_000;
  const seconds = 60;
  await withPod(run.objects, folder, 'tempo', async (pod) => {
    const began = Date.now();
    let [spans, sent] = [0, 0];
    for (let trace = 0; spans < perSecond * seconds; trace += 50) {
      const batch = Array.from({ length: 50 }, (_, index) => typicalTrace(trace + index, Date.now())).flat();
      await SENDERS['OTLP gRPC'](pod.address, batch);
      spans += batch.length;
      sent += otlpProtobuf(batch).length;
      await until(began + (spans / perSecond) * 1000);
    }
    const received = sumOfMetric(await scrape(pod.address, 3100), 'tempo_distributor_spans_received_total');
    run.report.equal('spans that Tempo took in', received, spans);
    // A block is cut after half a minute, and written to the store of blocks at once.
    await sleep(45_000);
    const claim = join(folder, 'claims', 'tempo');
    run.report.figure('bytes of a span as it is sent', Math.round(sent / spans));
    const ratio = bytesBelow(join(claim, 'blocks')) / sent;
    atMost(run.report, 'blocks: bytes on the volume for a byte of spans', ratio, TEMPO.diskRatio);
    const lately = bytesBelow(join(claim, 'live-store')) / sent;
    // It keeps minutes of what the formula counts hours.
    atMost(run.report, 'live store: bytes on the volume for a byte of spans', lately, 1);
    const load = { keptSpansPerSecond: perSecond, spanSize: sent / spans };
    atMost(run.report, 'tempo: peak memory in MiB', pod.peakMemory / MIB, tempoMemoryBytes(load) / MIB);
  });
}

/** Spans of one size, each a trace, in a collector of no more memory than the formula gives it for undecided spans. */
async function undecidedSpans(run: Run, spanSize: number): Promise<void> {
  const { report } = run;
  const perSecond = 2_000;
  const tracing = {
    sampling: { type: 'tail', expectedSpansPerSecond: perSecond },
    // On a volume, so that all of the memory is for undecided spans.
    queue: { persistent: true },
  };
  const large = { resources: { memory: '25Gi', memoryLimit: '99Gi' } };
  const capacity = { spanSize: `${spanSize}` };
  const needed = collectorMemoryBytes(
    settings({ capacity, tracing: { ...tracing, ...large } }).tracing,
    spanSize,
  );
  const limit = Math.ceil(needed / MIB);
  const resources = { memory: `${Math.ceil(limit / 4)}Mi`, memoryLimit: `${limit}Mi` };
  const objects = manifests(settings({ capacity, tracing: { ...tracing, resources } }));
  const stack = await Stack.create({ folder: join(run.folder, `${spanSize}`), objects, withApi: true });
  try {
    await stack.start('otel-collector');
    const pod = stack.pod('otel-collector');
    const padding = 'x'.repeat(spanSize - 150);
    const began = Date.now();
    for (let sent = 0; sent < perSecond * 30; sent += 100) {
      const batch = requests('load', 100).map((span, index) => ({
        ...span,
        attributes: { padding: `${padding}${sent + index}` },
      }));
      await SENDERS['OTLP gRPC'](pod.address, batch);
      await until(began + (sent / perSecond) * 1000);
    }
    const refused = sumOfMetric(await scrape(pod.address, 8888), 'otelcol_receiver_refused_spans');
    report.equal(`collector, spans of ${spanSize} bytes: refused`, refused, 0);
    atMost(
      report,
      `collector, spans of ${spanSize} bytes: peak memory in MiB`,
      pod.peakMemory / MIB,
      needed / MIB,
    );
  } finally {
    await stack.stop();
  }
}

/** Runs one pod of the stack, with a volume of its own. */
async function withPod(
  objects: readonly Manifest[],
  folder: string,
  name: string,
  measure: (pod: Pod) => Promise<void>,
): Promise<void> {
  const stack = await Stack.create({ folder, objects, withApi: false });
  try {
    await stack.start(name);
    await measure(stack.pod(name));
  } finally {
    await stack.stop();
  }
}

/** What is on the heap after a garbage collection, in bytes. */
async function livingHeap(pod: Pod): Promise<number> {
  await (await fetch(`http://${pod.address}:3100/debug/pprof/heap?gc=1`)).arrayBuffer();
  return sumOfMetric(await scrape(pod.address, 3100), 'go_memstats_heap_alloc_bytes');
}

function atMost(report: Run['report'], what: string, seen: number, foretold: number): void {
  const rounded = (value: number) => (value < 10 ? Math.round(value * 100) / 100 : Math.round(value));
  report.figure(`${what}, at most ${rounded(foretold)}`, rounded(seen), seen <= foretold);
}
