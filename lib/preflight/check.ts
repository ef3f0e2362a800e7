import type { z } from 'zod';
import type { KubernetesObject } from '../kubernetes/object';
import type { stackSettings } from '../settings';
import type { Cluster } from './cluster';
import type { Desired } from './desired';

/** `fail`: the stack would not work. `warn`: it works, with the stated limitation. `unknown`: it was not observed. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'unknown';

type Part<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Part<T[K]> } : T;

/** Settings to paste. Renaming a setting breaks the build here. */
export type Values = Part<z.input<typeof stackSettings>>;

/** Helm values to paste. Their schema is not available here. */
export type HelmValues = { readonly [key: string]: unknown };

/** What to paste, and where. */
export interface Fragments {
  /** Into `values/<name>.yaml`. */
  readonly values?: Values;
  /** Into the Helm values of kube-prometheus-stack. */
  readonly kubePrometheusStack?: HelmValues;
}

/** Result of a check. */
export interface Finding extends Fragments {
  readonly verdict: Verdict;
  readonly observed: string;
  /** The fix; empty for `ok`. */
  readonly fix: string;
  /** Objects that the check examined. */
  readonly objects: readonly KubernetesObject[];
  /** Whether the stack depends on the answer. */
  readonly required: boolean;
}

/** A question about the existing cluster. */
export interface Check {
  /** Stable name for programs. */
  readonly id: string;
  /** Documentation of the rule behind the check. */
  readonly source: string;
  /** kubectl arguments that answer the question manually, for a cluster in which nothing was observed. */
  readonly command: string;
  /**
   * Compares what is to be applied with what exists. Yields problems and returns the finding without problems.
   *
   * @throws Unseen for a kind that was not read.
   */
  assess(desired: Desired, cluster: Cluster): Generator<Finding, Finding | undefined>;
}

/** The objects fit. Without objects nothing was observed, and the finding is `unknown`. */
export const ok = (objects: readonly KubernetesObject[], observed: string): Finding => ({
  verdict: 'ok',
  observed,
  fix: '',
  objects,
  required: true,
});

/** The stack does not depend on the answer. */
export const notRequired = (observed: string): Finding => ({ ...ok([], observed), required: false });

const problem =
  (verdict: Verdict) =>
  (
    objects: readonly KubernetesObject[],
    observed: string,
    fix: string,
    fragments: Fragments = {},
  ): Finding => ({ verdict, observed, fix, objects, required: true, ...fragments });

export const warn = problem('warn');
export const fail = problem('fail');
export const unknown = problem('unknown');
