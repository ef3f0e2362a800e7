import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NO_ADDITIONS } from '../../lib/additions';
import { markdownReport } from '../../lib/review/report/markdown';
import { textReport } from '../../lib/review/report/text';
import { review } from '../../lib/review/review';
import { stackSettings } from '../../lib/settings';
import { synthesize } from '../../lib/synthesize';
import { readClusters } from '../../lib/values/read-clusters';
import { REVIEW_RULES } from '../../scripts/review-rules';

const CLUSTERS = 6;

/** Renders clusters that extend one base, each with a domain, a namespace and a number of nodes of its own. */
function render(folder: string, base: string): string {
  const values = join(folder, 'values');
  mkdirSync(join(values, 'eu'), { recursive: true });
  writeFileSync(join(values, '_base.yaml'), base);
  for (let index = 1; index <= CLUSTERS; index++)
    writeFileSync(
      join(values, 'eu', `c${index}.yaml`),
      `extends: ../_base.yaml\ncluster: {domain: c${index}.example.com, nodes: ${index}}\n`,
    );
  const dist = join(folder, 'dist');
  synthesize(readClusters(values, stackSettings), NO_ADDITIONS, dist);
  return dist;
}

test('a changed base is reviewed once for all clusters that extend it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  try {
    const base = render(join(folder, 'old'), 'loki: {retention: 7d}\n');
    const head = render(
      join(folder, 'new'),
      'loki: {retention: 5d, resources: {memory: 1536Mi}}\npromtail: {logLevel: debug}\n',
    );
    const done = review({
      base,
      head,
      folder: 'dist',
      recursive: false,
      today: '2026-11-24',
      ...REVIEW_RULES,
    });
    const names = Array.from({ length: CLUSTERS }, (_, index) => `eu/c${index + 1}`);
    const [text, markdown] = [textReport(done), markdownReport(done)];
    const places = text.split('\n').filter((line) => / in (?:\d+ clusters: |eu)/.test(line));

    expect(places.length).toBeGreaterThan(3);
    for (const place of places.slice(1)) expect(place).toBe(`    in 6 clusters: ${names.join(', ')}`);
    expect(text).toContain(`Requests in 6 clusters: ${names.join(', ')}\n`);
    expect(markdown).toContain('(in 6 clusters: eu/c1, eu/c2, eu/c3, eu/c4, eu/c5 and 1 more)');
    expect(markdown).toContain('| eu/c1 and 5 more: memory |');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
