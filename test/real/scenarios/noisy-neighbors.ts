import { setTimeout as sleep } from 'node:timers/promises';
import { configOf, type Manifest, manifests, settings } from '../../support/render';
import type { Agent } from '../agents';
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

/** Small clusters, so that a few containers reach a limit. */
const SMALL = {
  cluster: { nodes: 1, podsPerNode: 10, containersPerPod: 1 },
  monitoring: { alerts: { agentLag: '64Ki' } },
};

/** What a quiet container may wait: batches, and a machine that is busy with the noise. */
const SLOWEST_SECONDS = 30;
/** A container that shares a lane with the noisy one waits until that one's file is read to its end. */
const SLOWEST_IN_LANE_SECONDS = 300;

/** Of containers on one node, only those above a limit lose lines; their losses are counted, and an alert fires. */
export const noisyNeighborsScenario: Scenario = {
  name: 'noisy-neighbors',
  title:
    'Noisy neighbors: 10 MB/s, too many lines, too many streams and too many bytes next to a quiet container',
  needs: ['loki', 'promtail', 'otel-agent', 'prometheus', 'etcd', 'apiServer'],
  async run(run: Run) {
    const limits = { maxStreams: 100, streamRate: '64Ki' };
    const rateLimit = { linesPerSecond: 500, burst: 5_000 };
    for (const agent of run.agents) {
      await withStack(run, agent, {}, tenMegabytes);
      if (agent.kind === 'promtail')
        await withStack(run, agent, { ...SMALL, promtail: { rateLimit } }, manyLines);
      const queue = { size: '16Mi' };
      await withStack(run, agent, { ...SMALL, otelAgent: { queue }, loki: { limits } }, async (node) => {
        await manyBytes(node);
        await manyStreams(node);
      });
    }
  },
};

/** A node whose agent sends to Loki. */
interface Node {
  readonly agent: Agent;
  readonly stack: Stack;
  readonly loki: LokiClient;
  /** Uids of the pods that a receiver of the agent reads, for each of its receivers. */
  readonly lanes: readonly RegExp[];
  readonly prometheus: Prometheus;
  readonly report: Run['report'];
}

async function withStack(
  run: Run,
  agent: Agent,
  values: object,
  use: (node: Node) => Promise<void>,
): Promise<void> {
  const objects = manifests(settings({ ...values, logs: { agent: agent.kind } }));
  const folder = `${run.folder}/${agent.pod}-${Object.keys(values).at(-1) ?? 'default'}`;
  const stack = await Stack.create({ folder, objects, withApi: true });
  let prometheus: Prometheus | undefined;
  try {
    const first = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
    first.write([line(0)]);
    await stack.start('loki', agent.pod);
    prometheus = await Prometheus.start({
      folder: `${folder}/prometheus`,
      objects,
      pod: stack.pod.bind(stack),
    });
    const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
    const lanes = lanesOf(objects, agent);
    await use({ agent, stack, prometheus, loki, lanes, report: run.report });
  } finally {
    prometheus?.stop();
    await stack.stop();
  }
}

/** Patterns of uids, as the agent's configuration has them. */
function lanesOf(objects: readonly Manifest[], { kind, pod }: Agent): RegExp[] {
  if (kind === 'promtail') return [/./];
  const { receivers } = configOf(objects, pod);
  return Object.values<Manifest>(receivers).flatMap(({ include = [] }) => {
    const [, first] = /\*_\*_(\[[^\]]+\])/.exec(include[0] ?? '') ?? [];
    return first === undefined ? [] : [new RegExp(`^${first}`)];
  });
}

const line = (number: number, of = '') => ({
  stream: 'stdout' as const,
  line: `{"n":${number},"msg":"${of}${LINE}"}`,
});

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

async function reportQuiet(
  { agent, report }: Node,
  what: string,
  quiet: QuietContainer,
  mostSeconds = SLOWEST_SECONDS,
): Promise<void> {
  const { written, lost, slowestSeconds } = await quiet.stop(mostSeconds);
  const named = `${agent.kind}: ${what}`;
  report.figure(`${named}: lost of ${written} lines of the quiet container`, lost, lost === 0);
  report.figure(`${named}: seconds of its slowest line`, slowestSeconds, slowestSeconds < mostSeconds);
}

