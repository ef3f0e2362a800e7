import { describe, expect, test } from '@jest/globals';
import { capacityFigures } from '../../scripts/capacity-figures';
import { fittedValues, type Load } from '../../scripts/fitted-values';
import { mistakes } from '../support/render';

const LOADS: readonly Load[] = [
  { logsPerDay: '1Mi', spansPerSecond: 1, nodes: 1, days: 1 },
  { logsPerDay: '37Gi', spansPerSecond: 1_501, nodes: 23, days: 30 },
  { logsPerDay: '101Gi', spansPerSecond: 10, nodes: 40, days: 7 },
  { logsPerDay: '900Gi', spansPerSecond: 73_000, nodes: 400, days: 90 },
];

/** Values with a megabyte less in each size that they state, one at a time. */
function* smaller(values: object, path: readonly string[] = []): Generator<{ path: string; values: object }> {
  const at = path.reduce(
    (part, key) => part[key] as Record<string, unknown>,
    values as Record<string, unknown>,
  );
  for (const [key, value] of Object.entries(at)) {
    if (typeof value === 'object' && value !== null) yield* smaller(values, [...path, key]);
    const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(String(value)) ?? [];
    if (unit === undefined || path[0] === 'capacity') continue;
    const copy = structuredClone(values);
    const section = path.reduce(
      (part, one) => part[one] as Record<string, unknown>,
      copy as Record<string, unknown>,
    );
    section[key] = unit === 'Gi' ? `${Number(amount) * 1_024 - 1_024}Mi` : `${Number(amount) - 1}Mi`;
    yield { path: [...path, key].join('.'), values: copy };
  }
}

describe.each(LOADS)('the values for %j', (load) => {
  const { values, settings } = fittedValues(load);

  test('are accepted, and less is not', () => {
    expect(mistakes(values)).toEqual([]);
    const accepted = [...smaller(values)].filter((one) => mistakes(one.values).length === 0);

    expect(accepted.map(({ path }) => path)).toEqual([]);
  });

  test('come with what they run', () => {
    const { Loki = '', collectors } = capacityFigures(settings);

    expect(Loki).toMatch(new RegExp(`^${settings.loki.replicas} × \\(.+ CPU, .+ to .+, volume .+\\)`));
    expect(Loki.includes('PUT requests per month')).toBe(settings.loki.replicas > 1);
    expect(collectors?.includes('receive')).toBe(load.spansPerSecond > 1_500);
  });
});

test('a load beyond every size says what is at its end', () => {
  expect(() => fittedValues({ logsPerDay: '2Ti', spansPerSecond: 1, nodes: 500, days: 7 })).toThrow(
    /capacity\.logsPerDay must be at most 1000Gi/,
  );
  expect(() => fittedValues({ logsPerDay: '1Gi', spansPerSecond: 80_000, nodes: 9, days: 7 })).toThrow(
    /capacity\.spansPerSecond must be at most 73500/,
  );
});
