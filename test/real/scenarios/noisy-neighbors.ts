import { setTimeout as sleep } from 'node:timers/promises';
import { type Manifest, manifests, settings } from '../../support/render';
import { AGENTS, type Agent, withAgent } from '../agents';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import { Prometheus } from '../prometheus';
import { QuietContainer } from '../quiet-container';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** Characters of a line; with its time it has 200. */
const LINE = 'x'.repeat(150);
const LINES_PER_MEGABYTE = 5_000;

/** What the quiet container may wait: batches, and a machine that is busy with the noise. */
const SLOWEST_SECONDS = 30;

/** Small clusters, so that a few containers reach a limit. */
const CLUSTER = { nodes: 1, podsPerNode: 10, containersPerPod: 1 };
const MONITORING = { alerts: { agentLag: '64Ki' } };

/** Of containers on one node, only those above a limit lose lines; their losses are counted, and an alert fires. */
export const noisyNeighborsScenario: Scenario = {
  name: 'noisy-neighbors',
  title:
    'Noisy neighbors: 10 MB/s, too many lines, too many streams and too many bytes next to a quiet container',
  needs: ['loki', 'promtail', 'otel-agent', 'prometheus', 'etcd', 'apiServer'],
  async run({ caseName, folder, report }: Run) {
    for (const agent of AGENTS) {
      const objects = withAgent(caseName, agent);
      await withStack(`${folder}/${agent.kind}`, objects, (node) => tenMegabytes(node, agent, report), agent);
    }

    const rateLimit = { linesPerSecond: 500, burst: 5_000 };
    const limited = { cluster: CLUSTER, monitoring: MONITORING, promtail: { rateLimit } };
    await withStack(`${folder}/lines`, manifests(settings(limited)), (node) => manyLines(node, report));

    const limits = { maxStreams: 100, streamRate: '64Ki' };
    const small = { cluster: CLUSTER, monitoring: MONITORING, loki: { limits } };
    await withStack(`${folder}/streams`, manifests(settings(small)), async (node) => {
      await manyBytes(node, report);
      await manyStreams(node, report);
    });
  },
};

/** A node with a quiet container, whose agent sends to Loki. */
interface Node {
  readonly stack: Stack;
  readonly loki: LokiClient;
  readonly prometheus: Prometheus;
}

async function withStack(
  folder: string,
  objects: readonly Manifest[],
  use: (node: Node) => Promise<void>,
  { pod }: Agent = AGENTS[0],
): Promise<void> {
  const stack = await Stack.create({ folder, objects, withApi: true });
  let prometheus: Prometheus | undefined;
  try {
    const first = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
    first.write([line(0)]);
    await stack.start('loki', pod);
    prometheus = await Prometheus.start({
      folder: `${folder}/prometheus`,
      objects,
      pod: stack.pod.bind(stack),
    });
    await use({ stack, prometheus, loki: new LokiClient(`http://${stack.pod('loki').address}:3100`) });
  } finally {
    prometheus?.stop();
    await stack.stop();
  }
}

const line = (number: number) => ({ stream: 'stdout' as const, line: `{"n":${number},"msg":"${LINE}"}` });

/** Writes so many megabytes a second for a while; returns the number of lines. */
async function writeAtRate(
  container: LoggingContainer,
  megabytesPerSecond: number,
  seconds: number,
  rotateEverySeconds = Number.POSITIVE_INFINITY,
): Promise<number> {
  let written = 0;
  const began = Date.now();
  let rotated = began;
  while (Date.now() - began < seconds * 1_000) {
    const due = ((Date.now() - began) / 1_000) * megabytesPerSecond * LINES_PER_MEGABYTE;
    const count = Math.min(2_000, Math.ceil(due - written));
    if (count > 0) container.write(Array.from({ length: count }, () => line(written++)));
    if (Date.now() - rotated > rotateEverySeconds * 1_000) {
      container.rotate();
      rotated = Date.now();
    }
    await sleep(20);
  }
  return written;
}

function reportQuiet(
  what: string,
  { written, lost, slowestSeconds }: Awaited<ReturnType<QuietContainer['stop']>>,
  report: Run['report'],
): void {
  report.figure(`${what}: lost of ${written} lines of the quiet container`, lost, lost === 0);
  report.figure(`${what}: seconds of its slowest line`, slowestSeconds, slowestSeconds < SLOWEST_SECONDS);
}

