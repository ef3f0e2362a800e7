import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Manifest, manifests, settings } from '../../support/render';
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
    const objects = [...hastened(manifests(settings(values))).map(forgetful), BUCKET_SECRET];
    const stack = await Stack.create({ folder, objects, withApi: false });
    try {
      await stack.start(...NAMES);
      await leader(stack, NAMES, 120);
      await writeLines(stack);
      const first = await leader(stack, NAMES, 120);
      report.figure('compactor', first ?? 'none', first !== undefined);
      await deletion(server, report, first ?? 'none');
      if (first === undefined) return;
      const others = NAMES.filter((name) => name !== first);
      await stack.pod(first).kill();
      const began = Date.now();
      const next = await leader(stack, others, 900);
      report.figure(
        'compactor killed for good: seconds until another one runs, with a ring that forgets after 60 s instead of 10 minutes',
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

/** The same objects, with a ring that forgets a member in seconds: after 10 times the timeout of its heartbeat. */
function forgetful(object: Manifest): Manifest {
  if (object.kind !== 'ConfigMap' || object.metadata.name !== 'loki') return object;
  const text: string = object.data['loki.yaml'];
  const faster = text
    .replaceAll('heartbeat_period: 15s', 'heartbeat_period: 2s')
    .replaceAll('heartbeat_timeout: 1m', 'heartbeat_timeout: 6s');
  if (faster === text) throw new Error('the ring of Loki is not configured as this scenario knows it');
  return { ...object, data: { 'loki.yaml': faster } };
}

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

/** Lines that expire soon, lines that expire in 4 minutes, and lines that stay. A flush writes chunks, and a stop the index. */
async function writeLines(stack: Stack): Promise<void> {
  const client = new LokiClient(`http://${stack.pod(NAMES[0] ?? '').address}:3100`);
  const now = Date.now();
  const streams = {
    soon: now - RETENTION_MS + 100_000,
    later: now - RETENTION_MS + 270_000,
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
    await fetch(`http://${stack.pod(name).address}:3100/flush`, { method: 'POST' });
    await sleep(3_000);
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
