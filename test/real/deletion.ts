import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../support/render';
import type { LokiClient } from './loki-client';
import type { Run } from './scenario';
import type { Stack } from './stack';

/**
 * Lines that are a minute younger than the retention are stored, and are gone a few minutes later; younger ones
 * stay. Only the pace of the compactor is changed, to minutes.
 */
export async function seeDeletion(
  stack: Stack,
  loki: LokiClient,
  report: Run['report'],
  { retentionMs, chunks }: { retentionMs: number; chunks: () => Promise<number> },
): Promise<void> {
  const old = Date.now() - retentionMs + 60_000;
  const lines = (fromMs: number) =>
    Array.from({ length: 100 }, (_, n) => ({
      nanoseconds: BigInt(fromMs + n) * 1_000_000n,
      line: `line ${n}`,
    }));
  await loki.push({ pod: 'old', namespace: 'apps' }, lines(old));
  await loki.push({ pod: 'young', namespace: 'apps' }, lines(Date.now() - 3_600_000));
  // A clean stop writes every chunk to the volume.
  await stack.pod('loki').stop();
  await stack.start('loki');
  const before = await chunks();
  const began = Date.now();
  while ((await chunks()) >= before && Date.now() - began < 420_000) await sleep(2_000);
  const after = await chunks();
  report.figure('chunks before and after', `${before} and ${after}`, after < before);
  report.figure(
    'seconds from expiry to deletion, compactor every 20 s',
    Math.round((Date.now() - began) / 1000 - 60),
  );
  report.equal(
    'young lines that are left',
    (await loki.entries('{pod="young"}', Date.now() - 7_200_000)).length,
    100,
  );
}

/** The same objects, with a compactor of Loki that does in seconds what takes it hours. */
export function hastened(objects: readonly Manifest[]): Manifest[] {
  return objects.map((object) => {
    if (object.kind !== 'ConfigMap' || object.metadata.name !== 'loki') return object;
    const text: string = object.data['loki.yaml'];
    const faster = text
      .replace('compaction_interval: 10m', 'compaction_interval: 20s')
      .replace('retention_delete_delay: 2h', 'retention_delete_delay: 1s');
    if (faster === text) throw new Error('the compactor of Loki is not configured as this scenario knows it');
    return { ...object, data: { 'loki.yaml': faster } };
  });
}
