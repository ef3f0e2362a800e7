import { at, type Json, listAt, mapAt, textAt } from '../manifests/json';
import { type Cluster, type Manifest, typeOf } from '../manifests/manifest';
import { claimIn, claimsOf, podOf, replicasOf } from './pods';
import { span } from './units';

/** How the pods of a workload are replaced. */
export interface Rollout {
  /** Which pods, in which order. */
  readonly how: string;
  /** Whether nobody is served for a while. */
  readonly outage: boolean;
  /** Whether a new pod is ready before an old one stops. */
  readonly rolling?: boolean;
  /** How long that is, or one pod takes. */
  readonly time: string;
  /** What can go wrong, where something can. */
  readonly trap?: string;
  /** Whether pods are replaced at all, or wait for a person. */
  readonly automatic: boolean;
}

/** How a controller replaces the pods of a workload when their template changes. */
export function rolloutOf(object: Manifest, cluster: Cluster): Rollout {
  const time = timeOf(object);
  const type = typeOf(object);
  const automatic = textAt(object.content, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
  if (!automatic)
    return {
      how: 'no pod is replaced until somebody deletes it (updateStrategy OnDelete)',
      outage: false,
      time,
      automatic,
    };
  if (at(object.content, 'spec', 'paused') === true)
    return {
      how: 'no pod is replaced until the rollout is resumed (paused)',
      outage: false,
      time,
      automatic: false,
    };
  if (type === 'apps/DaemonSet') return { ...daemonSet(object), time, automatic };
  const replicas = replicasOf(object) ?? 1;
  if (replicas === 0)
    return { how: 'there are no pods (replicas: 0)', outage: false, time, automatic: false };
  return type === 'apps/StatefulSet'
    ? { ...statefulSet(object, replicas), time, automatic }
    : { ...deployment(object, replicas, cluster), time, automatic };
}

function statefulSet(object: Manifest, replicas: number) {
  const partition = at(object.content, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (typeof partition === 'number' && partition > 0)
    return { how: `only pods from number ${partition} on are replaced (partition)`, outage: false };
  const how =
    replicas === 1
      ? 'its only pod stops before the new one starts'
      : `its ${replicas} pods one after the other, the last first`;
  const waits = textAt(object.content, 'spec', 'podManagementPolicy') !== 'Parallel';
  return {
    how,
    outage: replicas === 1,
    // kubernetes/kubernetes#67250
    ...(waits && {
      trap: 'with OrderedReady a pod that does not become ready is not replaced by a later, repaired template; delete it by hand then',
    }),
  };
}

function daemonSet(object: Manifest) {
  const update = mapAt(object.content, 'spec', 'updateStrategy', 'rollingUpdate');
  const surge = textAt(update, 'maxSurge') ?? '0';
  const away = textAt(update, 'maxUnavailable') ?? '1';
  return surge !== '0' && surge !== '0%'
    ? { how: 'its pod on each node, the new one before the old one stops', outage: false, rolling: true }
    : { how: `its pod on each node, ${away} at a time`, outage: false };
}

function deployment(object: Manifest, replicas: number, cluster: Cluster) {
  if (textAt(object.content, 'spec', 'strategy', 'type') === 'Recreate')
    return {
      how:
        replicas === 1
          ? 'its only pod stops before the new one starts (Recreate)'
          : `all ${replicas} pods stop before new ones start (Recreate)`,
      outage: true,
    };
  const update = mapAt(object.content, 'spec', 'strategy', 'rollingUpdate');
  const surge = Math.ceil(share(update['maxSurge'], replicas));
  const written = Math.floor(share(update['maxUnavailable'], replicas));
  const away = surge === 0 && written === 0 ? 1 : written;
  const exclusive = exclusiveClaim(object, cluster);
  const trap =
    exclusive !== undefined && surge > 0
      ? `the new pod mounts the same volume (${exclusive}) as the old one: on another node it waits for it for ever; give the Deployment strategy Recreate`
      : undefined;
  const how =
    away >= replicas
      ? replicas === 1
        ? 'its only pod may stop before the new one is ready'
        : `all ${replicas} pods may stop before new ones are ready`
      : away === 0
        ? `a new pod is ready before an old one stops${replicas === 1 ? '' : `, ${replicas} in turn`}`
        : `its ${replicas} pods in turn, at most ${away} missing at a time`;
  return { how, outage: away >= replicas, rolling: away === 0, ...(trap && { trap }) };
}

/** A number of pods, or a percentage of them; a quarter where nothing is written. */
function share(written: Json | undefined, replicas: number): number {
  if (typeof written === 'number') return written;
  return (replicas * Number.parseFloat(typeof written === 'string' ? written : '25%')) / 100;
}

/** A claim of the pod that only one node can mount at a time. */
function exclusiveClaim(object: Manifest, cluster: Cluster): string | undefined {
  const pod = podOf(object);
  return pod === undefined
    ? undefined
    : claimsOf(pod).find((name) => {
        const modes = listAt(claimIn(cluster, object.namespace, name)?.content, 'spec', 'accessModes');
        return (
          modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')
        );
      });
}

/** Seconds that a pod takes to be scheduled, with its image on the node and its volume attached there. */
const SCHEDULING_SECONDS = 10;

/** How long one pod is away: from its probes, which are asked in turns, and how long it may take to stop. */
function timeOf(object: Manifest): string {
  const pod = podOf(object);
  const grace = number(at(pod, 'spec', 'terminationGracePeriodSeconds'), 30);
  const main = listAt(pod, 'spec', 'containers')[0] ?? null;
  const probes = ['startupProbe', 'readinessProbe']
    .map((name) => mapAt(main, name))
    .filter((probe) => Object.keys(probe).length > 0)
    .map((probe) => number(probe['initialDelaySeconds'], 0) + number(probe['periodSeconds'], 10));
  const start = SCHEDULING_SECONDS + probes.reduce((sum, one) => sum + one, 0);
  return `about ${Math.ceil(start / 10) * 10} s (up to ${span(grace)} more if it is slow to stop)`;
}

function number(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
