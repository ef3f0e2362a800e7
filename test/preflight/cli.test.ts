import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NO_ADDITIONS } from '../../lib/additions';
import { CHECKS } from '../../lib/preflight/checks';
import { stackSettings } from '../../lib/settings';
import { synthesize } from '../../lib/synthesize';
import { readClusters } from '../../lib/values/read-clusters';
import { existing, STACK } from './existing';

const ROOT = join(__dirname, '..', '..');
const EXPORT = JSON.stringify({ apiVersion: 'v1', items: existing(), kind: 'List' }, undefined, 4);
let checkout: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  mkdirSync(join(checkout, 'values'));
  const write = (name: string, values: object) =>
    writeFileSync(join(checkout, 'values', `${name}.yaml`), JSON.stringify(values));
  const cluster = { domain: 'example.com', ...STACK.cluster };
  write('default', { ...STACK, cluster });
  write('tied', { ...STACK, cluster: { ...cluster, domain: 'tied.example.com', context: 'production' } });
  const central = { url: 'http://127.0.0.1:9' };
  write('remote', {
    ...STACK,
    cluster: { ...cluster, domain: 'remote.example.com' },
    loki: { enabled: false },
    logs: { agent: 'otel', destinations: { central } },
  });
  const clusters = readClusters(join(checkout, 'values'), stackSettings);
  synthesize(clusters, NO_ADDITIONS, join(checkout, 'dist'));
  write('broken', { cluster: { domain: 'example.com', domian: 'x' } });
  cpSync(join(checkout, 'dist', 'tied'), join(checkout, 'dist', 'broken'), { recursive: true });
});
afterAll(() => rmSync(checkout, { recursive: true }));

/** Runs preflight as `npm run -s preflight` does, by default without kubectl. */
function run(args: readonly string[], input = '', path = '/nonexistent') {
  const command = [join(ROOT, 'scripts', 'run.cjs'), join(ROOT, 'scripts', 'preflight.ts'), ...args];
  return spawnSync(process.execPath, command, {
    cwd: checkout,
    encoding: 'utf8',
    input,
    env: { PATH: path },
  });
}

test('reads an export from standard input, and passes a cluster that fits', () => {
  const { status, stdout, stderr } = run(['--export', '-'], `${EXPORT}\n`);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/0 fail, 0 warn, \d+ unknown, \d+ ok\n$/);
});

test('exits with 1 if a check fails', () => {
  const { status, stdout } = run(['--export', '-', '--json'], `${EXPORT.replaceAll('gp3', 'gp2')}\n`);

  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    tally: { fail: 1 },
    paste: { values: { storageClass: { create: true } } },
  });
});

test.each([
  [
    'no kubectl',
    [],
    'kubectl is not on PATH; install it, or read an export instead (--export-command, --export)',
  ],
  [
    'a cluster without manifests',
    ['--values', 'nowhere'],
    'dist/nowhere/ contains no manifests; pass --values with one of: broken, default, remote, tied',
  ],
  [
    'a mistake in the values',
    ['--values', 'broken'],
    'values/broken.yaml:1:36: cluster.domian is not a setting; did you mean "domain"?',
  ],
  ['a file that does not exist', ['--export', 'no.json'], 'no.json cannot be read: it does not exist'],
  [
    'two sources',
    ['--export', '-', '--context', 'x'],
    '--export reads a file; --context, --inotify and --grafana are for a cluster',
  ],
])('reports %s in one line and exits with 2', (_, args, message) => {
  expect(run(args)).toMatchObject({ status: 2, stdout: '', stderr: `preflight: ${message}\n` });
});

test('tells what to do about a default cluster that is not rendered or does not exist', () => {
  const files = readdirSync(join(checkout, 'dist')).filter((name) => name.endsWith('.yaml'));
  const moved = files.map((name) => [join(checkout, 'dist', name), join(checkout, name)] as const);
  const values = [join(checkout, 'values', 'default.yaml'), join(checkout, 'default.yaml')] as const;
  const errors: string[] = [];
  try {
    for (const [from, to] of moved) renameSync(from, to);
    errors.push(run([]).stderr);
    renameSync(...values);
    errors.push(run([]).stderr);
  } finally {
    for (const [to, from] of [...moved, values]) if (existsSync(from)) renameSync(from, to);
  }
  expect(errors).toEqual([
    'preflight: dist/ contains no manifests; render them: npx cdk8s synth\n',
    'preflight: dist/ contains no manifests; pass --values with one of: broken, remote, tied\n',
  ]);
});

test('prints the export command in the guide', () => {
  const { stdout } = run(['--export-command']);

  expect(stdout).toMatch(/^\{\n( {2}echo '# [\w,]+'; kubectl get .+ -o json\n)+\} > cluster\.json 2>&1\n$/);
});

