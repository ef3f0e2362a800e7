import type { KubernetesObject } from '../kubernetes/object';
import type { Change } from './diff/change';

/** Effects of a change on a running cluster, the worst first. */
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
  /** The affected object: its new version, or the old one if it was removed. */
  readonly object: KubernetesObject;
  /** What happens, in one line. */
  readonly title: string;
  /** Why. */
  readonly reason: string;
  /** Where the rule is documented. */
  readonly source: string;
  /** Whether a service is unavailable for a while. */
  readonly outage?: boolean;
  /** Steps that make the change safely. */
  readonly steps?: readonly string[];
  /** The changes behind the finding; none if the object was created or deleted. */
  readonly changes: readonly Change[];
}

/** A finding before the text of its rule completes it. */
export interface DraftFinding extends Partial<Omit<ReviewFinding, 'effect' | 'rule' | 'object'>> {
  readonly effect: Effect;
  readonly rule: string;
  readonly object: KubernetesObject;
  /** What happens, as a clause after the name of the object. Defaults to the rule's text. */
  readonly says?: string;
  /** Location, after that clause. */
  readonly detail?: string;
  /** The rule whose text it uses, if not its own. */
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
