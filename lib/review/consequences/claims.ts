import { listAt, textAt } from '../../kubernetes/json';
import { identityOf, type KubernetesObject } from '../../kubernetes/object';
import { claimNames, podOf, replicasOf } from '../../kubernetes/pods';
import type { ReviewContext } from '../component-review';
import type { ManifestSet } from '../diff/objects';
import { keysOf } from '../diff/path';
import { difference } from '../difference';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';

/** Workloads whose pods will share a volume for one node or one pod at a time. */
export function claims({ applied, cluster }: ReviewContext): DraftFinding[] {
  return applied.flatMap(({ old, new: object, changes: all }) => {
    // A single new pod has no other pod to share with yet.
    if (old === undefined && replicasOf(object) === 1) return [];
    const before = old === undefined ? [] : sharedClaims(old, cluster.old);
    const { added } = difference(before, sharedClaims(object, cluster.new));
    if (added.length === 0) return [];
    const who = replicasOf(object) === 1 ? 'its old and its new pod' : 'several of its pods';
    const changes = all.filter(({ path }) => !keysOf(path).includes('metadata'));
    const says = `${who} mount ${listed(added)} at the same time`;
    return [draft('data-loss', 'claim-shared', object, { says, changes, outage: true })];
  });
}

/** ReadWriteOnce claims that several pods of an object mount, or an old and a new pod during a rollout. */
function sharedClaims(object: KubernetesObject, cluster: ManifestSet): string[] {
  const replicas = replicasOf(object);
  const surges =
    object.kind === 'Deployment' &&
    textAt(object, 'spec', 'strategy', 'type') !== 'Recreate' &&
    textAt(object, 'spec', 'strategy', 'rollingUpdate', 'maxSurge') !== '0';
  if (replicas === 0 || (replicas === 1 && !surges) || object.kind === 'DaemonSet') return [];
  return exclusiveClaims(object, cluster);
}

/** Claims of an object's pods that only one node or one pod can mount at a time. */
export function exclusiveClaims(object: KubernetesObject, cluster: ManifestSet): string[] {
  return claimNames(podOf(object)).filter((name) => {
    const claim = cluster.get(identityOf('', 'PersistentVolumeClaim', object.metadata.namespace, name));
    const modes = listAt(claim, 'spec', 'accessModes');
    return modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
  });
}
