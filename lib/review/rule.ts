import { Duration } from '../kubernetes/duration';
import type { KubernetesObject } from '../kubernetes/object';
import { quantityValue } from '../kubernetes/quantity';
import { matches } from './diff/path';
import type { Effect } from './finding';
import type { Leaf } from './leaf';

/** Effect of a changed field. Its text, by its name, is in a Markdown file. */
export interface FieldRule<Versions> {
  readonly effect: Effect;
  readonly id: string;
  /** Field patterns; see `matches`. */
  readonly paths: readonly string[];
  /** Excluded fields. */
  readonly except?: readonly string[];
  /** Additional condition. */
  readonly when?: (leaf: Leaf, versions: Versions) => boolean;
  readonly outage?: boolean;
  /** The rule whose text it uses, if not its own. */
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
   * Types of objects such as `apps/StatefulSet`; `*` for all built-in kinds outside embedded documents; `any` also
   * for custom resources.
   */
  readonly types: readonly string[] | '*' | 'any';
  /** Whether it applies in addition to the first matching rule, and to new objects: access and cost. */
  readonly beside?: true;
  /** Reason that its text does not contain: why a field is immutable, and where that is enforced. */
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

/** Whether a rule applies to a value. */
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

/** The field is added or removed. */
export const comesOrGoes: Condition = ({ old, new: next }) => (old === undefined) !== (next === undefined);

/** The field had a value, which changes or is removed. */
export const replaced: Condition = ({ old, new: next }) => old !== undefined && old !== next;

/** The new value is one of these. */
export const becomes =
  (...values: readonly unknown[]): Condition =>
  ({ new: next }) =>
    values.includes(next);

/** The number decreases. 0 and no value are not compared: 0 means no limit here, and no value the default. */
export const lower: Condition = ({ old, new: next }) => size(next) < size(old);

/** The number increases; see {@link lower}. */
export const higher: Condition = ({ old, new: next }) => size(next) > size(old);

/** The numeric value of a number, a duration or a size such as `256KB`; NaN for 0 and for anything else. */
export function size(value: unknown): number {
  const text = String(value ?? '').replace(
    /^(\d+(?:\.\d+)?)([kKMG])i?B$/,
    (_, count, unit) => `${count}${unit.toUpperCase()}i`,
  );
  return (Duration.parse(text)?.seconds ?? quantityValue(text)) || Number.NaN;
}
