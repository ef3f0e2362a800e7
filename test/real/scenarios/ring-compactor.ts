import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { hastened } from '../deletion';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const NAMES = ['loki', 'loki-2', 'loki-3'];
const RETENTION_MS = 7 * 24 * 3_600_000;

/** One of three replicas compacts and deletes; when it never comes back, another one does. */
export const ringCompactorScenario: Scenario = {
  name: 'ring-compactor',
  title:
    'Three Lokis and their compactor: old objects are deleted; it is killed for good, and another one takes over',
  needs: ['loki', 'gofakes3'],
  async run({ folder, report }: Run) {
    const server = new BucketServer(join(folder, 'server'));
    await server.start();
    const values = { loki: { replicas: 3, storage: onBucketServer('loki') }, budget: { storage: '1Ti' } };
    const objects = [...hastened(manifests(settings(values))), BUCKET_SECRET];
    const stack = await Stack.create({ folder, objects, withApi: false });
    try {
      await stack.start(...NAMES);
      const first = await leader(stack, NAMES, 120);
      report.figure('compactor', first ?? 'none', first !== undefined);
      await deletion(stack, server, report, 'three replicas', NAMES);
      if (first === undefined) return;
      const others = NAMES.filter((name) => name !== first);
      await stack.pod(first).kill();
      const began = Date.now();
      const next = await leader(stack, others, 900);
      report.figure(
        'compactor killed for good: seconds until another one runs',
        Math.round((Date.now() - began) / 1000),
        next !== undefined,
      );
      await deletion(stack, server, report, 'its successor', others);
    } finally {
      server.stop();
      await stack.stop();
    }
  },
};

/** The replica that compacts; waits so many seconds for one. */
async function leader(stack: Stack, names: readonly string[], seconds: number): Promise<string | undefined> {
  for (let waited = 0; waited < seconds; waited += 5) {
    for (const name of names) {
      const text = await scrape(stack.pod(name).address, 3100);
      if (sumOfMetric(text, 'loki_boltdb_shipper_compactor_running') === 1) return name;
    }
    await sleep(5_000);
  }
  return undefined;
}

/** Lines a minute younger than the retention are stored, and their objects are gone minutes later; younger lines stay. */
async function deletion(
  stack: Stack,
  server: BucketServer,
  report: Run['report'],
  who: string,
  names: readonly string[],
): Promise<void> {
  const lines = (fromMs: number) =>
    Array.from({ length: 100 }, (_, n) => ({
      nanoseconds: BigInt(fromMs + n) * 1_000_000n,
      line: `line ${n}`,
    }));
  const client = new LokiClient(`http://${stack.pod(names[0] ?? '').address}:3100`);
  const [old, young] = [`old-${who}`, `young-${who}`];
  await client.push({ pod: old, namespace: 'apps' }, lines(Date.now() - RETENTION_MS + 90_000));
  await client.push({ pod: young, namespace: 'apps' }, lines(Date.now() - 3_600_000));
  // Writes every chunk to the bucket.
  for (const name of names) await fetch(`http://${stack.pod(name).address}:3100/flush`, { method: 'POST' });
  const chunks = async () => (await server.keys('loki')).filter((key) => key.startsWith('fake/')).length;
  let [before, after] = [0, await chunks()];
  const began = Date.now();
  while (Date.now() - began < 420_000) {
    before = Math.max(before, after);
    if (after < before) break;
    await sleep(5_000);
    after = await chunks();
  }
  report.figure(`${who}: chunks in the bucket before and after`, `${before} and ${after}`, after < before);
  report.equal(`${who}: young lines that are left`, await client.count(`{pod="${young}"}`, 2), 100);
}
