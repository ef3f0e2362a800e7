import type { Cluster } from './cluster';
import type { Wanted } from './wanted';

/** `fail`: the stack would not work. `warn`: it would, with a loss that is told. `unknown`: it could not be seen. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'unknown';

/** A part of a values file, nested as it is pasted. */
export type Fragment = { readonly [key: string]: unknown };

/** What to paste, and where. */
export interface Fragments {
  /** Into `values/<name>.yaml`. */
  readonly ours?: Fragment;
  /** Into the Helm values of kube-prometheus-stack. */
  readonly kubePrometheusStack?: Fragment;
}

/** What a check found out. */
export interface Finding extends Fragments {
  readonly verdict: Verdict;
  /** What was seen. */
  readonly evidence: string;
  /** What to do; empty for `ok`. */
  readonly cure: string;
}

/** One question about the existing cluster. */
export interface Check {
  /** Stable, for machines. */
  readonly id: string;
  /** The page that the rule comes from. */
  readonly source: string;
  /** Answers from what is to be applied and what is there; throws Unread where that was not read. */
  judge(wanted: Wanted, cluster: Cluster): readonly Finding[];
}

export const ok = (evidence: string): Finding => ({ verdict: 'ok', evidence, cure: '' });

const bad =
  (verdict: Verdict) =>
  (evidence: string, cure: string, fragments: Fragments = {}): Finding => ({
    verdict,
    evidence,
    cure,
    ...fragments,
  });

export const warn = bad('warn');
export const fail = bad('fail');
export const unknown = bad('unknown');
