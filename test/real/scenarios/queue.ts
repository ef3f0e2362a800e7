import { setTimeout as sleep } from 'node:timers/promises';
import { caseManifests, manifests, settings } from '../../support/render';
import { countKept, requests, sendAtRate } from '../load';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const TRACES = 10_000;

/** The most that a memory limit of 512 MiB and a queue of 32 MiB leave room for. */
const RATE = 2_400;

/** What waits for Tempo outlives the collector on a volume; what is lost when the queue is full is counted. */
export const queueScenario: Scenario = {
  name: 'queue',
  title:
    'Queue: on a volume, the collector killed (case everything); in memory: full, large traces, a clean stop',
  needs: ['tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    await onVolume(`${folder}/volume`, report);
    await full(`${folder}/full`, report);
    await large(`${folder}/large`, report);
    await stopped(`${folder}/stopped`, report);
  },
};

async function onVolume(folder: string, report: Run['report']): Promise<void> {
  const stack = await Stack.create({ folder, objects: caseManifests('everything'), withApi: true });
  try {
    await stack.start('tempo', 'otel-collector');
    await stack.pod('tempo').stop();
    const spans = requests('checkout', TRACES);
    await sendAtRate(stack.pod('otel-collector').address, spans, 2_000);
    // The wait for a decision: what is not decided is in memory only.
    await sleep(20_000 + 10_000);
    const waiting = await ofCollector(stack, 'otelcol_exporter_queue_size');
    report.figure('on a volume: bytes that wait when the collector is killed', waiting, waiting > 0);
    await stack.pod('otel-collector').kill();
    await stack.start('otel-collector');
    await stack.start('tempo');
    await untilTaken(stack, spans.length);
    const kept = await countKept(stack.pod('tempo').address, spans);
    report.equal(`on a volume: lost of ${TRACES} traces`, TRACES - kept, 0);
  } finally {
    await stack.stop();
  }
}

async function full(folder: string, report: Run['report']): Promise<void> {
  const tracing = {
    resources: { memory: '512Mi', memoryLimit: '512Mi' },
    queue: { size: '32Mi' },
    sampling: { type: 'tail', expectedSpansPerSecond: RATE },
  };
  const stack = await Stack.create({ folder, objects: manifests(settings({ tracing })), withApi: true });
  try {
    await stack.start('tempo', 'otel-collector');
    await stack.pod('tempo').stop();
    const attributes = { payload: 'x'.repeat(900) };
    const spans = requests('full', 40 * RATE, { error: true, attributes });
    await sendAtRate(stack.pod('otel-collector').address, spans, RATE);
    await sleep(10_000 + 10_000);
    const lost = await ofCollector(stack, 'otelcol_exporter_enqueue_failed_spans');
    report.figure(`full: spans counted as lost of ${spans.length}`, lost, lost > 0 && lost < spans.length);
    const filled =
      (await ofCollector(stack, 'otelcol_exporter_queue_size')) /
      (await ofCollector(stack, 'otelcol_exporter_queue_capacity'));
    report.figure('full: share of the queue in use', filled.toFixed(2), filled > 0.5 && filled <= 1);
    report.equal('full: spans refused', await ofCollector(stack, 'otelcol_receiver_refused_spans'), 0);
    const { peakMemory, memoryLimit } = stack.pod('otel-collector');
    const peak = Math.round(peakMemory / 2 ** 20);
    report.figure('full: peak memory in MiB, of 512', peak, peakMemory < memoryLimit);
    await stack.start('tempo');
    await untilTaken(stack, spans.length - lost);
    const kept = await countKept(stack.pod('tempo').address, spans);
    report.equal('full: spans that are missing in Tempo', spans.length - kept, lost);
  } finally {
    await stack.stop();
  }
}

/** Many large traces that are kept, and decided at once: more bytes than one request may have. */
async function large(folder: string, report: Run['report']): Promise<void> {
  const stack = await Stack.create({ folder, objects: manifests(settings()), withApi: true });
  try {
    await stack.start('tempo', 'otel-collector');
    const attributes = { payload: 'x'.repeat(6_000) };
    const spans = requests('large', 4_000, { error: true, attributes });
    await sendAtRate(stack.pod('otel-collector').address, spans, 100_000);
    await untilTaken(stack, spans.length);
    report.equal(
      `large: of ${spans.length} spans of 6 kB that are decided at once, not sent`,
      await ofCollector(stack, 'otelcol_exporter_send_failed_spans'),
      0,
    );
    const kept = await countKept(stack.pod('tempo').address, spans);
    report.equal('large: missing in Tempo', spans.length - kept, 0);
  } finally {
    await stack.stop();
  }
}

/** A stop does not wait for the decision: what is there decides. */
async function stopped(folder: string, report: Run['report']): Promise<void> {
  const stack = await Stack.create({ folder, objects: manifests(settings()), withApi: true });
  try {
    await stack.start('tempo', 'otel-collector');
    const spans = requests('stopped', 1_000, { error: true });
    await sendAtRate(stack.pod('otel-collector').address, spans);
    await stack.pod('otel-collector').stop();
    await untilTaken(stack, spans.length);
    const kept = await countKept(stack.pod('tempo').address, spans);
    report.equal(`stopped before it had decided: lost of ${spans.length} traces`, spans.length - kept, 0);
  } finally {
    await stack.stop();
  }
}

async function ofCollector(stack: Stack, metric: string): Promise<number> {
  return sumOfMetric(await scrape(stack.pod('otel-collector').address, 8888), metric);
}

/** Waits until Tempo has so many spans, for up to four minutes, and until a search finds them. */
async function untilTaken(stack: Stack, spans: number): Promise<void> {
  const taken = async () =>
    sumOfMetric(await scrape(stack.pod('tempo').address, 3100), 'tempo_distributor_spans_received_total');
  const began = Date.now();
  while ((await taken()) < spans && Date.now() - began < 240_000) await sleep(1_000);
  await sleep(45_000);
}
