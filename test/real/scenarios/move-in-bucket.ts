import { join } from 'node:path';
import { manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { LokiClient } from '../loki-client';
import { OldLoki } from '../old-loki';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const HOUR = 3_600_000;
const LINES = 1_000;
const REPLICAS = ['loki', 'loki-2', 'loki-3'];

/** Three Lokis take over the bucket of the chart's mode SimpleScalable, and find what it wrote. */
export const moveInBucketScenario: Scenario = {
  name: 'move-in-bucket',
  title: 'Move in: three Lokis on the bucket of the targets read, write and backend of the chart',
  needs: ['loki', 'gofakes3'],
  async run({ folder, report }: Run) {
    const server = new BucketServer(join(folder, 'server'));
    await server.start();
    const old = new OldLoki(join(folder, 'old'));
    try {
      await old.start();
      const writer = new LokiClient(old.url('write'));
      await write(writer, 'old', Date.now() - 2 * HOUR);
      const before = await new LokiClient(old.url('read')).count('{pod="old"}', 48);
      report.equal('lines that read finds', before, LINES);
      await old.flush();
      await old.stop();
      const taken = await takeOver(join(folder, 'taken'), { indexPrefix: 'loki_index_' });
      report.equal('lines of the chart that each of three Lokis finds', taken.old, [LINES, LINES, LINES]);
      report.equal('new lines next to them', taken.new, [LINES, LINES, LINES]);
      const lost = await takeOver(join(folder, 'lost'), {});
      report.equal('with another prefix of the index: lines of the chart', lost.old, [0, 0, 0]);
    } finally {
      await old.stop();
      server.stop();
    }
  },
};

async function write(client: LokiClient, pod: string, fromMs: number): Promise<void> {
  const lines = Array.from({ length: LINES }, (_, n) => ({
    nanoseconds: BigInt(fromMs + n) * 1_000_000n,
    line: `line ${n}`,
  }));
  await client.push({ pod, namespace: 'apps' }, lines);
}

/** What three Lokis of this product find in the bucket: lines of the chart, and lines of their own. */
async function takeOver(folder: string, loki: object): Promise<{ old: number[]; new: number[] }> {
  const values = { loki: { ...loki, replicas: 3, storage: { size: '30Gi', ...onBucketServer('loki') } } };
  const objects = [...manifests(settings(values)), BUCKET_SECRET];
  const stack = await Stack.create({ folder, objects, withApi: false });
  try {
    await stack.start(...REPLICAS);
    const clients = REPLICAS.map((name) => new LokiClient(`http://${stack.pod(name).address}:3100`));
    const count = (pod: string) => Promise.all(clients.map((client) => client.count(`{pod="${pod}"}`, 48)));
    const before = await count('old');
    await write(clients[0] as LokiClient, 'new', Date.now() - HOUR / 2);
    return { old: before, new: await count('new') };
  } finally {
    await stack.stop();
  }
}
