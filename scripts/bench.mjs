// Measures what the README promises about speed, on copies of this project: `npm run bench`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const RUNS = 9;
const EXTRA_FILES = 10;

/** A copy of the project with the given number of values files; without any, an empty cdk8s app. */
function project(valuesFiles) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (valuesFiles === 0) {
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\n');
    writeFileSync(join(folder, 'main.js'), "const { App } = require('cdk8s');\nnew App().synth();\n");
    return folder;
  }
  for (const name of ['main.ts', 'cdk8s.yaml', 'package.json', 'lib', 'scripts'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'values'));
  const values = readFileSync(join(ROOT, 'values', 'default.yaml'));
  for (let n = 0; n < valuesFiles; n++)
    writeFileSync(join(folder, 'values', n === 0 ? 'default.yaml' : `cluster-${n}.yaml`), values);
  return folder;
}

/** Wall time of a command in seconds. */
function time(folder, command, ...args) {
  const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' };
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const [empty, one, many] = [project(0), project(1), project(1 + EXTRA_FILES)];
const figures = { app: [], empty: [], synth: [], ratio: [], extra: [] };
try {
  // The first round fills caches and is not counted; the rest alternate, so that a slower minute slows all alike.
  for (let run = 0; run <= RUNS; run++) {
    const app = time(one, 'node', 'scripts/run.cjs', 'main.ts');
    const apps = time(many, 'node', 'scripts/run.cjs', 'main.ts');
    const base = time(empty, 'npx', 'cdk8s', 'synth');
    const synth = time(one, 'npx', 'cdk8s', 'synth');
    if (run === 0) continue;
    figures.app.push(app);
    figures.extra.push((apps - app) / EXTRA_FILES);
    figures.empty.push(base);
    figures.synth.push(synth);
    figures.ratio.push(synth / base);
  }
} finally {
  for (const folder of [empty, one, many]) rmSync(folder, { recursive: true });
}

const row = (what, value, goal) => console.log(`${what.padEnd(58)} ${value.padStart(9)}   ${goal}`);
console.log(`Node ${process.version}, medians of ${RUNS} runs`);
row('app alone (node scripts/run.cjs main.ts)', `${median(figures.app).toFixed(2)} s`, 'at most 0.7 s');
row('npx cdk8s synth', `${median(figures.synth).toFixed(2)} s`, '');
row('npx cdk8s synth of an empty app in JavaScript', `${median(figures.empty).toFixed(2)} s`, '');
row('ratio of the two, pair by pair', median(figures.ratio).toFixed(2), 'at most 1.25');
row('each further values file', `${(median(figures.extra) * 1000).toFixed(1)} ms`, 'at most 30 ms');
