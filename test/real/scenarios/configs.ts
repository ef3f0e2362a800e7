import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_NAMES, caseManifests } from '../../support/render';
import { findProgram, PROGRAMS } from '../programs';
import type { Scenario } from '../scenarios';

/** How each program checks a file without starting. */
const CHECKS = [
  { name: 'loki', flag: '-verify-config' },
  { name: 'promtail', flag: '-check-syntax' },
  { name: 'tempo', flag: '-config.verify=true' },
] as const;

/** Every config of every case is accepted by the program that reads it. */
export const configsScenario: Scenario = {
  name: 'configs',
  title: 'Configs of every case, by the check of the program itself',
  needs: ['loki', 'promtail', 'tempo'],
  async run({ folder, report }) {
    mkdirSync(folder, { recursive: true });
    for (const { name, flag } of CHECKS) {
      const program = findProgram(PROGRAMS[name]) as string;
      const refused = CASE_NAMES.flatMap((caseName) => {
        const config = caseManifests(caseName).find(
          ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name,
        );
        const file = join(folder, `${caseName}-${name}.yaml`);
        writeFileSync(file, config.data[`${name}.yaml`]);
        const { status, stdout, stderr } = spawnSync(program, [`-config.file=${file}`, flag], {
          encoding: 'utf8',
          timeout: 60_000,
        });
        return status === 0 ? [] : [`${caseName}: ${`${stdout}${stderr}`.trim().split('\n').at(-1)}`];
      });
      report.figure(
        `${name} accepts`,
        refused.length === 0 ? `${CASE_NAMES.length} of ${CASE_NAMES.length}` : refused.join('; '),
        refused.length === 0,
      );
    }
  },
};
