import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');
const SHELL = ['scripts', join('test', 'scripts')].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.sh'))
    .map((name) => join(folder, name)),
);
const COMMANDS = ['deploy', 'cleanup', 'smoke'] as const;
/** What leaves out the programs that the scripts start besides. */
const ALONE = { deploy: ['--skip-preflight', '--skip-smoke'], cleanup: [] } as const;
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'kubectl-'));
  copyFileSync(join(__dirname, 'fake-kubectl.sh'), join(bin, 'kubectl'));
  chmodSync(join(bin, 'kubectl'), 0o755);
});
afterEach(() => rmSync(bin, { recursive: true }));

/** Runs a script with a kubectl that answers as recorded. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const log = join(bin, 'log');
  const { status, stdout, stderr } = spawnSync('bash', [join(ROOT, 'scripts', `${command}.sh`), ...args], {
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin`, KUBECTL_LOG: log, ...env },
  });
  return {
    status,
    stdout,
    stderr,
    calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [],
  };
}

describe.each(COMMANDS)('scripts/%s.sh', (command) => {
  test('tells of each of its options in --help', () => {
    const sources = [`${command}.sh`, 'common.sh'].map((name) =>
      readFileSync(join(ROOT, 'scripts', name), 'utf8'),
    );
    const parsed = sources.flatMap((source) =>
      [...source.matchAll(/^ {4}(--[-a-z |]+)\)/gm)].map(([, found = '']) => found),
    );
    const options = parsed.flatMap((found) => found.split(' | ')).filter((option) => option !== '--help');
    const { status, stdout } = run(command, ['--help']);

    expect(status).toBe(0);
    expect(options).toEqual(expect.arrayContaining(['--context', '--namespace']));
    expect(options.filter((option) => !stdout.includes(`\n${option} `))).toEqual([]);
  });

  test.each([
    [['--all'], 'there is no option --all; see --help'],
    [['--context'], '--context needs a value; see --help'],
    [['--values', 'nowhere'], 'dist/nowhere/ holds no manifests; render them: npx cdk8s synth'],
    [
      ['--namespace', 'logging'],
      'the manifests go to namespace monitoring, not to logging: set cluster.namespace in values/default.yaml, and render again',
    ],
  ])('refuses %j with one line, and exits with 2', (args, message) => {
    expect(run(command, args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `${command}.sh: ${message}\n`,
    });
  });

  test('says so when kubectl is missing', () => {
    rmSync(join(bin, 'kubectl'));
    for (const tool of ['bash', 'dirname', 'basename']) copyFileSync(join('/usr/bin', tool), join(bin, tool));
    const { status, stderr } = run(command, [], { PATH: bin });

    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `${command}.sh: there is no kubectl on PATH; install it: https://kubernetes.io/docs/tasks/tools/\n`,
    });
  });

  test('says so when kubectl reaches no cluster', () => {
    expect(run(command, [], { KUBECTL_AWAY: 'yes' })).toMatchObject({
      status: 1,
      stderr: `${command}.sh: kubectl reaches no cluster: The connection to the server was refused; look: kubectl config get-contexts\n`,
    });
  });
});

describe.each(['deploy', 'cleanup'] as const)('scripts/%s.sh', (command) => {
  test('uses the context that it is given, in every call', () => {
    const { calls } = run(command, ['--context', 'staging', '--dry-run', ...ALONE[command]]);

    expect(calls.length).toBeGreaterThan(2);
    expect(calls.filter((call) => !call.startsWith('--context staging '))).toEqual([]);
  });

  test('changes nothing with --dry-run', () => {
    const { status, calls } = run(command, ['--dry-run', ...ALONE[command]]);
    const changing = calls.filter((call) => /^(apply|create|delete|patch|label|replace)\b/.test(call));

    expect(status).toBe(0);
    expect(changing.filter((call) => !/--dry-run=(server|client)\b/.test(call))).toEqual([]);
  });
});

describe('scripts/deploy.sh', () => {
  test.each([
    [
      'services is forbidden: User "guest" cannot patch',
      'ask for the rights that are named above, or use another --context',
    ],
    [
      'no matches for kind\nensure CRDs are installed first',
      'install kube-prometheus-stack first, docs/setup-prometheus-first.md',
    ],
    [
      'Apply failed with 1 conflict: conflict with "kubectl-edit"',
      'somebody else changed the fields above; put them into the values, or pass --force-conflicts to undo their change',
    ],
    [
      'spec: Forbidden: updates to statefulset spec',
      'a field above cannot change in place; npm run review tells how to go about it',
    ],
    ['exceeded quota', 'the reason is above'],
  ])('stops before it changes anything when the API server says %j', (refusal, cure) => {
    const { status, stderr, calls } = run('deploy', [...ALONE.deploy], { KUBECTL_REFUSAL: refusal });

    expect(status).toBe(1);
    expect(stderr).toContain(refusal);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      new RegExp(`^deploy\\.sh: nothing was changed[:;] .*${escaped(cure)}$`),
    );
    expect(calls.filter((call) => call.startsWith('apply') && !call.includes('--dry-run=server'))).toEqual(
      [],
    );
  });

  test('applies once the API server would take everything, and waits for each workload', () => {
    const { status, calls } = run('deploy', [...ALONE.deploy, '--timeout', '30s']);
    const apply = calls.findIndex((call) => call.startsWith('apply') && !call.includes('--dry-run'));

    expect(status).toBe(0);
    expect(calls[apply]).toBe(`apply --server-side --field-manager=logs-and-traces -f ${join(ROOT, 'dist')}`);
    expect(calls.slice(apply + 1)).toContain('rollout status -n monitoring StatefulSet/loki --timeout=30s');
  });
});

describe('scripts/cleanup.sh', () => {
  test('removes what is ours, and neither volumes nor what is somebody else’s', () => {
    const { calls, stdout } = run('cleanup', []);

    expect(calls.filter((call) => call.startsWith('delete'))).toEqual([
      'delete StatefulSet.v1.apps/loki -n monitoring --ignore-not-found --timeout=5m',
    ]);
    expect(stdout).toContain('Not ours, though of the same name; stays\n    Service monitoring loki\n');
  });

  test('removes volumes after the workloads when it is told to twice', () => {
    const refused = run('cleanup', ['--delete-data']);
    expect(refused.status).toBe(2);
    expect(refused.calls.filter((call) => call.startsWith('delete'))).toEqual([]);

    const { calls } = run('cleanup', ['--delete-data', '--yes']);
    expect(calls.filter((call) => call.startsWith('delete')).map((call) => call.split(' ')[1])).toEqual([
      'StatefulSet.v1.apps/loki',
      'PersistentVolumeClaim/loki',
    ]);
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('scripts of the shell pass shellcheck', () => {
  const { error, stdout } = spawnSync('shellcheck', ['-x', ...SHELL], {
    cwd: ROOT,
    encoding: 'utf8',
  });

  // Where there is none the CI has it; nothing else is forgiven.
  expect(error === undefined ? stdout : (error as NodeJS.ErrnoException).code).toBe(
    error === undefined ? '' : 'ENOENT',
  );
});
