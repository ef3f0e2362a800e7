import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
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
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..');
let checkout: string;

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: checkout, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Runs `cdk8s synth` as a person would, in a copy of this project. */
const synth = (...args: string[]) => run(join('node_modules', '.bin', 'cdk8s'), 'synth', ...args);

/** Runs the app as the CLI does, where it is the app alone that matters: a third of the time. */
const app = () => run(process.execPath, join('scripts', 'run.cjs'), 'main.ts');

const write = (path: string, text: string) => writeFileSync(join(checkout, path), text);
const listed = (path: string) => readdirSync(join(checkout, path)).sort();
const FILES = [
  'grafana-dashboards.k8s.yaml',
  'grafana.k8s.yaml',
  'loki.k8s.yaml',
  'network-policies.k8s.yaml',
  'otel-collector.k8s.yaml',
  'promtail.k8s.yaml',
  'tempo.k8s.yaml',
];
const CLUSTER = 'cluster:\n  domain: example.com\n';

/** What no test changes. */
const SOURCES = ['main.ts', 'package.json', 'imports', 'lib', 'scripts'];

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const name of SOURCES) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
});
beforeEach(() => {
  for (const name of listed('.').filter((one) => !SOURCES.includes(one)))
    rmSync(join(checkout, name), { recursive: true });
  cpSync(join(ROOT, 'cdk8s.yaml'), join(checkout, 'cdk8s.yaml'));
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  mkdirSync(join(checkout, 'values'));
  write('values/default.yaml', CLUSTER);
});
afterAll(() => rmSync(checkout, { recursive: true }));

