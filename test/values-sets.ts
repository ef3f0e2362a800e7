import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from '../lib/terminal';
import { runMain, UsageError } from '../scripts/manifests';

const example = (name: string) => readFileSync(join('docs', 'examples', `${name}.yaml`), 'utf8');
const EXAMPLES = ['eks', 'gke', 'k3s', 'minimal'] as const;

/** Twenty clusters of every kind in folders, none of them the default one, each with a domain of its own over a base. */
const fleet = Object.fromEntries([
  ...EXAMPLES.map((name) => [`_${name}`, example(name)]),
  ...Array.from({ length: 20 }, (_, index) => [
    `${index < 10 ? 'eu' : 'us'}/cluster-${index + 1}`,
    `extends: ../_${EXAMPLES[index % EXAMPLES.length]}.yaml\ncluster: {domain: cluster-${index + 1}.example.com}\n`,
  ]),
]);

/** Every case of test/cases as a cluster of its own. */
const cases = Object.fromEntries(
  readdirSync(join('test', 'cases')).flatMap((name) => [
    [`_${name}`, readFileSync(join('test', 'cases', name, 'values.yaml'), 'utf8')],
    [`cases/${name}`, `extends: ../_${name}.yaml\ncluster: {domain: ${name}.example.com}\n`],
  ]),
);

/** Values files by the name of their cluster, by the name of the set. */
const SETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(EXAMPLES.map((name) => [name, { default: example(name) }])),
  fleet,
  cases,
};

const HELP = `npm run test:values -- [<set> ...]

Does what a user does with values of their own, in a clone of the last commit: writes values/, runs npx cdk8s synth,
commits, and runs .ci/run, which ends with npm test. Takes minutes for each set.

sets: ${Object.keys(SETS).join(', ')} (default: all)
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  const unknown = positionals.find((name) => !Object.hasOwn(SETS, name));
  if (unknown)
    throw new UsageError(`there is no set ${unknown}; name one of ${Object.keys(SETS).join(', ')}`);

  const clone = mkdtempSync(join(tmpdir(), 'values-sets-'));
  try {
    if (!run(clone, 'git', 'clone', '--quiet', process.cwd(), '.')) throw new Error('the clone failed');
    const failed = (positionals.length > 0 ? positionals : Object.keys(SETS)).filter(
      (name) => !passes(clone, name),
    );
    process.exitCode = failed.length > 0 ? 1 : 0;
  } finally {
    rmSync(clone, { recursive: true });
  }
}

/** Whether everything works with a set of values; says so, and what does not. */
function passes(clone: string, name: string): boolean {
  const began = performance.now();
  for (const path of readdirSync(join(clone, 'values')).filter((one) => one !== 'schema.json'))
    rmSync(join(clone, 'values', path), { recursive: true });
  for (const [cluster, text] of Object.entries(SETS[name] ?? {})) {
    const file = join(clone, 'values', `${cluster}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const git = ['git', '-c', 'user.name=values', '-c', 'user.email=values@localhost'] as const;
  const passed =
    run(clone, 'npm', 'ci') &&
    run(clone, 'npx', 'cdk8s', 'synth') &&
    run(clone, ...git, 'add', '--all') &&
    run(clone, ...git, 'commit', '--quiet', '--allow-empty', '--message', name) &&
    run(clone, '.ci/run');
  const seconds = Math.round((performance.now() - began) / 1000);
  print(process.stdout, `${passed ? 'ok  ' : 'FAIL'}  ${name.padEnd(8)}  ${seconds} s\n`);
  return passed;
}

/** Lines of a failed command that are printed: the last ones say what failed. */
const TAIL = 100;

/** Runs a command; prints the end of its output only when it fails. */
function run(cwd: string, command: string, ...args: string[]): boolean {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const tail = `${stdout}${stderr}`.split('\n').slice(-TAIL).join('\n');
  if (status !== 0) process.stdout.write(`${[command, ...args].join(' ')} failed:\n${tail}\n`);
  return status === 0;
}

runMain('test:values', main);
