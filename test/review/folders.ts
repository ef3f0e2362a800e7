import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { type ReviewOutput, run } from '../../lib/review/cli';
import { REVIEW_RULES } from '../../scripts/review-rules';

const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder of files, which is gone after the tests. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'review-'));
  made.push(folder);
  addFiles(folder, files);
  return folder;
}

/** Writes files into a folder. */
export function addFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Runs git in a folder. */
export function git(folder: string, ...args: string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'init.defaultBranch=main'];
  const { status, stderr } = spawnSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Runs the command line in a folder. */
export function runIn(folder: string, ...args: string[]): ReviewOutput {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return run(args, REVIEW_RULES);
  } finally {
    process.chdir(before);
  }
}

/** A small object, as a file has it. */
export function configMap(name: string, value = 'a'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'apps' },
    data: { value },
  });
}
