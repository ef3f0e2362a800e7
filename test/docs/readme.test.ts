import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scripts } from '../../package.json';

const ROOT = join(__dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The text below a heading, up to the next one. */
const section = (heading: string) => README.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

/** What a folder holds, folders with a slash at their end. */
const listed = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).map(
    (entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`,
  );

test('the README lists every page of docs/', () => {
  const pages = listed('docs').filter((name) => name.endsWith('.md'));
  const linked = [...section('Read on').matchAll(/\]\(docs\/([^)]+)\)/g)].map(([, page]) => page);

  expect(linked.sort()).toEqual(pages.sort());
});

/** Paths of the folder map: a line names one or more of them, below the last folder that is less indented. */
function mapped(): string[] {
  const [, map = ''] = /```\n([\s\S]*?)```/.exec(section('Where things are')) ?? [];
  let parent = '';
  return map.split('\n').flatMap((line) => {
    const names = /^(?: {2})?((?:[\w.-]+(?:\/|\.\w+)(?: |$))+)/.exec(line)?.[1]?.trim().split(' ') ?? [];
    if (!line.startsWith(' ')) parent = names[0] ?? '';
    return names.map((name) => (line.startsWith(' ') ? parent + name : name));
  });
}

/** What a clone may hold that is not part of the product, or is not there until someone needs it. */
const NOT_MAPPED = ['.git/', 'node_modules/', 'coverage/', 'dashboards/', 'log-alerts/'];

test('the folder map of the README lists exactly the existing folders', () => {
  const folders = listed('.').filter(
    (name) => name.endsWith('/') && !['.github/', '.vscode/'].includes(name),
  );
  const tree = [...folders, 'main.ts', ...listed('lib').map((name) => `lib/${name}`)];
  const expected = tree.filter((path) => !NOT_MAPPED.includes(path));

  expect(
    mapped()
      .filter((path) => !NOT_MAPPED.includes(path))
      .sort(),
  ).toEqual(expected.sort());
});

test('docs/development.md has every npm script', () => {
  const [, commands = ''] = readFileSync(join(ROOT, 'docs/development.md'), 'utf8').split('## Commands\n');
  const named = [...(commands.split('\n## ')[0] ?? '').matchAll(/`npm (?:run )?([a-z:]+)`/g)].map(
    ([, name]) => name,
  );

  expect(named.sort()).toEqual(Object.keys(scripts).sort());
});

test('the README is at most 150 lines long', () => {
  expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});
