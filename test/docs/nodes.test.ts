import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { settings } from '../support/render';

const PAGE = readFileSync('docs/nodes.md', 'utf8');

test.each([...PAGE.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => [text]))(
  'docs/nodes.md shows settings that exist: %s',
  (text) => {
    expect(() => settings(parse(text))).not.toThrow();
  },
);
