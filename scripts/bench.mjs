// Measures the speed that docs/development.md reports, on copies of this project: `npm run bench`.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(
      `npm run bench

Measures synth and review on copies of this project, and prints each figure next to its goal.

Compares with \`helm template\` if HELM_CHARTS is a folder with the charts loki, tempo and promtail, each with its
dependencies and, next to it, optional values (loki.yaml), and with \`kubectl kustomize\`, if these are on PATH.`,
    );
    process.exit(0);
  }
} catch (error) {
  console.error(`bench: ${error.message.split('. To specify ')[0]}; see --help`);
  process.exit(2);
}

const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const RUNS = 21;
const EXTRA_FILES = 10;
const FLEET = 100;

/** A copy of the project with a number of values files; without any, an empty cdk8s app. */
function project(valuesFiles) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (valuesFiles === 0) {
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\n');
    writeFileSync(join(folder, 'main.js'), "const { App } = require('cdk8s');\nnew App().synth();\n");
    return folder;
  }
  for (const name of ['main.ts', 'cdk8s.yaml', 'package.json', 'imports', 'lib', 'scripts'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'values'));
  const values = readFileSync(join(ROOT, 'docs', 'examples', 'eks.yaml'), 'utf8');
  for (let n = 0; n < valuesFiles; n++) {
    // Two clusters must not serve the same host names.
    const own = values.replace(/domain: .+/, `domain: cluster-${n}.example.com`);
    writeFileSync(join(folder, 'values', n === 0 ? 'default.yaml' : `cluster-${n}.yaml`), own);
  }
  return folder;
}

