import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');
const PAGES = [
  'README.md',
  'README.ko.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  ...readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('lib', name)),
];

/** The part of an address that GitHub makes of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** Whether a link of the form `file#heading` leads somewhere. */
function resolves(target: string, from: string): boolean {
  const [file = '', heading] = target.split('#');
  const page = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(ROOT, page))) return false;
  if (heading === undefined) return true;
  return [...read(page).matchAll(/^#+ (.+)$/gm)].some(([, text = '']) => anchor(text) === heading);
}

test.each(PAGES)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target);

  expect(links.filter((target) => !resolves(target, page))).toEqual([]);
});

test('every page that a script or message refers to exists', () => {
  const folders = ['scripts', 'scripts/smoke', 'lib/preflight', 'lib/preflight/checks'];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => read(join(folder, name))),
  );
  const named = sources.flatMap((source) => source.match(/docs\/[a-z-]+\.md(?:#[a-z-]+)?/g) ?? []);

  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((target) => !resolves(target, 'x'))).toEqual([]);
});
