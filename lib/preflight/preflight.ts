import type { Finding, Fragment, Fragments, Verdict } from './check';
import { CHECKS } from './checks';
import { type Cluster, Unread } from './cluster';
import type { Wanted } from './wanted';

/** A finding, with the check that it is of. */
export interface Result extends Finding {
  readonly id: string;
  readonly source: string;
}

/** Asks every question. */
export function preflight(wanted: Wanted, cluster: Cluster): Result[] {
  return CHECKS.flatMap((check) => {
    const { id, source } = check;
    try {
      return check.judge(wanted, cluster).map((finding) => ({ id, source, ...finding }));
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      const cure = `let kubectl list objects of kind ${error.kind}, and try again`;
      return [{ id, source, verdict: 'unknown' as const, evidence: error.message, cure }];
    }
  });
}

/** How many results have each verdict. */
export function tally(results: readonly Result[]): Record<Verdict, number> {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  return { ok: count('ok'), warn: count('warn'), fail: count('fail'), unknown: count('unknown') };
}

/** Everything there is to paste, in one fragment per file. */
export function fragments(results: readonly Result[]): Fragments {
  const merged = (key: keyof Fragments) => {
    const parts = results.map((result) => result[key]).filter((part) => part !== undefined);
    return parts.length === 0 ? {} : { [key]: parts.reduce(merge) };
  };
  return { ...merged('ours'), ...merged('kubePrometheusStack') };
}

function merge(a: Fragment, b: Fragment): Fragment {
  const isSection = (value: unknown): value is Fragment =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = Object.entries(b).map(([key, value]) => {
    const before = a[key];
    return [key, isSection(before) && isSection(value) ? merge(before, value) : value];
  });
  return { ...a, ...Object.fromEntries(entries) };
}
