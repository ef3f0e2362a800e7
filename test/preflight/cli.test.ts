import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CHECKS } from '../../lib/preflight/checks';
import { existing } from './existing';

const ROOT = join(__dirname, '..', '..');

/** Runs preflight as `npm run -s preflight` does, by default without kubectl. */
function run(args: readonly string[], input = '', path = '/nonexistent') {
  const command = [join('scripts', 'run.cjs'), join('scripts', 'preflight.ts'), ...args];
  return spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: 'utf8',
    input,
    env: { PATH: path },
  });
}

const EXPORT = JSON.stringify({ apiVersion: 'v1', items: existing(), kind: 'List' }, undefined, 4);

test('reads an export from standard input, and passes a cluster that fits', () => {
  const { status, stdout, stderr } = run(['--export', '-'], `${EXPORT}\n`);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/0 fail, 0 warn, 2 unknown, \d+ ok\n$/);
});

test('exits with 1 when something fails', () => {
  const { status, stdout } = run(['--export', '-', '--json'], `${EXPORT.replaceAll('gp3', 'gp2')}\n`);

  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    tally: { fail: 1 },
    paste: { ours: { storageClass: { create: true } } },
  });
});

test.each([
  [
    'no kubectl',
    [],
    'there is no kubectl on PATH: install it, or read an export (--export-command, --export)',
  ],
  [
    'a cluster that has no manifests',
    ['--values', 'nowhere'],
    'dist/nowhere/ holds no manifests; render them: npx cdk8s synth',
  ],
  [
    'a file that is not there',
    ['--export', 'no.json'],
    "no.json cannot be read: ENOENT: no such file or directory, open 'no.json'",
  ],
  [
    'two sources',
    ['--export', '-', '--context', 'x'],
    '--export reads a file; --context and --inotify are for a cluster',
  ],
])('says in one line that there is %s, and exits with 2', (_, args, message) => {
  expect(run(args)).toMatchObject({ status: 2, stdout: '', stderr: `preflight: ${message}\n` });
});

test('prints the command that writes an export, as the guide has it', () => {
  const { stdout } = run(['--export-command']);

  expect(stdout).toMatch(/^\{\n( {2}kubectl get .+ -o json\n)+\} > cluster\.json\n$/);
});

test('has every check in its guide', () => {
  const guide = readFileSync(join(ROOT, 'docs', 'preflight.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);

  expect(rows).toEqual(CHECKS.map(({ id }) => id));
});

test('reads the limits of inotify in the pods of node-exporter, when it is told to', () => {
  const bin = mkdtempSync(join(tmpdir(), 'kubectl-'));
  try {
    writeFileSync(join(bin, 'export.json'), `${EXPORT}\n`);
    // Every list is the whole export; two nodes, of which one does not let kubectl in.
    const script = [
      '#!/bin/sh',
      'case "$*" in',
      '  *"get pods"*) printf "monitoring exporter-1 node-1\\nmonitoring exporter-2 node-2\\n" ;;',
      '  *"exec -n monitoring exporter-1 -- cat /proc/sys/fs/inotify/max_user_instances"*) printf "128\\n8192\\n" ;;',
      '  *exec*) echo forbidden >&2; exit 1 ;;',
      '  *secret*) ;;',
      `  *"-o json"*) cat ${join(bin, 'export.json')} ;;`,
      'esac',
    ].join('\n');
    writeFileSync(join(bin, 'kubectl'), script, { mode: 0o755 });
    const told = run(['--inotify', '--json'], '', `${bin}:/usr/bin:/bin`);

    expect(JSON.parse(told.stdout).checks.filter(({ id }: { id: string }) => id === 'inotify')).toMatchObject(
      [{ verdict: 'warn', evidence: 'node-1: max_user_instances 128, max_user_watches 8192' }],
    );
  } finally {
    rmSync(bin, { recursive: true });
  }
});
