import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Manifest, manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { hastened } from '../deletion';
import { LokiClient } from '../loki-client';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const HOUR = 3_600_000;
const LINES = 1_000;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * Loki moves from its volume to a bucket, and then to three replicas; at each stage every line is there that is kept.
 *
 * The period of the bucket begins today instead of in the future, and only lines of days before were written until then.
 */
export const migrationScenario: Scenario = {
  name: 'migration',
  title: 'From a volume to a bucket, and to three Lokis: every line that is kept is there at each stage',
  needs: ['loki', 'gofakes3'],
  async run({ folder, report }: Run) {
    const now = Date.now();
    // The middle of the day before.
    const yesterday = Date.parse(day(now)) - 12 * HOUR;
    const periods = { '2024-04-01': 'filesystem', [day(now)]: 's3' };
    const storage = { size: '30Gi', ...onBucketServer('loki') };
    const server = new BucketServer(join(folder, 'server'));
    await server.start();
    const stage = (loki: object, change = (objects: Manifest[]) => objects) =>
      Stack.create({
        folder,
        objects: [
          ...change(onDay(now + 100 * 24 * HOUR, () => manifests(settings({ loki })))),
          BUCKET_SECRET,
        ],
        withApi: false,
      });
    try {
      await onVolume(await stage({}), report, yesterday);
      await onBoth(await stage({ storage, periods }), report, yesterday);
      const chunks = join(folder, 'claims', 'loki', 'chunks', 'fake');
      await waited(await stage({ storage, periods, retention: '24h' }, hastened), report, chunks);
      await onRing(await stage({ storage, periods, replicas: 3 }), report);
    } finally {
      server.stop();
    }
  },
};

/** What is done on another day: synth lets replicas only after a wait. */
function onDay<T>(ms: number, act: () => T): T {
  const { now } = Date;
  Date.now = () => ms;
  try {
    return act();
  } finally {
    Date.now = now;
  }
}

const clientOf = (stack: Stack, name = 'loki') => new LokiClient(`http://${stack.pod(name).address}:3100`);

async function write(stack: Stack, pod: string, fromMs: number): Promise<void> {
  const lines = Array.from({ length: LINES }, (_, n) => ({
    nanoseconds: BigInt(fromMs + n) * 1_000_000n,
    line: `line ${n}`,
  }));
  await clientOf(stack).push({ pod, namespace: 'apps' }, lines);
}

async function found(stack: Stack, pod: string, name?: string): Promise<number> {
  return clientOf(stack, name).count(`{pod="${pod}"}`, 48);
}

async function onVolume(stack: Stack, report: Run['report'], yesterday: number): Promise<void> {
  try {
    await stack.start('loki');
    await write(stack, 'old', yesterday);
    // Loki looks for lines of the day before in its chunks only, which a clean stop writes.
    await stack.pod('loki').stop();
    await stack.start('loki');
    report.equal('on the volume: lines of the day before', await found(stack, 'old'), LINES);
    await stack.pod('loki').stop();
  } finally {
    await stack.stop();
  }
}

async function onBoth(stack: Stack, report: Run['report'], yesterday: number): Promise<void> {
  try {
    await stack.start('loki');
    report.equal('with a period of the bucket: lines of the day before', await found(stack, 'old'), LINES);
    await write(stack, 'late', yesterday + HOUR);
    await write(stack, 'new', Date.now() - 60_000);
    await stack.pod('loki').stop();
    await stack.start('loki');
    report.equal('and after a restart', await found(stack, 'old'), LINES);
    report.equal(
      'with a period of the bucket: late lines of the day before',
      await found(stack, 'late'),
      LINES,
    );
    report.equal('with a period of the bucket: lines of today', await found(stack, 'new'), LINES);
    await stack.pod('loki').stop();
  } finally {
    await stack.stop();
  }
}

/** After the retention nothing is on the volume; the wait is a shorter retention, and a compactor that hurries. */
async function waited(stack: Stack, report: Run['report'], chunks: string): Promise<void> {
  try {
    const count = () =>
      existsSync(chunks)
        ? readdirSync(chunks, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
            .length
        : 0;
    const before = count();
    await stack.start('loki');
    report.equal('before the wait is over: lines of today', await found(stack, 'new'), LINES);
    for (let tries = 0; count() > 0 && tries < 200; tries++) await sleep(2_000);
    report.figure(
      'chunks on the volume before and after the wait',
      `${before} and ${count()}`,
      before > 0 && count() === 0,
    );
    report.equal('after the wait: lines of today', await found(stack, 'new'), LINES);
    await stack.pod('loki').stop();
  } finally {
    await stack.stop();
  }
}

async function onRing(stack: Stack, report: Run['report']): Promise<void> {
  const names = ['loki', 'loki-2', 'loki-3'];
  try {
    await stack.start(...names);
    const counts = await Promise.all(names.map((name) => found(stack, 'new', name)));
    report.equal('three replicas: lines of today that each finds', counts, [LINES, LINES, LINES]);
  } finally {
    await stack.stop();
  }
}
