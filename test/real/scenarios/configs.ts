import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FEATURE_GATES } from '../../../lib/otel-agent/config';
import { NODE_NAME_VARIABLE } from '../../../lib/otel-agent/labels';
import { CASE_NAMES, caseManifests } from '../../support/render';
import { findProgram, hasComponent, PROGRAMS } from '../programs';
import type { Scenario } from '../scenario';

/** How each program checks a file without starting. */
const CHECKS = [
  { name: 'loki', args: (file: string) => [`-config.file=${file}`, '-verify-config'] },
  { name: 'promtail', args: (file: string) => [`-config.file=${file}`, '-check-syntax'] },
  { name: 'tempo', args: (file: string) => [`-config.file=${file}`, '-config.verify=true'] },
  { name: 'otel-collector', args: (file: string) => ['validate', `--config=${file}`] },
  { name: 'event-collector', args: (file: string) => ['validate', `--config=${file}`] },
  {
    name: 'otel-agent',
    args: (file: string) => ['validate', `--config=${file}`, `--feature-gates=${FEATURE_GATES.join(',')}`],
  },
] as const;

/** Every config of every case is accepted by the program that reads it. */
export const configsScenario: Scenario = {
  name: 'configs',
  title: 'Configs of every case, by the check of the program itself',
  needs: ['loki', 'promtail', 'tempo', 'otel-collector', 'otel-agent', 'event-collector'],
  async run({ folder, report }) {
    mkdirSync(folder, { recursive: true });
    for (const { name, args } of CHECKS) {
      const program = findProgram(PROGRAMS[name]) as string;
      const configs = CASE_NAMES.flatMap((caseName) => {
        const found = caseManifests(caseName).find(
          ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name,
        );
        return found ? [{ caseName, content: Object.values<string>(found.data)[0] ?? '' }] : [];
      });
      const runnable = configs.filter(({ caseName, content }) => {
        const missing = missingComponents(program, content);
        for (const one of missing) report.skip(`${caseName}: ${name}`, `it was built without ${one}`);
        return missing.length === 0;
      });
      const refused = runnable.flatMap(({ caseName, content }) => {
        const file = join(folder, `${caseName}-${name}.yaml`);
        writeFileSync(file, content);
        const { status, stdout, stderr } = spawnSync(program, args(file), {
          encoding: 'utf8',
          timeout: 60_000,
          // The agent's file names a variable that its pod has.
          env: { ...process.env, [NODE_NAME_VARIABLE]: 'node-1' },
        });
        return status === 0 ? [] : [`${caseName}: ${`${stdout}${stderr}`.trim().split('\n').at(-1)}`];
      });
      report.figure(
        `${name} accepts`,
        refused.length === 0 ? `${runnable.length} of ${runnable.length}` : refused.join('; '),
        refused.length === 0,
      );
    }
  },
};

/** Extensions and receivers of a collector's config that the program was built without. */
function missingComponents(program: string, content: string): string[] {
  const { service, receivers = {} } = parse(content);
  const types = (service === undefined ? [] : [...service.extensions, ...Object.keys(receivers)]).map(
    (id: string) => id.split('/')[0] ?? '',
  );
  return types.filter((type) => !hasComponent(program, type));
}