describe('cdk8s synth', () => {
  test('renders default into dist/, others into subfolders, and removes stale files', () => {
    write('values/staging.yaml', CLUSTER);
    expect(synth().status).toBe(0);
    expect(listed('dist')).toEqual([...FILES, 'staging'].sort());
    expect(listed('dist/staging')).toEqual(FILES);

    rmSync(join(checkout, 'values/staging.yaml'));
    write('dist/by-hand.yaml', 'kind: Stale');
    expect(app().status).toBe(0);
    expect(listed('dist')).toEqual(FILES);
  });

  test('renders clusters in folders, and what they extend into none', () => {
    mkdirSync(join(checkout, 'values/eu'));
    write('values/_base.yaml', 'loki: {retention: 3d}\n');
    write('values/eu/prod.yaml', `extends: ../_base.yaml\n${CLUSTER}`);
    expect(app().status).toBe(0);

    expect(listed('dist')).toEqual([...FILES, 'eu'].sort());
    expect(listed('dist/eu')).toEqual(['prod']);
    expect(listed('dist/eu/prod')).toEqual(FILES);
    expect(readFileSync(join(checkout, 'dist/eu/prod/loki.k8s.yaml'), 'utf8')).toContain(
      'retention_period: 72h',
    );
  });

  test('leaves dist/ unchanged if any values file is invalid, and prints the error without a stack trace', () => {
    expect(app().status).toBe(0);
    const before = readFileSync(join(checkout, 'dist/loki.k8s.yaml'), 'utf8');
    write('values/default.yaml', `${CLUSTER}loki:\n  retention: 14d\n`);
    write('values/staging.yaml', `${CLUSTER}loki:\n  retention: 7dd\n`);

    const { status, stderr } = synth();

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^values\/staging\.yaml:4:14: loki\.retention must be a duration of at least 24h.*\n$/,
    );
    expect(readFileSync(join(checkout, 'dist/loki.k8s.yaml'), 'utf8')).toBe(before);
    expect(listed('dist')).toEqual(FILES);
  });

  test('prints the requests, and leaves dist/ unchanged if they exceed a budget', () => {
    const { stderr: printed } = app();
    expect(printed).toMatch(/^DaemonSet promtail, 3 × 50m and 128Mi +150m +384Mi +0 +3$/m);
    const before = readFileSync(join(checkout, 'dist/loki.k8s.yaml'), 'utf8');
    write('values/default.yaml', `${CLUSTER}loki:\n  retention: 14d\n`);
    write('values/staging.yaml', `${CLUSTER}  nodes: 8\n`);
    write('values/test.yaml', `${CLUSTER}budget:\n  storage: 40Gi\n`);

    const { status, stderr } = app();

    expect(status).toBe(1);
    expect(stderr).toContain('values/staging.yaml:3:10: budget.pods must be at least 11');
    expect(stderr).toContain('values/test.yaml:4:12: budget.storage must be at least 50Gi');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readFileSync(join(checkout, 'dist/loki.k8s.yaml'), 'utf8')).toBe(before);
    expect(listed('.')).not.toContain('dist.new');
  });

  test('rejects two clusters with the same host names', () => {
    const exposed = `${CLUSTER}ingress: {enabled: true, hosts: {tempo: tempo.example.org}}\n`;
    write('values/default.yaml', exposed);
    write('values/staging.yaml', exposed);
    write('values/test.yaml', CLUSTER);

    const { status, stderr } = app();

    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'values/staging.yaml:2:11: ingress.hosts.loki must not be loki.example.com, which values/default.yaml already serves; give each cluster its own host names',
      expect.stringMatching(
        /^values\/staging\.yaml:3:\d+: ingress\.hosts\.tempo must not be tempo\.example\.org/,
      ),
    ]);
  });

  test('refuses two clusters with the same name, which a store of both could not tell apart', () => {
    write('values/_base.yaml', 'cluster: {name: prod}\n');
    for (const name of ['default', 'staging', 'test'])
      write(`values/${name}.yaml`, `extends: _base.yaml\ncluster: {domain: ${name}.example.com}\n`);
    write('values/test.yaml', 'cluster: {domain: test.example.com, name: test}\n');

    const { status, stderr } = app();

    expect(status).toBe(1);
    expect(stderr).toBe(
      'values/_base.yaml:1:17: cluster.name must not be prod, which is the name in values/default.yaml; give each cluster its own name (extended by values/staging.yaml)\n',
    );
  });

  test('writes through a link to the folder of manifests', () => {
    mkdirSync(join(checkout, 'elsewhere'));
    symlinkSync('elsewhere', join(checkout, 'dist'));
    expect(app().status).toBe(0);

    expect(listed('elsewhere')).toEqual(FILES);
    expect(lstatSync(join(checkout, 'dist')).isSymbolicLink()).toBe(true);
  });

  test('writes the name of the cluster next to its manifests if the values set it', () => {
    write('values/staging.yaml', `${CLUSTER}  context: staging\n  apiServer: https://203.0.113.10:6443/\n`);
    expect(app().status).toBe(0);

    expect(listed('dist')).toEqual([...FILES, 'staging'].sort());
    expect(readFileSync(join(checkout, 'dist/staging/cluster.txt'), 'utf8')).toBe(
      'context staging\napiServer https://203.0.113.10:6443\n',
    );
  });

  test('prints the files of dist/ without checking for a newer CLI', () => {
    const { stdout, stderr } = synth();

    expect(stdout.split('\n').sort()).toEqual(
      ['', 'Synthesizing application', ...FILES.map((name) => `  - dist/${name}`)].sort(),
    );
    expect(stderr).not.toMatch(/version|^\s+at /m);
  });

  test('renders gitops/ too and removes stale files', () => {
    mkdirSync(join(checkout, 'gitops'));
    write('gitops/values.yaml', 'repository: {url: https://git.bluesunnywings.com/x.git}\n');
    write('values/staging.yaml', CLUSTER);
    expect(app().status).toBe(0);
    expect(listed('gitops/flux')).toEqual(['default.yaml', 'staging.yaml']);

    rmSync(join(checkout, 'values/default.yaml'));
    expect(app().status).toBe(0);
    expect(listed('gitops/flux')).toEqual(['staging.yaml']);
    expect(listed('gitops/argo-cd')).toEqual(['application-set.yaml']);
    expect(listed('dist')).toEqual(['staging']);
  });

  test('waits for a running synth and ignores the lock of an ended one', () => {
    write('dist.lock', `${process.pid}\n`);
    expect(app()).toMatchObject({
      status: 1,
      stderr: `dist.lock: process ${process.pid} is already rendering; wait for it, or delete this file\n`,
    });

    // No process has a number as large as this.
    write('dist.lock', '4194305\n');
    expect(app().status).toBe(0);
    expect(listed('.')).not.toContain('dist.lock');
  });

  test('reports in one line what it cannot read or write', () => {
    symlinkSync('dist.lock', join(checkout, 'dist.lock'));

    expect(app()).toMatchObject({ status: 1, stderr: expect.stringMatching(/^dist\.lock: .+\n$/) });
  });

  test.each([
    [
      'dist.lock',
      'dist.lock: is a folder, not a lock; delete it\n',
      () => mkdirSync(join(checkout, 'dist.lock')),
    ],
    ['dashboards', 'dashboards: it is a file, not a folder\n', () => write('dashboards', '')],
    [
      'values',
      'values:1:1: cannot be read: it is a file, not a folder\n',
      () => {
        rmSync(join(checkout, 'values'), { recursive: true });
        write('values', '');
      },
    ],
    [
      'node_modules',
      'the package esbuild is not installed; install all packages: npm ci\n',
      () => rmSync(join(checkout, 'node_modules')),
    ],
  ])('prints one line with the fix if %s is of the wrong kind or missing', (_, stderr, prepare) => {
    prepare();

    expect(app()).toEqual({ status: 1, stdout: '', stderr });
  });

  test('prints one line in a folder without cdk8s.yaml', () => {
    rmSync(join(checkout, 'cdk8s.yaml'));

    expect(synth().stderr).toMatch(/^cdk8s\.yaml is not in .+; change to the folder of this repository\n$/);
  });

  test('renders into another folder with --output and leaves dist/ unchanged', () => {
    const { status, stderr } = synth('--output', 'elsewhere');
    expect(status).toBe(0);
    expect(stderr).toContain('default requests');
    expect(stderr).toContain('default: loki on 3100/TCP is open to pods with');
    expect(listed('elsewhere')).toEqual(FILES);
    expect(existsSync(join(checkout, 'dist'))).toBe(false);
  });
});
