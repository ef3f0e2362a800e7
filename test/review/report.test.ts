import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { run } from '../../lib/review/cli';
import { EFFECTS } from '../../lib/review/finding';
import { jsonReport } from '../../lib/review/report/json';
import { markdownReport } from '../../lib/review/report/markdown';
import { textReport } from '../../lib/review/report/text';
import type { Review } from '../../lib/review/review';
import { REVIEW_RULES } from '../../scripts/review-rules';
import type { Manifest } from '../support/render';
import { unicodeText } from '../support/unicode';
import { MORE_PAIRS } from './more-pairs';
import { OBJECTS } from './objects';
import { PAIRS } from './pairs';
import { reviewOf } from './support';

/** What GitHub takes of a comment. */
const GITHUB_LIMIT = 65_536;

function review(old: readonly Manifest[], next: readonly Manifest[]): Review {
  const one = reviewOf(old, next);
  return {
    base: 'a',
    head: 'b',
    reviews: one ? [one] : [],
    objects: { base: old.length, head: next.length },
    places: new Map(),
  };
}

const named = (type: string, name: string, edit: (object: Manifest) => void = () => {}) => {
  const object = JSON.parse(JSON.stringify(OBJECTS[type]?.()));
  object.metadata.name = name;
  edit(object);
  return object;
};

const secret = (value: string) =>
  named('Secret', 'x', (object) => {
    object.data = { key: Buffer.from(value).toString('base64') };
    object.stringData = {
      plain: value,
      'a.yaml': JSON.stringify({
        user: 'admin',
        password: value,
        url: `https://u:${value}@example.com`,
        list: [{ token: value }],
        n: value.length,
        datasources: [{ name: 'Loki', uid: 'loki', url: `http://u:${value}@loki` }],
      }),
    };
  });

