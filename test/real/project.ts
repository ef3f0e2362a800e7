import { cpSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { caseValues } from '../support/render';
import type { Agent } from './agents';
import { runCommand } from './command';

/** What a copy of the project does not need, or gets from its own values. */
const LEFT_OUT = ['.git', 'dist', 'docs', 'node_modules'];

/**
 * A copy of this project whose cluster is a case with a log agent, as a person has it after `cdk8s synth`.
 *
 * @returns Its folder.
 */
export async function projectWith(folder: string, caseName: string, { kind }: Agent): Promise<string> {
  for (const name of readdirSync('.').filter((one) => !LEFT_OUT.includes(one)))
    cpSync(name, join(folder, name), { recursive: true });
  for (const name of ['docs', 'node_modules']) symlinkSync(join(process.cwd(), name), join(folder, name));
  const values = parse(caseValues(caseName));
  rmSync(join(folder, 'values', 'default.yaml'), { force: true });
  writeFileSync(
    join(folder, 'values', 'default.yaml'),
    stringify({ ...values, logs: { ...values.logs, agent: kind } }),
  );
  const { status, stderr } = await runCommand('npx', ['cdk8s', 'synth'], { cwd: folder });
  if (status !== 0) throw new Error(`cdk8s synth: ${stderr}`);
  return folder;
}
