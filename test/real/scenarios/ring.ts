import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { LineWriter } from '../line-writer';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const REPLICAS = ['loki', 'loki-2', 'loki-3'];

/** Three Lokis in one ring: one of them may be away at any time, and all of them may crash. */
export const ringScenario: Scenario = {
  name: 'ring',
  title:
    'Three Lokis in one ring on a bucket: one restarted, killed, cut off, without its volume; all killed',
  needs: ['loki', 'gofakes3'],
  async run({ folder, report }: Run) {
    const storage = onBucketServer('loki');
    const objects = [
      ...manifests(settings({ loki: { storage, replicas: 3 }, budget: { storage: '1Ti' } })),
      BUCKET_SECRET,
    ];
    const server = new BucketServer(join(folder, 'server'));
    const stack = await Stack.create({ folder, objects, withApi: false });
    try {
      await server.start();
      const began = performance.now();
      await stack.start(...REPLICAS);
      report.figure('seconds until three are ready', Math.round((performance.now() - began) / 1000));
      report.equal(
        'members that each sees',
        await ofEach(stack, 'loki_ring_members', 'name="ingester",state="ACTIVE"'),
        [3, 3, 3],
      );
      await sleep(20_000);
      report.equal(
        'compactors that run',
        sum(await ofEach(stack, 'loki_boltdb_shipper_compactor_running')),
        1,
      );
      await oneAway(stack, report, 'stopped');
      await oneAway(stack, report, 'killed');
      await oneAway(stack, report, 'cut off');
      await allKilled(stack, report);
      await emptied(stack, report, join(folder, 'claims', 'data-loki-3'));
    } finally {
      server.stop();
      await stack.stop();
    }
  },
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const clientOf = (stack: Stack, name: string) => new LokiClient(`http://${stack.pod(name).address}:3100`);

/** A metric of each replica. */
async function ofEach(stack: Stack, metric: string, label = ''): Promise<number[]> {
  return Promise.all(
    REPLICAS.map(async (name) => sumOfMetric(await scrape(stack.pod(name).address, 3100), metric, label)),
  );
}

/** Reports what each replica finds of the lines that were acknowledged. */
async function compare(stack: Stack, report: Run['report'], when: string, writer: LineWriter): Promise<void> {
  const counts = await Promise.all(
    REPLICAS.map((name) => clientOf(stack, name).count(`{pod="${writer.pod}"}`)),
  );
  const { acknowledged } = writer;
  report.equal(`${when}: lines that each finds of ${acknowledged} acknowledged`, counts, [
    acknowledged,
    acknowledged,
    acknowledged,
  ]);
}

/** One replica is away for half a minute while lines are written to all of them. */
async function oneAway(
  stack: Stack,
  report: Run['report'],
  how: 'stopped' | 'killed' | 'cut off',
): Promise<void> {
  const pod = stack.pod('loki-2');
  const writer = new LineWriter(
    REPLICAS.map((name) => stack.pod(name).address),
    `one-${how.replace(' ', '-')}`,
  );
  await sleep(15_000);
  if (how === 'stopped') report.figure('seconds of a clean stop', (await pod.stop()).toFixed(1));
  if (how === 'killed') await pod.kill();
  if (how === 'cut off') pod.cutOff(true);
  const queries = await answered(stack, writer.pod, 30);
  report.equal(`one ${how}: queries to the others that failed, of ${queries.tried}`, queries.failed, 0);
  if (how === 'cut off') pod.cutOff(false);
  else pod.start();
  report.figure(`one ${how}: seconds until it is ready again`, (await pod.ready()).toFixed(0));
  await sleep(10_000);
  await writer.stop();
  report.figure(`one ${how}: tries that failed and were taken elsewhere`, writer.failures);
  await compare(stack, report, `one ${how}`, writer);
}

/** Asks the two others for so many seconds. */
async function answered(stack: Stack, pod: string, seconds: number) {
  const until = Date.now() + seconds * 1000;
  let [tried, failed] = [0, 0];
  for (; Date.now() < until; tried++) {
    const name = tried % 2 === 0 ? 'loki' : 'loki-3';
    await clientOf(stack, name)
      .count(`{pod="${pod}"}`)
      .catch(() => failed++);
    await sleep(500);
  }
  return { tried, failed };
}

async function allKilled(stack: Stack, report: Run['report']): Promise<void> {
  const writer = new LineWriter(
    REPLICAS.map((name) => stack.pod(name).address),
    'all-killed',
  );
  await sleep(15_000);
  await Promise.all(REPLICAS.map((name) => stack.pod(name).kill()));
  const began = performance.now();
  await stack.start(...REPLICAS);
  report.figure('all killed: seconds until all are ready', Math.round((performance.now() - began) / 1000));
  await sleep(10_000);
  await writer.stop();
  await compare(stack, report, 'all killed', writer);
}

/** A replica that lost its volume comes back as a new member, and finds everything. */
async function emptied(stack: Stack, report: Run['report'], volume: string): Promise<void> {
  const writer = new LineWriter(
    REPLICAS.map((name) => stack.pod(name).address),
    'emptied',
  );
  await sleep(10_000);
  await stack.pod('loki-3').kill();
  rmSync(volume, { recursive: true });
  await stack.start('loki-3');
  await sleep(10_000);
  await writer.stop();
  await compare(stack, report, 'one without its volume', writer);
}
