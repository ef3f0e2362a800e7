import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const rows = (page: string, pattern: RegExp) => [...readFileSync(page, 'utf8').matchAll(pattern)];

test('README.ko.md states what the stack requests, as the README does', () => {
  const [, cpu, memory, storage, pods] =
    rows('README.md', /^\| total \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$/gm)[0] ?? [];

  expect(cpu).toBeDefined();
  expect(
    rows('README.ko.md', /^\| (?:CPU|메모리|스토리지|파드 수) \| (\S+) \|/gm).map(([, sum]) => sum),
  ).toEqual([cpu, memory, storage, pods]);
});
