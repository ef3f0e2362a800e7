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

test('the README has every page of docs/ in its index', () => {
  const pages = listed('docs').filter((name) => name.endsWith('.md'));
  const linked = [...section('Read on').matchAll(/\]\(docs\/([^)]+)\)/g)].map(([, page]) => page);

  expect(linked.sort()).toEqual(pages.sort());
});

test('the README says what everything in lib/ is for', () => {
  const map = section('Where things are').split(/\s+/);

  expect(listed('lib').filter((name) => !map.includes(name))).toEqual([]);
});

test('the README has every npm script', () => {
  const named = [...section('Where things are').matchAll(/`npm (?:run )?([a-z:]+)`/g)].map(
    ([, name]) => name,
  );

  expect(named.sort()).toEqual(Object.keys(scripts).sort());
});
