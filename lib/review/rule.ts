import { Duration } from '../kubernetes/duration';
import type { KubernetesObject } from '../kubernetes/object';
import { quantityValue } from '../kubernetes/quantity';
import { matches } from './diff/path';
import type { Effect } from './finding';
import type { Leaf } from './leaf';

/** What a change of a field does; its text, by its name, is in a Markdown file. */
export interface FieldRule<Versions> {
  readonly effect: Effect;
  readonly id: string;
  /** Fields, as patterns; see `matches`. */
  readonly paths: readonly string[];
  /** Fields among them that the rule is not about. */
  readonly except?: readonly string[];
  /** A further condition. */
  readonly when?: (leaf: Leaf, versions: Versions) => boolean;
  readonly outage?: boolean;
  /** The rule whose text it shares, if not its own. */
  readonly text?: string;
}

/** Two versions of an object. */
export interface ObjectVersions {
  readonly old: KubernetesObject;
  readonly new: KubernetesObject;
}

/** A rule about fields of Kubernetes objects. */
export interface ObjectRule extends FieldRule<ObjectVersions> {
  /**
   * Types of objects such as `apps/StatefulSet`; `*` for all that come with Kubernetes, outside of embedded documents;
   * `any` for custom resources, too.
   */
  readonly types: readonly string[] | '*' | 'any';
  /** Whether it applies besides the first rule that matches, and to new objects: who gains access, what it costs. */
  readonly beside?: true;
  /** What its text does not say: why a field is immutable, and where that is enforced. */
  readonly reason?: string;
  readonly source?: string;
}

/** A row of a table of rules about objects. */
export function rule(
  effect: Effect,
  id: string,
  types: ObjectRule['types'],
  paths: readonly string[],
  more: Omit<ObjectRule, 'effect' | 'id' | 'types' | 'paths'> = {},
): ObjectRule {
  return { effect, id, types, paths, ...more };
}

/** Whether a rule is about a value. */
export function applies<Versions>(
  { paths, except, when }: FieldRule<Versions>,
  leaf: Leaf,
  versions: Versions,
): boolean {
  return (
    paths.some((path) => matches(path, leaf.keys)) &&
    !except?.some((path) => matches(path, leaf.keys)) &&
    (when?.(leaf, versions) ?? true)
  );
}

/** A condition on the old and the new value of a field. */
export type Condition = (leaf: Pick<Leaf, 'old' | 'new'>) => boolean;

/** The field appears or disappears. */
export const comesOrGoes: Condition = ({ old, new: next }) => (old === undefined) !== (next === undefined);

/** The field had a value, and has another one or none. */
export const replaced: Condition = ({ old, new: next }) => old !== undefined && old !== next;

/** The field has one of these values now. */
export const becomes =
  (...values: readonly unknown[]): Condition =>
  ({ new: next }) =>
    values.includes(next);

/** The number is lower than before. 0 and no value are not compared: they mean no limit here, and a default there. */
export const lower: Condition = ({ old, new: next }) => size(next) < size(old);

/** The number is higher than before; see {@link lower}. */
export const higher: Condition = ({ old, new: next }) => size(next) > size(old);

/** The number that a number, a duration or a size such as `256KB` stands for; NaN for 0 and for anything else. */
export function size(value: unknown): number {
  const text = String(value ?? '').replace(
    /^(\d+(?:\.\d+)?)([kKMG])i?B$/,
    (_, count, unit) => `${count}${unit.toUpperCase()}i`,
  );
  return (Duration.parse(text)?.seconds ?? quantityValue(text)) || Number.NaN;
}
