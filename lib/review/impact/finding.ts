import type { Change } from '../diff/change';
import type { Manifest } from '../manifests/manifest';

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

/** A judgement: what some changes do, and by which rule of whom. */
export interface Finding {
  readonly effect: Effect;
  /** Stable name of the rule, for programs and for people who look it up. */
  readonly rule: string;
  /** The object that it is about, as the new side has it, or the old side where it is gone. */
  readonly object: Manifest;
  /** What happens, in one line. */
  readonly title: string;
  /** Why, in the words of whoever made the rule. */
  readonly reason: string;
  /** Where the rule is written. */
  readonly source: string;
  /** Whether nobody is served for a while. */
  readonly outage?: boolean;
  /** How to get there safely, step by step. */
  readonly steps?: readonly string[];
  /** The changes that this follows from; none where an object comes or goes. */
  readonly changes: readonly Change[];
}