/** Wall-clock time of a command in seconds. */
function time(folder, command, ...args) {
  const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' };
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

const SYNTH = ['node', 'scripts/run.cjs', 'main.ts'];
const REVIEW_OBJECTS = 3000;
const REVIEW_CLUSTERS = 50;

/** Peak memory in MiB of an app that renders so many clusters. */
function peakMemory(clusters) {
  const folder = project(clusters);
  const [hook, peak] = [join(folder, 'peak.cjs'), join(folder, 'peak')];
  const written = `require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(hook, `process.on('exit', () => ${written});\n`);
  time(folder, 'node', '--require', hook, ...SYNTH.slice(1));
  const mebibytes = Number(readFileSync(peak, 'utf8')) / 1024;
  rmSync(folder, { recursive: true });
  return mebibytes;
}

/** What other programs can be compared with, or why one cannot. */
const missing = [];
const runs = (command, ...args) => spawnSync(command, args).status === 0;

/** The commands that render three charts of upstream. */
function helmCommands() {
  const folder = process.env.HELM_CHARTS;
  if (folder === undefined) missing.push('helm template: HELM_CHARTS is not set');
  else if (!runs('helm', 'version')) missing.push('helm template: helm is not on PATH');
  else {
    return ['loki', 'tempo', 'promtail'].map((chart) => {
      const values = join(folder, `${chart}.yaml`);
      return [
        'helm',
        'template',
        chart,
        join(folder, chart),
        ...(existsSync(values) ? ['--values', values] : []),
      ];
    });
  }
}

/** The command that renders the manifests of a project with kustomize. */
function kustomizeCommand(dist) {
  if (!runs('kubectl', 'kustomize', '--help')) {
    missing.push('kubectl kustomize: kubectl is not on PATH');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  cpSync(dist, folder, { recursive: true });
  const resources = readdirSync(folder).map((name) => `  - ${name}\n`);
  writeFileSync(join(folder, 'kustomization.yaml'), `resources:\n${resources.join('')}`);
  return ['kubectl', 'kustomize', folder];
}

/** Number of objects in the manifests of one cluster. */
function objectsIn(folder) {
  const texts = readdirSync(join(folder, 'dist')).map((name) =>
    readFileSync(join(folder, 'dist', name), 'utf8'),
  );
  return texts.join('\n').match(/^kind: /gm).length;
}

/** A project with committed clusters, each of which then changes its retention and therefore its config. */
function reviewedProject(clusters) {
  const folder = project(clusters);
  const git = ['git', '-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  time(folder, ...SYNTH);
  time(folder, ...git, 'init', '--quiet', '--initial-branch=main');
  time(folder, ...git, 'add', 'dist');
  time(folder, ...git, 'commit', '--quiet', '--message=bench');
  for (const name of readdirSync(join(folder, 'values'))) {
    const path = join(folder, 'values', name);
    const values = readFileSync(path, 'utf8');
    const changed = values.replace('retention: 7d', 'retention: 14d');
    if (changed === values) throw new Error(`${path} does not contain the retention to change`);
    writeFileSync(path, changed);
  }
  time(folder, ...SYNTH);
  return folder;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const [empty, one, many] = [project(0), project(1), project(1 + EXTRA_FILES)];
const figures = { app: [], empty: [], synth: [], ratio: [], extra: [], review: [] };
const others = { helm: [], toHelm: [], kustomize: [], toKustomize: [] };
time(one, ...SYNTH);
const objects = objectsIn(one);
const clusters = Math.max(REVIEW_CLUSTERS, Math.ceil(REVIEW_OBJECTS / objects));
const reviewed = reviewedProject(clusters);
const helm = helmCommands();
const kustomize = kustomizeCommand(join(one, 'dist'));
try {
  // The first round fills caches and does not count. The others alternate, so that a slow minute affects all alike.
  for (let run = 0; run <= RUNS; run++) {
    const app = time(one, ...SYNTH);
    const apps = time(many, ...SYNTH);
    const base = time(empty, 'npx', 'cdk8s', 'synth');
    const synth = time(one, 'npx', 'cdk8s', 'synth');
    const review = time(reviewed, 'node', 'scripts/run.cjs', 'scripts/review.ts', '--base', 'HEAD');
    const charts = helm?.reduce((sum, command) => sum + time(one, ...command), 0);
    const kustomized = kustomize && time(one, ...kustomize);
    if (run === 0) continue;
    if (helm) others.helm.push(charts);
    if (helm) others.toHelm.push(app / charts);
    if (kustomize) others.kustomize.push(kustomized);
    if (kustomize) others.toKustomize.push(app / kustomized);
    figures.app.push(app);
    figures.extra.push((apps - app) / EXTRA_FILES);
    figures.empty.push(base);
    figures.synth.push(synth);
    figures.ratio.push(synth / base);
    figures.review.push(review);
  }
} finally {
  for (const folder of [empty, one, many, reviewed, ...(kustomize?.slice(-1) ?? [])])
    rmSync(folder, { recursive: true });
}

const row = (what, value, goal) => console.log(`${what.padEnd(58)} ${value.padStart(9)}   ${goal}`);
console.log(`Node ${process.version}, medians of ${RUNS} runs`);
row('app alone (node scripts/run.cjs main.ts)', `${median(figures.app).toFixed(2)} s`, 'at most 0.7 s');
row('npx cdk8s synth', `${median(figures.synth).toFixed(2)} s`, '');
row('npx cdk8s synth of an empty app in JavaScript', `${median(figures.empty).toFixed(2)} s`, '');
row('ratio of the two, pair by pair', median(figures.ratio).toFixed(2), 'at most 1.12');
row('each additional values file', `${(median(figures.extra) * 1000).toFixed(1)} ms`, 'at most 25 ms');
row(
  `peak memory of the app for ${FLEET} clusters`,
  `${Math.round(peakMemory(FLEET))} MiB`,
  'at most 300 MiB',
);
row(
  `review of ${clusters} clusters, ${clusters * objects} objects, against a revision`,
  `${median(figures.review).toFixed(2)} s`,
  'at most 2 s',
);
if (helm) {
  row('helm template of the charts of Loki, Tempo and Promtail', `${median(others.helm).toFixed(2)} s`, '');
  row('ratio of the app alone to it, pair by pair', median(others.toHelm).toFixed(2), 'at most 1.00');
}
if (kustomize) {
  row('kubectl kustomize of dist/', `${median(others.kustomize).toFixed(2)} s`, '');
  row('ratio of the app alone to it, pair by pair', median(others.toKustomize).toFixed(2), '');
}
for (const what of missing) console.log(`NOT MEASURED: ${what}`);
