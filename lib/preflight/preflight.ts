import { type Check, type Finding, type Fragments, unknown, type Verdict } from './check';
import { CHECKS } from './checks';
import { type Cluster, Unseen } from './cluster';
import type { Desired } from './desired';

/** A finding and its check. */
export interface Result extends Finding {
  readonly id: string;
  readonly source: string;
}

/** Runs every check. */
export function preflight(desired: Desired, cluster: Cluster): Result[] {
  return CHECKS.flatMap((check) =>
    [...findings(check, desired, cluster)].map((finding) => ({
      id: check.id,
      source: check.source,
      ...finding,
    })),
  );
}

/** The findings of a check. A finding without objects is not `ok`, and every check has a finding. */
function* findings(check: Check, desired: Desired, cluster: Cluster): Generator<Finding> {
  const look = `find out: ${cluster.kubectl(check.command)}`;
  const honest = (finding: Finding | undefined) =>
    finding === undefined || (finding.verdict === 'ok' && finding.required && finding.objects.length === 0)
      ? unknown([], 'no object to check was found', look)
      : finding;
  try {
    const assessed = check.assess(desired, cluster);
    let next = assessed.next();
    if (next.done) yield honest(next.value);
    for (; !next.done; next = assessed.next()) yield honest(next.value);
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    const list = `find out: ${cluster.kubectl(`get ${error.kind.toLowerCase()} --all-namespaces`)}`;
    yield unknown([], error.message, error.reason === undefined ? look : list);
  }
}

/** Number of results with each verdict. */
export function tally(results: readonly Result[]): Record<Verdict, number> {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  return { ok: count('ok'), warn: count('warn'), fail: count('fail'), unknown: count('unknown') };
}

/** Everything to paste, as one fragment per file. */
export function fragments(results: readonly Result[]): Fragments {
  const merged = <K extends keyof Fragments>(key: K) => {
    const parts = results.map((result) => result[key]).filter((part) => part !== undefined);
    return parts.length === 0 ? {} : { [key]: (parts as object[]).reduce(merge) };
  };
  return { ...merged('values'), ...merged('kubePrometheusStack') };
}

/** Merges maps and concatenates the lists of two checks: each check adds to the list. */
function merge(a: object, b: object): object {
  const before: Readonly<Record<string, unknown>> = { ...a };
  const isMap = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const joined = (one: unknown, other: unknown) => {
    if (isMap(one) && isMap(other)) return merge(one, other);
    if (!Array.isArray(one) || !Array.isArray(other)) return other;
    return [...new Map([...one, ...other].map((item) => [JSON.stringify(item), item])).values()];
  };
  return {
    ...a,
    ...Object.fromEntries(Object.entries(b).map(([key, value]) => [key, joined(before[key], value)])),
  };
}
