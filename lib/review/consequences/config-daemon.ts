import { identityOf } from '../../kubernetes/object';
import { claimNames, podOf, replicasOf } from '../../kubernetes/pods';
import { claimSize } from '../../kubernetes/requests';
import type { ConfigVersions, EffectiveChange, ReviewContext } from '../component-review';
import { readersOf } from './readers';

/** What the manifests say of the daemon that reads a config: its volume, and its number of pods. */
export function daemonOf(
  context: ReviewContext,
  object: EffectiveChange,
): Pick<ConfigVersions, 'volume' | 'replicas'> {
  const [volume, replicas] = [volumeOf(context, object), replicasOfReader(context, object)];
  return { ...(volume && { volume }), ...(replicas && { replicas }) };
}

/** The volume on which the daemon stores its data. */
function volumeOf({ cluster }: ReviewContext, { new: object }: EffectiveChange): ConfigVersions['volume'] {
  for (const { workload } of readersOf(cluster.new, object)) {
    for (const name of claimNames(podOf(workload))) {
      const key = identityOf('', 'PersistentVolumeClaim', workload.metadata.namespace, name);
      const [old, next] = [cluster.old.get(key), cluster.new.get(key)];
      if (next) return { name, old: claimSize(old ?? next), new: claimSize(next) };
    }
  }
  return undefined;
}

/** The number of pods of the only workload that reads a config. A refused change leaves it as it was. */
function replicasOfReader(
  { cluster, changed }: ReviewContext,
  { old: before, new: after }: EffectiveChange,
): ConfigVersions['replicas'] {
  const [[was, ...others], [is, ...more]] = [readersOf(cluster.old, before), readersOf(cluster.new, after)];
  if (!was || !is || others.length + more.length > 0) return undefined;
  const [old, next] = [replicasOf(was.workload), replicasOf(is.workload)];
  if (old === undefined || next === undefined) return undefined;
  const isRefused = changed.some(({ new: object, refused }) => refused && object === is.workload);
  return { old, new: isRefused ? old : next };
}
