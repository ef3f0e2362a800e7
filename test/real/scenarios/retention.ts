import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { configOf } from '../../support/render';
import { hastened, seeDeletion } from '../deletion';
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
        chunks: async () => countFiles(join(folder, 'claims', 'loki', 'chunks')),
      });
    } finally {
      await stack.stop();
    }
  },
};

function countFiles(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('index'),
  );
  return names.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile()).length;
}
