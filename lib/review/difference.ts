import type { DraftFinding, Effect } from './finding';
import { listed } from './words';

/** Entries that only one of two lists contains. */
export function difference<T>(
  old: Iterable<T>,
  next: Iterable<T>,
): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  const [before, after] = [new Set(old), new Set(next)];
  return {
    added: [...after].filter((one) => !before.has(one)),
    removed: [...before].filter((one) => !after.has(one)),
  };
}

/** A finding for a case that may apply. Without words, it uses those of the rule's text. */
export type CaseRow = readonly [
  effect: Effect,
  rule: string,
  what: readonly string[],
  says?: (what: string) => string,
];

/** The findings of all cases that apply. */
export function casesFound(
  rows: readonly CaseRow[],
): (Pick<DraftFinding, 'effect' | 'rule'> & Pick<DraftFinding, 'says' | 'detail'>)[] {
  return rows.flatMap(([effect, rule, what, says]) => {
    if (what.length === 0) return [];
    const words = says ? { says: says(listed(what)) } : { detail: `: ${listed(what)}` };
    return [{ effect, rule, ...words }];
  });
}
