import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { caseAdditions, manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { LineWriter } from '../line-writer';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const MINUTES = 5;

/** A ring whose bucket is away for minutes; rules that are evaluated once; a ring of five. */
export const ringOutagesScenario: Scenario = {
  name: 'ring-outages',
  title:
    'Three Lokis whose bucket is away for 5 minutes; rules evaluated once; five Lokis, two of them killed',
  needs: ['loki', 'gofakes3'],
  async run({ folder, report }: Run) {
    const server = new BucketServer(join(folder, 'server'));
    await server.start();
    try {
      await withRing(join(folder, 'three'), 3, async (stack, names) => {
        await rules(stack, names, report);
        await bucketAway(stack, names, server, report);
      });
      await withRing(join(folder, 'five'), 5, (stack, names) => twoKilled(stack, names, report));
    } finally {
      server.stop();
    }
  },
};

async function withRing(
  folder: string,
  replicas: 3 | 5,
  act: (stack: Stack, names: readonly string[]) => Promise<void>,
): Promise<void> {
  const values = {
    loki: { replicas, storage: onBucketServer('loki') },
    budget: { storage: '1Ti', cpu: '9', memory: '99Gi' },
  };
  const objects = [...manifests(settings(values), caseAdditions('everything')), BUCKET_SECRET];
  const stack = await Stack.create({ folder, objects, withApi: false });
  const names = Array.from({ length: replicas }, (_, index) => (index === 0 ? 'loki' : `loki-${index + 1}`));
  try {
    await stack.start(...names);
    await act(stack, names);
  } finally {
    await stack.stop();
  }
}

const addressesOf = (stack: Stack, names: readonly string[]) => names.map((name) => stack.pod(name).address);

/** What each replica finds of the lines that were acknowledged. */
async function compare(
  stack: Stack,
  names: readonly string[],
  report: Run['report'],
  { pod, acknowledged }: LineWriter,
): Promise<void> {
  const counts = await Promise.all(
    addressesOf(stack, names).map((address) =>
      new LokiClient(`http://${address}:3100`).count(`{pod="${pod}"}`),
    ),
  );
  report.equal(
    `${pod}: lines that each finds of ${acknowledged} acknowledged`,
    counts,
    names.map(() => acknowledged),
  );
}

/** Every rule is loaded by one replica. */
async function rules(stack: Stack, names: readonly string[], report: Run['report']): Promise<void> {
  const wanted = caseAdditions('everything').logAlerts.flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules),
  );
  const count = async () =>
    Promise.all(
      addressesOf(stack, names).map(async (address) =>
        sumOfMetric(await scrape(address, 3100), 'loki_prometheus_rule_group_rules'),
      ),
    );
  let counts = await count();
  for (let tries = 0; counts.reduce((a, b) => a + b, 0) !== wanted.length && tries < 90; tries++) {
    await sleep(2_000);
    counts = await count();
  }
  report.equal(
    `rules of ${wanted.length} that the three evaluate together`,
    counts.reduce((a, b) => a + b, 0),
    wanted.length,
  );
  report.figure('rules of each', counts.join(', '));
}

async function bucketAway(
  stack: Stack,
  names: readonly string[],
  server: BucketServer,
  report: Run['report'],
): Promise<void> {
  const writer = new LineWriter(addressesOf(stack, names), 'bucket-away', 200);
  await sleep(10_000);
  server.stop();
  const before = writer.acknowledged;
  await sleep(MINUTES * 60_000);
  report.figure(
    'lines acknowledged without the bucket',
    writer.acknowledged - before,
    writer.acknowledged > before,
  );
  await server.start();
  await sleep(30_000);
  await writer.stop();
  report.figure('tries that failed', writer.failures, writer.failures === 0);
  await compare(stack, names, report, writer);
}

/** Of five replicas, two may be away for reading; a write needs two of the three that own a stream. */
async function twoKilled(stack: Stack, names: readonly string[], report: Run['report']): Promise<void> {
  const members = await Promise.all(
    addressesOf(stack, names).map(async (address) =>
      sumOfMetric(await scrape(address, 3100), 'loki_ring_members', 'name="ingester",state="ACTIVE"'),
    ),
  );
  report.equal('members that each of five sees', members, [5, 5, 5, 5, 5]);
  const writer = new LineWriter(addressesOf(stack, names), 'two-of-five-killed');
  await sleep(10_000);
  for (const name of ['loki-2', 'loki-4']) {
    await stack.pod(name).kill();
    await sleep(20_000);
    await stack.start(name);
    await sleep(10_000);
  }
  await writer.stop();
  await sleep(15_000);
  report.figure('one after the other killed: tries that failed and were taken elsewhere', writer.failures);
  await compare(stack, names, report, writer);
}
