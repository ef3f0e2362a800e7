import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { RECORD_TITLES } from '../real/scenarios';

/** Lines of a section that fit on a screen. */
const SCREEN = 60;

const sections = readFileSync(join(__dirname, '..', '..', 'docs', 'real-run.md'), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf('\n')), lines: text.trimEnd().split('\n').length }));

test('the recorded run has one screen per scenario, and no scenario that is gone', () => {
  const known = ['Programs', ...RECORD_TITLES];

  expect(sections.map(({ title }) => title).filter((title) => !known.includes(title))).toEqual([]);
  expect(sections.filter(({ lines }) => lines > SCREEN)).toEqual([]);
});
