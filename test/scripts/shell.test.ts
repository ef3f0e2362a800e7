import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stackSettings } from '../../lib/settings';
import { synthesize } from '../../lib/synthesize';
import { readValues } from '../../lib/values/read-values';
import { CASE_NAMES, caseAdditions, caseFile, caseManifests } from '../support/render';
import { BSD_TOOLS, Checkout } from './checkout';

const ROOT = join(__dirname, '..', '..');
const COMMANDS = ['deploy', 'cleanup', 'smoke'] as const;
/** What leaves out the programs that the scripts start besides. */
const ALONE = { deploy: ['--skip-preflight', '--skip-smoke'], cleanup: [], smoke: [] } as const;
let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const contacts = (calls: readonly string[]) =>
  calls.filter((call) => !/^(--context \S+ )?config /.test(call));

describe.each(COMMANDS)('scripts/%s.sh', (command) => {
  test('documents each of its options in --help', () => {
    const sources = [`${command}.sh`, 'common.sh'].map((name) =>
      readFileSync(join(ROOT, 'scripts', name), 'utf8'),
    );
    const parsed = sources.flatMap((source) =>
      [...source.matchAll(/^ {4}(--[-a-z |]+)\)/gm)].map(([, found = '']) => found),
    );
    const options = parsed.flatMap((found) => found.split(' | ')).filter((option) => option !== '--help');
    const { status, stdout } = checkout.run(command, ['--help']);

    expect(status).toBe(0);
    expect(options).toEqual(expect.arrayContaining(['--context', '--namespace']));
    expect(options.filter((option) => !stdout.includes(`\n${option} `))).toEqual([]);
  });

  test.each([
    [['--all'], 'unknown option --all; see --help'],
    [['--context'], '--context requires a value; see --help'],
    [
      ['--values', 'nowhere'],
      'dist/nowhere/ contains no manifests; pass --values with one of: apart, default',
    ],
    [
      ['--namespace', 'logging'],
      'the manifests are for namespace monitoring, not for logging: set cluster.namespace in values/default.yaml, then render them again: npx cdk8s synth',
    ],
    [
      ['--values', 'apart', '--namespace', 'grafana'],
      'the manifests are for namespace monitoring, not for grafana: set cluster.namespace in values/apart.yaml, then render them again: npx cdk8s synth',
    ],
  ])('rejects %j with one line and exit code 2 before it contacts a cluster', (args, message) => {
    expect(checkout.run(command, args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `${command}.sh: ${message}\n`,
      calls: [],
    });
  });

  test('lists the existing clusters if there is no default one', () => {
    rmSync(join(checkout.root, 'dist', 'stack.k8s.yaml'));
    checkout.tie('context staging\n');

    expect(checkout.run(command, []).stderr).toBe(
      `${command}.sh: dist/ contains no manifests; pass --values with one of: apart, tied\n`,
    );
  });

  test('reports that kubectl is missing', () => {
    rmSync(join(checkout.bin, 'kubectl'));
    for (const tool of ['bash', 'dirname', 'basename', 'awk', 'sort'])
      copyFileSync(join('/usr/bin', tool), join(checkout.bin, tool));
    const { status, stderr } = checkout.run(command, [], { PATH: checkout.bin });

    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `${command}.sh: kubectl is not on PATH; install it: https://kubernetes.io/docs/tasks/tools/\n`,
    });
  });

  test('reports that kubectl cannot reach the cluster', () => {
    expect(checkout.run(command, [], { KUBECTL_AWAY: 'yes' })).toMatchObject({
      status: 1,
      stderr: `${command}.sh: kubectl cannot reach the cluster of context staging: The connection to the server was refused; list the contexts: kubectl config get-contexts\n`,
    });
  });

  test.each([
    ['context production', [], 'context production (cluster.context in values/tied.yaml), not for staging'],
    [
      'context production',
      ['--context', 'prod'],
      'context production (cluster.context in values/tied.yaml), not for prod',
    ],
    [
      'apiServer https://203.0.113.11:6443',
      ['--context', 'production'],
      'apiServer https://203.0.113.11:6443 (cluster.apiServer in values/tied.yaml), not for https://203.0.113.10:6443',
    ],
    [
      'context staging\napiServer https://other',
      [],
      'apiServer https://other (cluster.apiServer in values/tied.yaml), not for https://203.0.113.10:6443',
    ],
  ])('rejects every cluster except that of %j, with %j', (tie, args, message) => {
    checkout.tie(`${tie}\n`);
    const { status, stderr, calls } = checkout.run(command, ['--values', 'tied', ...args]);

    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `${command}.sh: dist/tied/ is for ${message}: pass the right --context; list them: kubectl config get-contexts\n`,
    });
    expect(contacts(calls)).toEqual([]);
  });

  test('rejects a tied cluster without a kubeconfig, as in a pod', () => {
    checkout.tie('context production\n');
    const { status, stderr } = checkout.run(command, ['--values', 'tied'], { KUBECTL_CONTEXT: '' });

    expect(status).toBe(2);
    expect(stderr).toContain('not for a cluster without a kubeconfig');
  });
});

