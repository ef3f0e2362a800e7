import { describe, expect, test } from '@jest/globals';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { caseManifests, type Manifest } from '../support/render';
import { EXPECTED, type Pair, type Parties } from './edges';

/** The connections of a list that policies do not let through as they should. */
function wrong(
  policies: readonly Manifest[],
  who: Parties,
  pairs: readonly Pair[],
  wanted: boolean,
): string[] {
  const party = (name: string) => {
    const found = who[name];
    if (!found) throw new Error(`there is no party ${name}`);
    return found;
  };
  return pairs.flatMap(([from, to, ...ports]) =>
    ports
      .filter((port) => reaches(policies, party(from), party(to), port) !== wanted)
      .map((port) => `${from} → ${to} ${port}`),
  );
}

describe.each(EXPECTED)('the network of the case $name', ({ name, parties: who, allowed, denied }) => {
  const policies = caseManifests(name).filter(({ kind }) => kind === 'NetworkPolicy');

  test('allows required connections', () => {
    expect(wrong(policies, who, allowed, true)).toEqual([]);
  });

  test('denies everything else', () => {
    expect(wrong(policies, who, denied, false)).toEqual([]);
  });

  test('has no unnecessary rule, peer or port: without any of them a required connection fails', () => {
    const parts = policies.flatMap(({ spec }, policy) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        ((spec[direction] ?? []) as Manifest[]).flatMap((rule, index) => [
          [policy, direction, index] as const,
          ...[direction === 'ingress' ? 'from' : 'to', 'ports'].flatMap((list) =>
            (rule[list] as Manifest[]).map((_, item) => [policy, direction, index, list, item] as const),
          ),
        ]),
      ),
    );
    const needless = parts.filter(([policy, direction, rule, list, item]) => {
      const fewer = structuredClone(policies);
      const rules = fewer[policy].spec[direction];
      if (list === undefined) rules.splice(rule, 1);
      else if (rules[rule][list].length > 1) rules[rule][list].splice(item, 1);
      // The last of a list cannot go alone, as an empty list means everybody.
      else return false;
      return wrong(fewer, who, allowed, true).length === 0;
    });

    expect(parts.length).toBeGreaterThan(20);
    expect(needless).toEqual([]);
  });
});
