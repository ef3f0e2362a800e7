import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configOf, type Manifest } from '../../support/render';
import { LokiClient } from '../loki-client';
import { normal, runningConfig } from '../running-config';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** What was set is what the running programs go by; and lines do go, once they are old enough. */
export const retentionScenario: Scenario = {
  name: 'retention',
  title: 'Retention and limits as they are in the running programs; old lines are deleted',
  needs: ['loki', 'tempo'],
  async run({ folder, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects: hastened(objects), withApi: false });
    try {
      await stack.start('loki', 'tempo');
      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      const running = await runningConfig(stack, objects, 'loki', folder);
      const wanted = configOf(objects, 'loki').limits_config;
      for (const key of [
        'retention_period',
        'max_global_streams_per_user',
        'max_label_names_per_series',
        'deletion_mode',
      ]) {
        report.equal(`loki ${key}`, normal(running.limits_config[key]), normal(wanted[key]));
      }
      report.equal('loki retention_enabled', running.compactor.retention_enabled, true);

      const tempo = await runningConfig(stack, objects, 'tempo', folder);
      const kept = normal(configOf(objects, 'tempo').backend_worker.compaction.block_retention);
      report.equal(
        'tempo backend_worker block_retention',
        normal(tempo.backend_worker.compaction.block_retention),
        kept,
      );
      report.equal(
        'tempo overrides block_retention',
        normal(tempo.overrides.defaults.compaction.block_retention),
        kept,
      );

      const retentionMs = Number(normal(wanted.retention_period)) * 1000;
      await seeDeletion(stack, loki, report, {
        retentionMs,
        chunks: join(folder, 'claims', 'loki', 'chunks'),
      });
    } finally {
      await stack.stop();
    }
  },
};

/**
 * Lines that are a minute younger than the retention are stored, and are gone a few minutes later; younger ones
 * stay. Only the pace of the compactor is changed, to minutes.
 */
async function seeDeletion(
  stack: Stack,
  loki: LokiClient,
  report: Run['report'],
  { retentionMs, chunks }: { retentionMs: number; chunks: string },
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
  const before = countFiles(chunks);
  const began = Date.now();
  while (countFiles(chunks) >= before && Date.now() - began < 420_000) await sleep(2_000);
  report.figure(
    'chunk files before and after',
    `${before} and ${countFiles(chunks)}`,
    countFiles(chunks) < before,
  );
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
function hastened(objects: readonly Manifest[]): Manifest[] {
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

function countFiles(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('index'),
  );
  return names.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile()).length;
}