describe.each(['deploy', 'cleanup'] as const)('scripts/%s.sh', (command) => {
  test.each([[['--context', 'staging']], [[]]])('uses one context in every call, given %j', (args) => {
    const { calls } = checkout.run(command, [...args, '--dry-run', ...ALONE[command]]);

    expect(calls.length).toBeGreaterThan(2);
    expect(
      calls.filter((call) => !call.startsWith('--context staging ') && call !== 'config current-context'),
    ).toEqual([]);
  });

  test('prints context, cluster, server and namespaces before it acts', () => {
    const { stdout } = checkout.run(command, [
      '--values',
      'apart',
      '--namespace',
      'monitoring',
      '--dry-run',
      ...ALONE[command],
    ]);

    expect(stdout).toContain(
      [
        '    context    staging',
        '    cluster    arn:example:cluster/staging',
        '    server     https://203.0.113.10:6443',
        '    namespace  grafana, monitoring',
        '    manifests  dist/apart/',
      ].join('\n'),
    );
    expect(stdout.indexOf('context')).toBeLessThan(stdout.indexOf('Nothing was '));
  });

  test.each([
    'context staging',
    'apiServer https://203.0.113.10:6443',
    'context staging\napiServer https://203.0.113.10:6443',
  ])('accepts the cluster of %j', (tie) => {
    checkout.tie(`${tie}\n`);

    expect(checkout.run(command, ['--values', 'tied', '--dry-run', ...ALONE[command]])).toMatchObject({
      status: 0,
    });
  });

  test('prints commands that include the context', () => {
    const { stdout } = checkout.run(command, ['--context', 'my cluster', ...ALONE[command]]);
    const printed = stdout.split('\n').filter((line) => /^ +kubectl /.test(line));

    expect(printed.length).toBeGreaterThan(1);
    expect(printed.filter((line) => !line.includes('kubectl --context my\\ cluster '))).toEqual([]);
  });

  test('changes nothing with --dry-run', () => {
    const { status, calls } = checkout.run(command, ['--dry-run', ...ALONE[command]]);
    const changing = calls.filter((call) => / (apply|create|delete|patch|label|replace)\b/.test(call));

    expect(status).toBe(0);
    expect(changing.filter((call) => !/--dry-run=(server|client)\b/.test(call))).toEqual([]);
  });
});

test('the scripts find every object of every case, without a cluster', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'cases-'));
  try {
    const clusters = CASE_NAMES.map((name) => ({
      name: `case-${name}`,
      ...readValues(join(ROOT, caseFile(name)), stackSettings),
    }));
    for (const cluster of clusters)
      synthesize([cluster], caseAdditions(cluster.name.slice('case-'.length)), join(outdir, 'dist'));
    for (const name of CASE_NAMES) {
      const list = `source '${join(ROOT, 'scripts', 'common.sh')}'; root='${outdir}'; values='case-${name}'; need_manifests; printf '%s' "$objects"`;
      const { stdout } = spawnSync('bash', ['-euc', list], { encoding: 'utf8' });
      const expected = caseManifests(name).map(
        ({ kind, apiVersion, metadata }) =>
          `${kind} ${apiVersion} ${metadata.namespace ?? '<none>'} ${metadata.name}`,
      );

      expect(stdout.split('\n').sort()).toEqual(expected.sort());
    }
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

test('the stand-ins reject what the macOS tools reject', () => {
  const refused = [
    'paste -sd " "',
    'sed -i s/a/b/ x',
    'sed -r s/a/b/',
    'mktemp',
    'mktemp --suffix .x',
    'date -d now',
  ];
  const accepted = [
    'paste -sd " " -',
    "sed -n 's/a/b/p'",
    'mktemp -u /tmp/x.XXXXXX',
    'date +%s',
    'readlink x || true',
  ];
  const statuses = (commands: readonly string[]) =>
    commands.map((command) => {
      const env = { PATH: `${checkout.bin}:/usr/bin:/bin` };
      return spawnSync('bash', ['-c', command], { input: 'a\n', env }).status;
    });

  expect(BSD_TOOLS).toHaveLength(5);
  expect(statuses(refused)).toEqual(refused.map(() => 64));
  expect(statuses([...accepted, 'readlink -f x'])).toEqual([...accepted.map(() => 0), 64]);
});

test('shell scripts pass shellcheck', () => {
  const scripts = ['scripts', join('test', 'scripts')].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.sh'))
      .map((name) => join(folder, name)),
  );
  const { error, stdout } = spawnSync('shellcheck', ['-x', ...scripts], { cwd: ROOT, encoding: 'utf8' });

  // CI has shellcheck; only its absence is accepted here.
  expect(error === undefined ? stdout : (error as NodeJS.ErrnoException).code).toBe(
    error === undefined ? '' : 'ENOENT',
  );
});
