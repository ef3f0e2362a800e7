import { describe, expect, test } from '@jest/globals';
import { labelSelectorAt, requirementsInWords, selects } from '../../lib/kubernetes/selectors';

const LABELS = { app: 'loki', tier: 'store', weight: '7' };

describe('a label selector', () => {
  test.each([
    [{}, true],
    [{ matchLabels: { app: 'loki' } }, true],
    [{ matchLabels: { app: 'loki', tier: 'x' } }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['store', 'x'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['store'] }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'NotIn', values: ['store'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
    [{ matchExpressions: [{ key: 'weight', operator: 'Gt', values: ['6'] }] }, true],
    [{ matchExpressions: [{ key: 'weight', operator: 'Lt', values: ['6'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'in', values: ['store'] }] }, false],
    [{ matchLabels: { app: 'loki' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
  ])('%j selects the labels: %p', (selector, expected) => {
    expect(selects(selector, LABELS)).toBe(expected);
  });

  test('is read from an incomplete manifest', () => {
    const spec = {
      selector: { matchLabels: null, matchExpressions: [null, { key: 'a', operator: 'Exists' }] },
    };

    expect(selects(labelSelectorAt(spec, 'selector'), { '': 'x', a: 'b' })).toBe(false);
    expect(labelSelectorAt({ selector: 'app=loki' }, 'selector')).toEqual({
      matchLabels: {},
      matchExpressions: [],
    });
  });

  test('is described in kubectl syntax', () => {
    const matchExpressions = [
      { key: 'a', operator: 'In', values: ['x', 'y'] },
      { key: 'b', operator: 'NotIn', values: ['z'] },
      { key: 'c', operator: 'Exists' },
      { key: 'd', operator: 'DoesNotExist' },
    ];

    expect(requirementsInWords({ matchLabels: { app: 'loki' }, matchExpressions })).toEqual([
      'app=loki',
      'a in (x, y)',
      'b not in (z)',
      'c',
      'no d',
    ]);
  });
});
