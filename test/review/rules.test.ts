import { describe, expect, test } from '@jest/globals';
import { DEFAULTS } from '../../lib/review/impact/rules/defaults';
import { FURTHER_RULES, RULES } from '../../lib/review/impact/rules/rules';
import { defaultPairs } from './defaults';
import { MORE_PAIRS } from './more-pairs';
import { PAIRS } from './pairs';
import { findingsOf } from './support';

const ALL = [...RULES, ...FURTHER_RULES];

test('every rule has a pair of manifests, a name of its own, and an address to read more at', () => {
  expect(ALL.map(({ id }) => id).sort()).toEqual(Object.keys(PAIRS).sort());
  for (const { source } of ALL) expect(source).toMatch(/^https:\/\//);
});

describe.each(ALL)('the rule $id', ({ id, effect, steps }) => {
  test.each((PAIRS[id] ?? []).map((pair, index) => ({ ...pair, index })))(
    'finds what it is about in a $what ($index)',
    (pair) => {
      const found = findingsOf([pair.old], [pair.new]);

      expect(found.filter(({ rule }) => rule === id)).toEqual([expect.objectContaining({ effect })]);
    },
  );

  test('says how to get there safely, where one cannot just apply', () => {
    expect(steps !== undefined || !['refused', 'data-loss'].includes(effect)).toBe(true);
  });
});

test.each(DEFAULTS.flatMap(defaultPairs))(
  '$what changes nothing when it is spelt out, or no longer is',
  (pair) => {
    expect(findingsOf([pair.old], [pair.new]).map(({ effect }) => effect)).toEqual(['none']);
    expect(findingsOf([pair.new], [pair.old]).map(({ effect }) => effect)).toEqual(['none']);
  },
);

test.each(MORE_PAIRS)('$what is judged $effect at worst', ({ old, new: next, effect }) => {
  const [worst] = findingsOf([old], [next]).map((finding) => finding.effect);

  expect(worst ?? 'none').toBe(effect);
});
