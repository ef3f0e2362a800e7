import { unfold } from '../manifests/embedded';
import { type Cluster, type Manifest, typeOf } from '../manifests/manifest';
import { applyChanges } from './apply';
import { canonical } from './canonical';
import type { Change } from './change';
import { compare } from './compare';
import { same } from './same';

/** An object that is not in both sides, or is not the same there. */
export type ObjectChange =
  | { readonly type: 'created'; readonly new: Manifest }
  | { readonly type: 'deleted'; readonly old: Manifest }
  | {
      readonly type: 'changed';
      readonly old: Manifest;
      readonly new: Manifest;
      readonly changes: readonly Change[];
    };

/** What a review does to one cluster. */
export interface ClusterChange {
  /** The folder that holds its manifests, below the folder under review; `.` for that folder itself. */
  readonly folder: string;
  readonly old: Cluster;
  readonly new: Cluster;
  readonly objects: readonly ObjectChange[];
}

const NOTHING: Cluster = new Map();

/** What changes, cluster by cluster; clusters that stay as they are are left out. */
export function compareClusters(
  old: ReadonlyMap<string, Cluster>,
  next: ReadonlyMap<string, Cluster>,
): ClusterChange[] {
  return [...new Set([...old.keys(), ...next.keys()])]
    .sort()
    .map((folder) => compareCluster(folder, old.get(folder) ?? NOTHING, next.get(folder) ?? NOTHING))
    .filter(({ objects }) => objects.length > 0);
}

function compareCluster(folder: string, old: Cluster, next: Cluster): ClusterChange {
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

function compareObjects(old: Manifest, next: Manifest): readonly Change[] {
  if (same(old.content, next.content)) return [];
  const type = typeOf(next);
  const [before, after] = [unfold(old), unfold(next)];
  const changes = compare(type, before, after);
  const applied = applyChanges(before, changes);
  if (!same(applied, after) && canonical(type, applied) !== canonical(type, after))
    throw new Error(`${next.place}: a change was missed; this is a mistake of the review, please report it`);
  return changes;
}