/** Default settings, files that rotate as the kubelet does. What rotates away unread is lost, and of the noisy one. */
async function tenMegabytes(node: Node): Promise<void> {
  const { agent, stack, loki, lanes, prometheus, report } = node;
  const noisy = await LoggingContainer.create(stack.api, stack.podLogs, 'noisy');
  const same = lanes.find((lane) => lane.test(noisy.uid));
  const other = lanes.find((lane) => lane !== same);
  const quiet = await QuietContainer.create(stack, 'quiet', loki, other && { uid: other });
  const neighbor = other && (await QuietContainer.create(stack, 'neighbor', loki, same && { uid: same }));
  await sleep(15_000);
  const written = await writeAtRate(noisy, 10, 60, 10);
  const pending = await soon(prometheus, 'ALERTS{alertname=~"(Promtail|OtelAgent).*"}');
  await reportQuiet(node, '10 MB/s', quiet);
  if (neighbor) await reportQuiet(node, '10 MB/s, in its lane', neighbor, SLOWEST_IN_LANE_SECONDS);
  const stored = await loki.count('{pod="noisy"}');
  report.figure(
    `${agent.kind}: 10 MB/s: lines of the noisy container, written and stored`,
    `${written}, ${stored}`,
    stored > 0,
  );
  report.figure(
    `${agent.kind}: 10 MB/s: alerts, if it goes on`,
    [...new Set(pending.map(({ labels }) => labels['alertname']))].join(', ') || 'none',
    pending.length > 0,
  );
  const { peakMemory, memoryLimit } = stack.pod(agent.pod);
  report.figure(
    `${agent.kind}: 10 MB/s: peak memory of the agent in MiB`,
    Math.round(peakMemory / 2 ** 20),
    peakMemory < memoryLimit,
  );
}

async function manyLines(node: Node): Promise<void> {
  const { agent, stack, loki, report } = node;
  const quiet = await QuietContainer.create(stack, 'quiet', loki);
  const noisy = await LoggingContainer.create(stack.api, stack.podLogs, 'noisy');
  const written = await writeAtRate(noisy, 2, 30);
  const lost = await settledLoss(loki, '{pod="noisy"}', written, async () =>
    sumOfMetric(await scrape(stack.pod('promtail').address, 3101), 'logentry_dropped_lines_by_label_total'),
  );
  await reportQuiet(node, 'above the rate of lines', quiet);
  report.equal(
    `${agent.kind}: above the rate of lines: lost of ${written} lines, counted by the agent`,
    lost.counted,
    lost.lost,
  );
  await reportAlert(node, 'PromtailLimitsContainer');
}

async function manyBytes(node: Node): Promise<void> {
  const { agent, stack, loki, report } = node;
  const quiet = await QuietContainer.create(stack, 'calm', loki);
  const fast = await LoggingContainer.create(stack.api, stack.podLogs, 'fast');
  await sleep(15_000);
  const written = await writeAtRate(fast, 1, 30);
  const lost = await settledLoss(loki, '{pod="fast"}', written, () =>
    discarded(stack, 'per_stream_rate_limit'),
  );
  await reportQuiet(node, 'a stream above its rate', quiet);
  report.equal(
    `${agent.kind}: a stream above its rate: lost of ${written} lines, counted by Loki`,
    lost.counted,
    lost.lost,
  );
  report.figure(`${agent.kind}: a stream above its rate: its lines are lost`, lost.lost, lost.lost > 0);
  await reportAlert(node, 'LokiLimitsStream');
}

async function manyStreams(node: Node): Promise<void> {
  const { agent, stack, loki, report } = node;
  const quiet = await QuietContainer.create(stack, 'quiet', loki);
  // Its stream has to be there before the limit is reached.
  await sleep(15_000);
  const pods = [];
  for (let pod = 0; pod < 120; pod++)
    pods.push(await LoggingContainer.create(stack.api, stack.podLogs, `job-${pod}`));
  await sleep(15_000);
  for (let round = 0; round < 30; round++) {
    // Files that begin with the same text and time are one file for the OpenTelemetry Collector.
    for (const [number, pod] of pods.entries()) pod.write([line(round, `job ${number} `)]);
    await sleep(1_000);
  }
  const written = 30 * pods.length;
  const lost = await settledLoss(loki, '{pod=~"job-.*"}', written, () => discarded(stack, 'stream_limit'));
  await reportQuiet(node, 'too many streams', quiet);
  report.equal(
    `${agent.kind}: too many streams: lost of ${written} lines, counted by Loki`,
    lost.counted,
    lost.lost,
  );
  report.figure(`${agent.kind}: too many streams: lines of new pods are lost`, lost.lost, lost.lost > 0);
  await reportAlert(node, 'LokiRejectsNewStreams');
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

async function reportAlert({ agent, prometheus, report }: Node, alert: string): Promise<void> {
  const found = await soon(prometheus, `ALERTS{alertstate="firing",alertname="${alert}"}`);
  report.equal(`${agent.kind}: ${alert}: instances that fire`, found.length, 1);
}

/** What a query finds, once it finds something, or after a minute. */
async function soon(prometheus: Prometheus, query: string) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await prometheus.query(query);
    if (found.length > 0 || Date.now() > deadline) return found;
    await sleep(2_000);
  }
}
