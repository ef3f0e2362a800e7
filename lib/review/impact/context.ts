import type { Change } from '../diff/change';
import type { ClusterChange, ObjectChange } from '../diff/objects';
import type { Manifest } from '../manifests/manifest';
import type { Finding } from './finding';

/** An object that is in both sides, with the changes that matter to a running cluster. */
export interface EffectiveChange {
  readonly old: Manifest;
  readonly new: Manifest;
  /** Without those that have no effect. */
  readonly changes: readonly Change[];
  /** Whether the API server refuses the object, so that none of its changes takes place. */
  readonly refused: boolean;
}

/** What consequences are drawn from. */
export interface Context {
  readonly cluster: ClusterChange;
  readonly changed: readonly EffectiveChange[];
  readonly created: readonly Manifest[];
  readonly deleted: readonly Manifest[];
  /** The day of the review, as `2026-11-24`: a schema of Loki has to begin after it. */
  readonly today: string;
}

/** Draws conclusions that no single field shows. */
export type Consequence = (context: Context) => readonly Finding[];

/** Objects that are in the new side only. */
export function createdIn(objects: readonly ObjectChange[]): Manifest[] {
  return objects.flatMap((object) => (object.type === 'created' ? [object.new] : []));
}

/** Objects that are in the old side only. */
export function deletedIn(objects: readonly ObjectChange[]): Manifest[] {
  return objects.flatMap((object) => (object.type === 'deleted' ? [object.old] : []));
}
