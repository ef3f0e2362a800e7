import type { KubernetesObject } from '../kubernetes/object';
import type { Change } from './diff/change';

/** What a change can do to a running cluster, the worst first. */
export const EFFECTS = [
  'data-loss',
  'refused',
  'deletes',
  'access',
  'restarts',
  'capacity',
  'unknown',
  'live',
  'none',
] as const;

/** One of {@link EFFECTS}. */
export type Effect = (typeof EFFECTS)[number];

/** The effect of one or more changes, and the rule behind it. */
export interface ReviewFinding {
  readonly effect: Effect;
  /** Stable name of the rule. */
  readonly rule: string;
  /** The object concerned: its new version, or the old one if it is gone. */
  readonly object: KubernetesObject;
  /** What happens, in one line. */
  readonly title: string;
  /** Why. */
  readonly reason: string;
  /** Where the rule is documented. */
  readonly source: string;
  /** Whether a service is unavailable for a while. */
  readonly outage?: boolean;
  /** How to make the change safely, step by step. */
  readonly steps?: readonly string[];
  /** The changes behind it; none if the object was created or deleted. */
  readonly changes: readonly Change[];
}

/** A finding as a rule makes it. The text of the rule completes it. */
export interface DraftFinding extends Partial<Omit<ReviewFinding, 'effect' | 'rule' | 'object'>> {
  readonly effect: Effect;
  readonly rule: string;
  readonly object: KubernetesObject;
  /** What happens, as a clause after the name of the object; by default that of the rule's text. */
  readonly says?: string;
  /** Where it happens, after that clause. */
  readonly detail?: string;
  /** The rule whose text it shares, if not its own. */
  readonly text?: string;
}

/** A draft about an object. */
export function draft(
  effect: Effect,
  rule: string,
  object: KubernetesObject,
  details: Omit<DraftFinding, 'effect' | 'rule' | 'object'> = {},
): DraftFinding {
  return { effect, rule, object, ...details };
}