describe('a report', () => {
  const reports = [textReport, markdownReport, jsonReport];

  test.each(reports)('%p never shows what a Secret holds, and shows that it changes', (report) => {
    for (const [old, next] of [
      [secret('hunter2'), secret('swordfish')],
      [secret('hunter2'), { ...secret('x'), stringData: { other: 'swordfish' } }],
    ]) {
      const text = report(review([old], [next]));

      expect(text).toContain('secret, not shown');
      expect(text).not.toMatch(/hunter2|swordfish|aHVudGVyMg|c3dvcmRmaXNo/);
    }
  });

  test('contains every changed path with old and new value', () => {
    const old = {
      apiVersion: 'example.com/v1',
      kind: 'X',
      metadata: { name: 'x' },
      spec: { a: 1, b: { c: [] }, d: 'x\ny\nz' },
    };
    const next = { ...old, spec: { b: {}, d: 'x\nY\nz', e: null } };
    const text = textReport(review([old], [next]));

    for (const line of [
      'removed spec.a',
      '- 1',
      'removed spec.b.c',
      '- []',
      'changed spec.d',
      '- y',
      '+ Y',
      'added spec.e',
      '+ null',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('- x\n');
  });

  test('is "Nothing changes" without changes', () => {
    expect(textReport(review([], []))).toBe(
      'a → b: 0 → 0 objects; 0 changed, 0 new, 0 gone\nNothing changes.\n',
    );
  });

  test('lists a common finding of many clusters once', () => {
    const one = reviewOf([named('Service', 'x')], []);
    if (one === undefined) throw new Error('nothing changes');
    const reviews = ['a', 'b', 'c'].map((folder) => ({ ...one, cluster: { ...one.cluster, folder } }));
    const text = textReport({
      base: 'a',
      head: 'b',
      reviews,
      objects: { base: 3, head: 0 },
      places: new Map(),
    });

    expect(text.match(/is gone from the manifests/g)).toHaveLength(1);
    expect(text).toContain('in 3 clusters: a, b, c');
  });
});

describe('Markdown', () => {
  test('starts with its mark and the verdict, and lists dangers before folded sections', () => {
    const next = [
      named('Service', 'x', ({ metadata }) => {
        metadata.labels = { a: 'b' };
      }),
    ];
    const lines = markdownReport(
      review([named('Service', 'x'), named('PersistentVolumeClaim', 'y')], next),
    ).split('\n');

    expect(lines[0]).toBe('<!-- logs-and-traces review -->');
    expect(lines[1]).toBe('## Check before you merge. It loses data (1).');
    expect(lines.indexOf('### Loses data')).toBeLessThan(lines.indexOf('<summary><b>Live</b> (1)</summary>'));
  });

  test('always fits into a comment and reports what does not fit', () => {
    const many = Array.from({ length: 4000 }, (_, index) => named('Service', `service-${index}`));
    const long = named('ConfigMap', 'x'.repeat(200), ({ data }) => {
      data.a = '🎉`|<b>'.repeat(20_000);
      for (let index = 0; index < 2000; index++) data[`key-${index}`] = 'é'.repeat(300);
    });
    const text = markdownReport(review([...many, named('ConfigMap', 'x'.repeat(200))], [long]));

    expect(Buffer.byteLength(text)).toBeLessThan(GITHUB_LIMIT);
    expect(text).toMatch(/\*\*\d+ more do not fit into a comment/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test('fits and remains valid for all kinds of strings', () => {
    const word = unicodeText(3000);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 30 }), word, word), { maxLength: 60 }),
        (entries) => {
          const map = (side: 1 | 2) =>
            named('ConfigMap', 'x', (object) => {
              object.data = Object.fromEntries(entries.map((entry) => [entry[0], entry[side]]));
            });
          const text = markdownReport(review([map(1)], [map(2)]));

          expect(Buffer.byteLength(text)).toBeLessThan(GITHUB_LIMIT);
          expect(text).not.toMatch(/^(?:<(?!details|\/details|summary|!--)|`{3,}$(?![\s\S]))/m);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('escapes values: no HTML, no mention, no end of a block', () => {
    const bad = '</details><script>@octocat #12 ```\n```` `x` | <!-- [a](http://b)';
    const custom = (value: string) => ({
      apiVersion: 'example.com/v1',
      kind: 'X',
      metadata: { name: 'x', annotations: { [bad]: value } },
    });
    const text = markdownReport(review([custom('a')], [custom(bad)]));
    const outside = text.replace(/^ *(`{3,})diff\n[\s\S]*?\n *\1$/gm, '');

    expect(outside).not.toMatch(/<script|@octocat|#12\b|(?<!\\)\]\(http:\/\/b/);
    expect(text.match(/^ *`{5}/gm)).toHaveLength(2);
  });
});

describe('JSON', () => {
  test('has every finding with its rule, reason and changes, as docs/review.md describes it', () => {
    const [pair] = PAIRS['claim-shrinks'] ?? [];
    const report = JSON.parse(jsonReport(review([pair?.old], [pair?.new])));

    expect(Object.keys(report)).toEqual([
      'version',
      'base',
      'head',
      'verdict',
      'objects',
      'effects',
      'clusters',
    ]);
    expect(report.clusters[0].findings[0]).toEqual({
      effect: 'refused',
      rule: 'claim-shrinks',
      title: expect.any(String),
      reason: expect.any(String),
      source: expect.stringMatching(/^https:/),
      outage: false,
      steps: expect.arrayContaining([expect.any(String)]),
      object: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: 'apps',
        name: 'x',
      },
      changes: [{ type: 'changed', path: 'spec.resources.requests.storage', old: '2Gi', new: '1Gi' }],
    });
  });
});

test('each change of any two objects is in a finding', () => {
  const objects = [...Object.values(PAIRS).flat(), ...MORE_PAIRS].flatMap(({ old, new: next }) => [
    old,
    next,
  ]);
  fc.assert(
    fc.property(fc.constantFrom(...objects), fc.constantFrom(...objects), (old, other) => {
      // Any content in the place of any other, under one identity: rules have to bear what is no valid object.
      const next = {
        ...other,
        apiVersion: old.apiVersion,
        kind: old.kind,
        metadata: { ...other.metadata, name: old.metadata.name, namespace: old.metadata.namespace },
      };
      const one = reviewOf([old], [next]);
      const assessed = new Set(one?.findings.flatMap(({ changes }) => changes));
      const all =
        one?.cluster.objects.flatMap((object) => (object.type === 'changed' ? object.changes : [])) ?? [];

      expect(all.filter((change) => !assessed.has(change))).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

describe('the documentation', () => {
  const docs = readFileSync('docs/review.md', 'utf8');
  const help = run(['--help'], REVIEW_RULES).output;
  const options = (text: string) => [...text.matchAll(/(?<=\s|`)--[a-z-]+/g)].map(([option]) => option);

  test('lists exactly the existing effects and options in docs/review.md', () => {
    for (const effect of EFFECTS) expect(docs).toContain(`\`${effect}\``);
    const ours = docs
      .split('\n')
      .filter((line) => line.includes('npm run review'))
      .join('\n');

    expect(options(help).filter((option) => option !== '--help' && !docs.includes(option))).toEqual([]);
    expect(options(ours).filter((option) => !help.includes(option))).toEqual([]);
  });

  test('is posted by a workflow with valid arguments that finds its own comment', () => {
    const { jobs } = parse(readFileSync('.github/workflows/review.yaml', 'utf8'));
    const steps: Manifest[] = jobs.review.steps;
    const calls = steps.flatMap(({ run: script = '' }) => script.match(/npm run .*review.*/g) ?? []);
    const mark = steps.map(({ env }) => env?.MARK).find(Boolean);

    expect(calls.map((call) => /--format (\w+)/.exec(call)?.[1])).toEqual(['text', 'json', 'markdown']);
    expect(
      calls.flatMap(options).filter((option) => !['--silent'].includes(option) && !help.includes(option)),
    ).toEqual([]);
    expect(markdownReport(review([], [])).startsWith(mark)).toBe(true);
  });
});