test('has every check in the guide', () => {
  const guide = readFileSync(join(ROOT, 'docs', 'preflight.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);

  expect(rows).toEqual(CHECKS.map(({ id }) => id));
});

/** Puts a kubectl on PATH that answers by a script. */
function withKubectl<T>(answers: readonly string[], use: (path: string) => T): T {
  const bin = mkdtempSync(join(tmpdir(), 'kubectl-'));
  try {
    writeFileSync(join(bin, 'export.json'), `${EXPORT}\n`);
    const script = [
      '#!/bin/sh',
      `echo "$*" >> ${join(bin, 'calls')}`,
      'case "$*" in',
      '  *"config current-context"*) echo staging ;;',
      '  *"config view"*) echo https://203.0.113.10:6443 ;;',
      ...answers,
      '  *secret*) ;;',
      `  *"-o json"*) cat ${join(bin, 'export.json')} ;;`,
      'esac',
    ];
    writeFileSync(join(bin, 'kubectl'), script.join('\n'), { mode: 0o755 });
    return use(bin);
  } finally {
    rmSync(bin, { recursive: true });
  }
}

test('reads the inotify limits in node-exporter pods with --inotify', () => {
  // Every list is the whole export; two nodes, of which one does not let kubectl in.
  const answers = [
    '  *"get pods"*) printf "monitoring exporter-1 node-1\\nmonitoring exporter-2 node-2\\n" ;;',
    '  *"exec -n monitoring exporter-1 -- cat /proc/sys/fs/inotify/max_user_instances"*) printf "128\\n8192\\n" ;;',
    '  *exec*) echo forbidden >&2; exit 1 ;;',
  ];
  const { stdout } = withKubectl(answers, (bin) => run(['--inotify', '--json'], '', `${bin}:/usr/bin:/bin`));

  expect(JSON.parse(stdout).checks.filter(({ id }: { id: string }) => id === 'inotify')).toMatchObject([
    {
      verdict: 'warn',
      observed: 'node-1: max_user_instances 128, max_user_watches 8192',
      objects: ['Node node-1'],
    },
  ]);
});

test('asks Grafana for its datasources, when it is told to', () => {
  const answers = [
    '  *"get pods -n monitoring -l app.kubernetes.io/name=grafana"*) printf "grafana-0 grafana-1" ;;',
    `  *"exec -n monitoring grafana-0 -c grafana -- sh -c curl"*) echo '[{"name":"Loki","uid":"old","type":"loki"}]' ;;`,
  ];
  const asked = (...args: string[]) => {
    const { stdout } = withKubectl(answers, (bin) => run([...args, '--json'], '', `${bin}:/usr/bin:/bin`));
    return JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === 'grafana-names').verdict;
  };

  expect([asked('--grafana'), asked()]).toEqual(['fail', 'unknown']);
});

test('contacts destinations outside the cluster, unless it reads an export', () => {
  const found = ({ stdout }: { stdout: string }) =>
    JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === 'destination-access');
  const url = 'http://127.0.0.1:9/otlp/v1/logs';
  const args = ['--values', 'remote', '--json'];
  const live = found(withKubectl([], (bin) => run(args, '', `${bin}:/usr/bin:/bin`)));

  expect(live).toMatchObject({
    verdict: 'unknown',
    observed: `logs.destinations.central: this machine cannot reach ${url}: connect ECONNREFUSED 127.0.0.1:9`,
    fix: expect.stringContaining(': kubectl --context staging run destination-check -n monitoring '),
  });
  expect(found(run([...args, '--export', '-'], `${EXPORT}\n`))).toMatchObject({
    verdict: 'unknown',
    observed: `logs.destinations.central: preflight did not contact ${url}, because it read an export`,
  });
});

test('uses the current context in every call and prints it in every command', () => {
  const { stdout, calls } = withKubectl([], (bin) => {
    const ended = run(['--json'], '', `${bin}:/usr/bin:/bin`);
    return { ...ended, calls: readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n') };
  });
  const commands = JSON.parse(stdout).checks.flatMap(
    ({ fix }: { fix: string }) => fix.match(/kubectl \S+/g) ?? [],
  );

  expect(calls.filter((call) => !call.startsWith('--context staging ')).length).toBe(1);
  expect(commands.filter((command: string) => command !== 'kubectl --context')).toEqual([]);
});

test('rejects a cluster other than the one in the values', () => {
  const ended = withKubectl([], (bin) => run(['--values', 'tied'], '', `${bin}:/usr/bin:/bin`));

  expect(ended).toMatchObject({
    status: 2,
    stdout: '',
    stderr:
      'preflight: the values are for context production (cluster.context), not for staging: pass the right --context; list them: kubectl config get-contexts\n',
  });
});
