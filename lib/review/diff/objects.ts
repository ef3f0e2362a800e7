import { unfold } from '../../kubernetes/embedded';
import type { Json } from '../../kubernetes/json';
import { type KubernetesObject, nameOf, typeOf } from '../../kubernetes/object';
import { applyChanges } from './apply';
import { canonical } from './canonical';
import type { Change } from './change';
import { compare } from './compare';
import { same } from './same';

/** All objects that are applied to one cluster, by identity. */
export type ManifestSet = ReadonlyMap<string, KubernetesObject>;

/** An object that exists on one side only, or differs. */
export type ObjectChange =
  | { readonly type: 'created'; readonly new: KubernetesObject }
  | { readonly type: 'deleted'; readonly old: KubernetesObject }
  | {
      readonly type: 'changed';
      readonly old: KubernetesObject;
      readonly new: KubernetesObject;
      readonly changes: readonly Change[];
    };

/** The differences between two sets of manifests for one cluster. */
export interface ClusterChange {
  /** The manifest folder, relative to the reviewed folder; `.` for that folder itself. */
  readonly folder: string;
  readonly old: ManifestSet;
  readonly new: ManifestSet;
  readonly objects: readonly ObjectChange[];
}

const NOTHING: ManifestSet = new Map();

/** The differences of each cluster. Clusters without differences are omitted. */
export function compareClusters(
  old: ReadonlyMap<string, ManifestSet>,
  next: ReadonlyMap<string, ManifestSet>,
): ClusterChange[] {
  return [...new Set([...old.keys(), ...next.keys()])]
    .sort()
    .map((folder) => compareCluster(folder, old.get(folder) ?? NOTHING, next.get(folder) ?? NOTHING))
    .filter(({ objects }) => objects.length > 0);
}

function compareCluster(folder: string, old: ManifestSet, next: ManifestSet): ClusterChange {
  const kept = [...old].flatMap(([key, before]): ObjectChange[] => {
    const after = next.get(key);
    if (after === undefined) return [{ type: 'deleted', old: before }];
    const changes = compareObjects(before, after);
    return changes.length === 0 ? [] : [{ type: 'changed', old: before, new: after, changes }];
  });
  const created = [...next].flatMap(([key, after]): ObjectChange[] =>
    old.has(key) ? [] : [{ type: 'created', new: after }],
  );
  return { folder, old, new: next, objects: [...kept, ...created] };
}

function compareObjects(old: KubernetesObject, next: KubernetesObject): readonly Change[] {
  if (same(old as unknown as Json, next as unknown as Json)) return [];
  const type = typeOf(next);
  const [before, after] = [unfold(old), unfold(next)];
  const changes = compare(type, before, after);
  const applied = applyChanges(before, changes);
  if (!same(applied, after) && canonical(type, applied) !== canonical(type, after))
    throw new Error(`${nameOf(next)}: the review missed a change; please report this as a bug`);
  return changes;
}
