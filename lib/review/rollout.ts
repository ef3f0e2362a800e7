import { at, type Json, listAt, mapAt, textAt } from '../kubernetes/json';
import { type KubernetesObject, typeOf } from '../kubernetes/object';
import { podOf, replicasOf } from '../kubernetes/pods';
import { exclusiveClaims } from './consequences/claims';
import type { ManifestSet } from './diff/objects';
import { span } from './words';

/** How the pods of a workload are replaced. */
export interface Rollout {
  /** The pods and their order. */
  readonly how: string;
  /** Whether the service is unavailable for a while. */
  readonly outage: boolean;
  /** Whether a new pod is ready before an old one stops. */
  readonly seamless?: boolean;
  /** Duration for all pods, or for one pod. */
  readonly time: string;
  /** What can go wrong. */
  readonly trap?: string;
  /** Whether pods are replaced automatically. */
  readonly automatic: boolean;
}

/** How a controller replaces the pods of a workload when their template changes. */
export function rolloutOf(object: KubernetesObject, cluster: ManifestSet): Rollout {
  const time = timeOf(object);
  const waits = (how: string): Rollout => ({ how, outage: false, time, automatic: false });
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete')
    return waits('no pod is replaced until someone deletes it (updateStrategy OnDelete)');
  if (at(object, 'spec', 'paused') === true)
    return waits('no pod is replaced until the rollout is resumed (paused)');
  const replicas = replicasOf(object) ?? 1;
  if (replicas === 0) return waits('there are no pods (replicas: 0)');
  const type = typeOf(object);
  const rollout =
    type === 'apps/DaemonSet'
      ? daemonSet(object)
      : type === 'apps/StatefulSet'
        ? statefulSet(object, replicas)
        : deployment(object, replicas, cluster);
  return { ...rollout, time, automatic: true };
}

function statefulSet(object: KubernetesObject, replicas: number) {
  const partition = at(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (typeof partition === 'number' && partition > 0)
    return { how: `only pods from number ${partition} on are replaced (partition)`, outage: false };
  const waits = textAt(object, 'spec', 'podManagementPolicy') !== 'Parallel';
  return {
    how:
      replicas === 1
        ? 'its only pod stops before the new one starts'
        : `its ${replicas} pods one after the other, the last first`,
    outage: replicas === 1,
    // kubernetes/kubernetes#67250
    ...(waits && {
      trap: '`OrderedReady` never replaces a pod that failed to become ready, even after the template is fixed; delete it by hand then',
    }),
  };
}

function daemonSet(object: KubernetesObject) {
  const update = mapAt(object, 'spec', 'updateStrategy', 'rollingUpdate');
  const surge = textAt(update, 'maxSurge') ?? '0';
  return surge !== '0' && surge !== '0%'
    ? { how: 'its pod on each node, the new one before the old one stops', outage: false, seamless: true }
    : { how: `its pod on each node, ${textAt(update, 'maxUnavailable') ?? '1'} at a time`, outage: false };
}

function deployment(object: KubernetesObject, replicas: number, cluster: ManifestSet) {
  const only = replicas === 1;
  if (textAt(object, 'spec', 'strategy', 'type') === 'Recreate')
    return {
      how: only
        ? 'its only pod stops before the new one starts (Recreate)'
        : `all ${replicas} pods stop before new ones start (Recreate)`,
      outage: true,
    };
  const update = mapAt(object, 'spec', 'strategy', 'rollingUpdate');
  const surge = Math.ceil(podCount(update['maxSurge'], replicas));
  const written = Math.floor(podCount(update['maxUnavailable'], replicas));
  const away = surge === 0 && written === 0 ? 1 : written;
  const [claim] = exclusiveClaims(object, cluster);
  const trap =
    claim !== undefined && surge > 0
      ? `the new pod mounts the same volume (${claim}) as the old one: on another node it waits for it indefinitely; give the Deployment strategy Recreate`
      : undefined;
  const how =
    away >= replicas
      ? only
        ? 'its only pod may stop before the new one is ready'
        : `all ${replicas} pods may stop before new ones are ready`
      : away === 0
        ? `a new pod is ready before an old one stops${only ? '' : `, ${replicas} in turn`}`
        : `its ${replicas} pods in turn, at most ${away} missing at a time`;
  return { how, outage: away >= replicas, seamless: away === 0, ...(trap && { trap }) };
}

/** A number of pods or a percentage of them; 25% by default. */
function podCount(written: Json | undefined, replicas: number): number {
  if (typeof written === 'number') return written;
  return (replicas * Number.parseFloat(typeof written === 'string' ? written : '25%')) / 100;
}

/** Seconds until a pod is scheduled, with its image and volume already on the node. */
const SCHEDULING_SECONDS = 10;

/** How long one pod is unavailable: the duration of its probes, which run in sequence, plus its shutdown. */
function timeOf(object: KubernetesObject): string {
  const pod = podOf(object);
  const main = listAt(pod, 'spec', 'containers')[0];
  const probes = ['startupProbe', 'readinessProbe']
    .map((name) => mapAt(main, name))
    .filter((probe) => Object.keys(probe).length > 0)
    .map((probe) => numberOr(probe['initialDelaySeconds'], 0) + numberOr(probe['periodSeconds'], 10));
  const start = SCHEDULING_SECONDS + probes.reduce((sum, one) => sum + one, 0);
  const grace = numberOr(at(pod, 'spec', 'terminationGracePeriodSeconds'), 30);
  return `about ${Math.ceil(start / 10) * 10} s (up to ${span(grace)} more if it is slow to stop)`;
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
