import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DEFAULTS } from '../../lib/review/rules/defaults';
import { IMMUTABLE_RULES } from '../../lib/review/rules/immutable';
import { KUBERNETES_RULES } from '../../lib/review/rules/rules';
import { REVIEW_RULES } from '../../scripts/review-rules';
import { defaultPairs } from './defaults';
import { MORE_PAIRS } from './more-pairs';
import { PAIRS } from './pairs';
import { findingsOf } from './support';

const { components, texts } = REVIEW_RULES;
const RULES = [...KUBERNETES_RULES, ...components.flatMap(({ rules = [] }) => rules)];
const BY_ID = [...new Map(RULES.map((rule) => [rule.id, rule])).values()];

test('every rule about objects has a pair of manifests', () => {
  expect(BY_ID.map(({ id }) => id).sort()).toEqual(Object.keys(PAIRS).sort());
});

describe.each(BY_ID)('the rule $id', ({ id, effect, text = id }) => {
  test.each((PAIRS[id] ?? []).map((pair, index) => ({ ...pair, index })))(
    'finds what it is about in a $what ($index)',
    (pair) => {
      const found = findingsOf([pair.old], [pair.new]);

      expect(found.filter(({ rule }) => rule === id)).toEqual([expect.objectContaining({ effect })]);
    },
  );

  test('lists safe steps if the change cannot just be applied', () => {
    expect(texts.get(text)?.steps.length).toBeGreaterThan(['refused', 'data-loss'].includes(effect) ? 0 : -1);
  });
});

describe('texts of rules', () => {
  /** Sources that name rules: `draft('live', 'created', …)`, `rule: 'config-not-seen'`. */
  const sources = [...components.map((one) => one.texts), 'lib/review/rules.md'].flatMap((file) => {
    const names = [...readFileSync(file, 'utf8').matchAll(/^### (.+)$/gm)].map(([, name = '']) => name);
    return names.map((name) => ({ file, name }));
  });
  const configRules = components.flatMap(({ configs = [] }) => configs.flatMap(({ rules }) => rules));

  test('exist for every rule with a source', () => {
    const names = [...RULES, ...configRules].map(({ id, text = id }) => text);

    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !texts.has(name))).toEqual([]);
    for (const { source } of texts.values()) expect(source).toMatch(/^https:\/\//);
  });

  test('exist once each', () => {
    expect(sources.map(({ name }) => name).sort()).toEqual([...texts.keys()].sort());
  });

  test('belong to a reported rule', () => {
    const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const code = files.map((name) => readFileSync(`lib/${name}`, 'utf8'));
    const ofRules = new Set([...RULES, ...configRules].map(({ id, text = id }) => text));
    const isNamed = (name: string) => ofRules.has(name) || code.some((text) => text.includes(`'${name}'`));

    expect([...texts.keys()].filter((name) => !isNamed(name))).toEqual([]);
  });
});

test.each(IMMUTABLE_RULES)(
  'the immutable $paths of $types name the line that refuses a change',
  ({ source }) => {
    expect(source).toMatch(/\/blob\/v\d+\.\d+\.\d+\/.*validation\.go#L\d+$/);
  },
);

test.each(DEFAULTS.flatMap(defaultPairs))(
  '$what changes nothing when it is stated, or no longer is',
  (pair) => {
    expect(findingsOf([pair.old], [pair.new]).map(({ effect }) => effect)).toEqual(['none']);
    expect(findingsOf([pair.new], [pair.old]).map(({ effect }) => effect)).toEqual(['none']);
  },
);

test.each(MORE_PAIRS)('$what is assessed as $effect at worst', ({ old, new: next, effect }) => {
  const [worst] = findingsOf([old], [next]).map((finding) => finding.effect);

  expect(worst ?? 'none').toBe(effect);
});
