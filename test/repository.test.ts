import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { scripts } from '../package.json';

const ROOT = join(__dirname, '..');

/** Runs a command as npm does, at the root of the repository. */
function run(command: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { status, stdout, stderr };
}

test('Git contains no symbolic links, which Windows checks out as files', () => {
  const { status, stdout } = run('git', ['ls-files', '--stage']);

  // A copy without Git has none to tell.
  if (status === 0) expect(stdout.split('\n').filter((line) => line.startsWith('120000'))).toEqual([]);
});

test('cdk8s.yaml starts the app without shell syntax', () => {
  expect(parse(readFileSync(join(ROOT, 'cdk8s.yaml'), 'utf8')).app).toMatch(/^[\w./-]+(?: [\w./-]+)*$/);
});

describe('every command of this product', () => {
  const own = Object.entries(scripts).filter(([, command]) => command.startsWith('node '));

  test('is a program of this repository or a known tool', () => {
    const tools = Object.values(scripts).filter((command) => !command.startsWith('node '));

    expect(tools).toEqual(['cdk8s synth', 'jest', 'tsc --noEmit', 'biome check .', 'biome check --write .']);
  });

  test('cdk8s synth rejects an unknown option', () => {
    const { status, stderr } = run(join('node_modules', '.bin', 'cdk8s'), ['synth', '--no-such-option']);

    expect({ status, stderr }).toEqual({ status: 1, stderr: 'Unknown arguments: such-option, suchOption\n' });
  });

  test.each(own)('npm run %s supports --help and rejects an unknown option', (name, command) => {
    const [, ...args] = command.split(' ');
    const help = run(process.execPath, [...args, '--help']);
    const wrong = run(process.execPath, [...args, '--no-such-option']);

    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^npm run (?:-s )?${name}\\b`));
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/^(?:[\w:]+: )?Unknown option '--no-such-option'; see --help\n$/);
  });
});
