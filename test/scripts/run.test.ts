import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');
let project: string;

const write = (path: string, text: string) => writeFileSync(join(project, path), text);
const start = (...nodeArgs: string[]) => {
  const args = [...nodeArgs, 'scripts/run.cjs', 'main.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  return { status, stdout, stderr };
};
/** Programs in the cache; each also has a source map. */
const kept = () =>
  readdirSync(join(project, 'node_modules/.cache/logs-and-traces/programs')).filter((name) =>
    /^[0-9a-f]{64}$/.test(name),
  );

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'run-'));
  for (const folder of ['lib', 'imports', 'scripts', 'node_modules']) mkdirSync(join(project, folder));
  for (const name of ['run.cjs', 'compile.cjs'])
    copyFileSync(join(ROOT, 'scripts', name), join(project, 'scripts', name));
  for (const name of ['esbuild', '@esbuild'])
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  mkdirSync(join(project, 'node_modules/greeting'));
  write('node_modules/greeting/index.js', "exports.greeting = 'hello';");
  write('node_modules/.package-lock.json', '{"greeting": 1}');
  write('package.json', '{"dependencies": {"greeting": "1.0.0"}, "devDependencies": {"esbuild": "*"}}');
  write('package-lock.json', '{}');
  write('tsconfig.json', '{}');
  write('lib/name.ts', "export const name: string = 'world';");
  write(
    'main.ts',
    "import { greeting } from 'greeting';\nimport { name } from './lib/name';\nconsole.log(greeting, name);",
  );
});
afterEach(() => rmSync(project, { recursive: true }));

describe('a program', () => {
  test('is bundled once as long as nothing changes', () => {
    expect(start()).toEqual({ status: 0, stdout: 'hello world\n', stderr: '' });
    // Without the bundler, only a kept program can run.
    rmSync(join(project, 'node_modules/esbuild'));
    expect(start()).toEqual({ status: 0, stdout: 'hello world\n', stderr: '' });
    expect(kept()).toHaveLength(1);
  });

  test('reads its sources again only after a change', () => {
    write(
      'reads.cjs',
      `const fs = require('node:fs');
const { readFileSync } = fs;
let reads = 0;
fs.readFileSync = (file, ...rest) => {
  if (/[/](?:main|name|other)[.]ts$/.test(file)) reads++;
  return readFileSync(file, ...rest);
};
process.on('exit', () => process.stderr.write(String(reads)));`,
    );
    const reads = () => Number(start('--require', './reads.cjs').stderr);
    const age = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);

    write('when-written.cjs', 'Date.now = () => 0;');
    const whenWritten = () =>
      Number(start('--require', './when-written.cjs', '--require', './reads.cjs').stderr);

    // A file could still change within the same tick of the clock.
    expect([whenWritten(), whenWritten()]).toEqual([2, 2]);
    age();
    expect([reads(), reads()]).toEqual([2, 0]);
    write('lib/name.ts', "export const name = 'earth';");
    expect(reads()).toBe(2);
    expect(start().stdout).toBe('hello earth\n');
    age();
    reads();
    write('lib/other.ts', '');
    expect(reads()).toBe(3);
  });

  test.each([
    ['a source', 'hello moon\n', () => write('lib/name.ts', "export const name = 'moon';")],
    ['the program', 'changed\n', () => write('main.ts', "console.log('changed');")],
    ['the list of installed packages', 'goodbye world\n', () => reinstall('node_modules/.package-lock.json')],
    ['the lock file', 'goodbye world\n', () => reinstall('package-lock.json')],
    ['the options of the compiler', 'hello world\n', () => write('tsconfig.json', '{"compilerOptions": {}}')],
    [
      'the list of sources, by a file that takes precedence',
      'hello tsx\n',
      () => write('lib/name.tsx', "export const name = 'tsx';"),
    ],
  ])('is bundled again after a change of %s', (_, stdout, change) => {
    start();
    change();

    expect(start()).toEqual({ status: 0, stdout, stderr: '' });
    expect(kept()).toHaveLength(2);
  });

  test('is bundled again for another release of Node and for other flags of V8', () => {
    start();
    write('other-release.cjs', "Object.defineProperty(process, 'version', { value: 'v99.0.0' });");

    expect(start('--require', './other-release.cjs').status).toBe(0);
    expect(start('--no-opt').status).toBe(0);
    expect(kept()).toHaveLength(3);
  });

  test('runs if nothing can be kept, or if what was kept is damaged', () => {
    write('node_modules/.cache', '');
    expect(start()).toEqual({ status: 0, stdout: 'hello world\n', stderr: '' });

    rmSync(join(project, 'node_modules/.cache'));
    start();
    write(`node_modules/.cache/logs-and-traces/programs/${kept()[0]}`, '');
    expect(start()).toEqual({ status: 0, stdout: 'hello world\n', stderr: '' });
  });

  test('shows the lines of its sources if it fails, also if it was kept', () => {
    write(
      'lib/name.ts',
      "export const name = 'x';\nexport function fail(): never {\n  throw new Error('a bug');\n}",
    );
    write('main.ts', "import { fail } from './lib/name';\n\nfail();");

    for (const { status, stderr } of [start(), start()]) {
      expect(status).toBe(1);
      expect(stderr).toContain(`Error: a bug\n    at fail (${join(project, 'lib/name.ts')}:3:9)\n`);
      expect(stderr).toContain(`${join(project, 'main.ts')}:3:1`);
    }
  });
});

/** Another version of the package, and the file that tells so. */
function reinstall(lockFile: string): void {
  write('node_modules/greeting/index.js', "exports.greeting = 'goodbye';");
  write(lockFile, '{"greeting": 2}');
}
