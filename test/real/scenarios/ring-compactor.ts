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
      await writeLines(stack);
      await deletion(server, report, first ?? 'three replicas');
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
      await deletion(server, report, 'its successor');
      const client = new LokiClient(`http://${stack.pod(others[0] ?? '').address}:3100`);
      report.equal('young lines that are left', await client.count('{pod="young"}', 2), 100);
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

/** Lines that expire soon, lines that expire in 12 minutes, and lines that stay. A clean stop writes them to the bucket. */
async function writeLines(stack: Stack): Promise<void> {
  const client = new LokiClient(`http://${stack.pod(NAMES[0] ?? '').address}:3100`);
  const now = Date.now();
  const streams = {
    soon: now - RETENTION_MS + 120_000,
    later: now - RETENTION_MS + 720_000,
    young: now - 3_600_000,
  };
  for (const [pod, fromMs] of Object.entries(streams))
    await client.push(
      { pod, namespace: 'apps' },
      Array.from({ length: 100 }, (_, n) => ({
        nanoseconds: BigInt(fromMs + n) * 1_000_000n,
        line: `line ${n}`,
      })),
    );
  for (const name of NAMES) {
    await stack.pod(name).stop();
    await stack.start(name);
  }
}

/** Waits until chunks are gone from the bucket. */
async function deletion(server: BucketServer, report: Run['report'], who: string): Promise<void> {
  const chunks = async () => (await server.keys('loki')).filter((key) => key.startsWith('fake/')).length;
  const before = await chunks();
  const began = Date.now();
  let after = before;
  while (after >= before && Date.now() - began < 420_000) {
    await sleep(5_000);
    after = await chunks();
  }
  report.figure(`chunks in the bucket before and after, by ${who}`, `${before} and ${after}`, after < before);
}