/** Default settings, files that rotate as the kubelet does. What rotates away unread is lost, and of the noisy one. */
async function tenMegabytes(
  { stack, loki }: Node,
  { kind, pod }: Agent,
  report: Run['report'],
): Promise<void> {
  const quiet = await QuietContainer.create(stack, 'quiet', loki);
  const noisy = await LoggingContainer.create(stack.api, stack.podLogs, 'noisy');
  await sleep(15_000);
  const written = await writeAtRate(noisy, 10, 60, 10);
  reportQuiet(`${kind}: 10 MB/s`, await quiet.stop(60), report);
  const stored = await loki.count('{pod="noisy"}');
  report.figure(
    `${kind}: 10 MB/s: lines of the noisy container, written and stored`,
    `${written}, ${stored}`,
    stored > 0,
  );
  if (kind === 'promtail')
    report.figure(
      '10 MB/s: counted as above its rate',
      sumOfMetric(await scrape(stack.pod(pod).address, 3101), 'logentry_dropped_lines_by_label_total'),
    );
  const { peakMemory, memoryLimit } = stack.pod(pod);
  report.figure(
    `${kind}: 10 MB/s: peak memory of the agent in MiB`,
    Math.round(peakMemory / 2 ** 20),
    peakMemory < memoryLimit,
  );
}

async function manyLines(node: Node, report: Run['report']): Promise<void> {
  const { stack, loki } = node;
  const quiet = await QuietContainer.create(stack, 'quiet', loki);
  const noisy = await LoggingContainer.create(stack.api, stack.podLogs, 'noisy');
  const written = await writeAtRate(noisy, 2, 30);
  const lost = await settledLoss(loki, '{pod="noisy"}', written, async () =>
    sumOfMetric(await scrape(stack.pod('promtail').address, 3101), 'logentry_dropped_lines_by_label_total'),
  );
  reportQuiet('above the rate of lines', await quiet.stop(60), report);
  report.equal(
    `above the rate of lines: lost of ${written} lines, counted by the agent`,
    lost.counted,
    lost.lost,
  );
  await reportAlert(node, 'PromtailLimitsContainer', report);
}

async function manyBytes(node: Node, report: Run['report']): Promise<void> {
  const { stack, loki } = node;
  const quiet = await QuietContainer.create(stack, 'calm', loki);
  const fast = await LoggingContainer.create(stack.api, stack.podLogs, 'fast');
  await sleep(15_000);
  const written = await writeAtRate(fast, 1, 30);
  const lost = await settledLoss(loki, '{pod="fast"}', written, () =>
    discarded(stack, 'per_stream_rate_limit'),
  );
  reportQuiet('a stream above its rate', await quiet.stop(60), report);
  report.equal(`a stream above its rate: lost of ${written} lines, counted by Loki`, lost.counted, lost.lost);
  report.figure('a stream above its rate: its lines are lost', lost.lost, lost.lost > 0);
  await reportAlert(node, 'LokiLimitsStream', report);
}

async function manyStreams(node: Node, report: Run['report']): Promise<void> {
  const { stack, loki } = node;
  const quiet = await QuietContainer.create(stack, 'quiet', loki);
  // Its stream has to be there before the limit is reached.
  await sleep(15_000);
  const pods = [];
  for (let pod = 0; pod < 120; pod++)
    pods.push(await LoggingContainer.create(stack.api, stack.podLogs, `job-${pod}`));
  await sleep(15_000);
  for (let round = 0; round < 30; round++) {
    for (const pod of pods) pod.write([line(round)]);
    await sleep(1_000);
  }
  const written = 30 * pods.length;
  const lost = await settledLoss(loki, '{pod=~"job-.*"}', written, () => discarded(stack, 'stream_limit'));
  reportQuiet('too many streams', await quiet.stop(60), report);
  report.equal(`too many streams: lost of ${written} lines, counted by Loki`, lost.counted, lost.lost);
  report.figure('too many streams: lines of new pods are lost', lost.lost, lost.lost > 0);
  await reportAlert(node, 'LokiRejectsNewStreams', report);
}

async function discarded(stack: Stack, reason: string): Promise<number> {
  const metrics = await scrape(stack.pod('loki').address, 3100);
  return sumOfMetric(metrics, 'loki_discarded_samples_total', `reason="${reason}"`);
}

/** How many lines are missing, and how many a daemon counts as dropped, once both are the same, or after four minutes. */
async function settledLoss(
  loki: LokiClient,
  selector: string,
  written: number,
  count: () => Promise<number>,
): Promise<{ lost: number; counted: number }> {
  const deadline = Date.now() + 240_000;
  for (;;) {
    const loss = { lost: written - (await loki.count(selector)), counted: await count() };
    if (loss.lost === loss.counted || Date.now() > deadline) return loss;
    await sleep(2_000);
  }
}

async function reportAlert({ prometheus }: Node, alert: string, report: Run['report']): Promise<void> {
  const firing = `ALERTS{alertstate="firing",alertname="${alert}"}`;
  const deadline = Date.now() + 60_000;
  let found = await prometheus.query(firing);
  while (found.length === 0 && Date.now() < deadline) {
    await sleep(2_000);
    found = await prometheus.query(firing);
  }
  report.equal(`${alert}: instances that fire`, found.length, 1);
}
