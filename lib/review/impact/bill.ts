import { at, type Json, listAt, textAt } from '../manifests/json';
import { type Cluster, type Manifest, typeOf } from '../manifests/manifest';
import { podOf, replicasOf } from './pods';
import { quantity } from './units';

/** What manifests ask a cluster for, in cores and bytes. */
export interface Bill {
  readonly cpu: number;
  readonly memory: number;
  readonly storage: number;
  readonly pods: number;
  /** What each node is asked for on top, by DaemonSets. */
  readonly perNode: { readonly cpu: number; readonly memory: number; readonly pods: number };
}

/** Workloads that run all the time; what Jobs ask for comes and goes. */
const LASTING = ['Pod', 'ReplicationController', 'apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet'];

/** Requests of every pod and claim of a cluster, added up. */
export function billOf(cluster: Cluster): Bill {
  const objects = [...cluster.values()];
  const lasting = objects
    .filter((object) => LASTING.includes(typeOf(object)))
    .map((object) => ({ object, count: replicasOf(object) ?? 0 }));
  const onNodes = objects.filter((object) => typeOf(object) === 'apps/DaemonSet');
  const claims = objects
    .filter((object) => typeOf(object) === 'PersistentVolumeClaim')
    .map(({ content }) => content);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const total = (resource: string) =>
    sum(lasting.map(({ object, count }) => count * requestOf(object, resource)));
  return {
    cpu: total('cpu'),
    memory: total('memory'),
    storage: sum([
      ...claims.map(sizeOf),
      ...lasting.flatMap(({ object, count }) =>
        listAt(object.content, 'spec', 'volumeClaimTemplates').map((claim) => count * sizeOf(claim)),
      ),
    ]),
    pods: sum(lasting.map(({ count }) => count)),
    perNode: {
      cpu: sum(onNodes.map((object) => requestOf(object, 'cpu'))),
      memory: sum(onNodes.map((object) => requestOf(object, 'memory'))),
      pods: onNodes.length,
    },
  };
}

/** Whether two clusters ask for the same. */
export function sameBill(a: Bill, b: Bill): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What a claim asks for, in bytes. */
export function sizeOf(claim: Json): number {
  return quantity(textAt(claim, 'spec', 'resources', 'requests', 'storage')) ?? 0;
}

/**
 * What one pod asks for: its containers and sidecars, or the greediest of those that run before them.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
function requestOf(object: Manifest, resource: string): number {
  const pod = podOf(object);
  // A limit without a request is a request, too.
  const request = (container: Json) =>
    quantity(textAt(container, 'resources', 'requests', resource)) ??
    quantity(textAt(container, 'resources', 'limits', resource)) ??
    0;
  const before = listAt(pod, 'spec', 'initContainers');
  const isSidecar = (container: Json) => at(container, 'restartPolicy') === 'Always';
  const running = [...listAt(pod, 'spec', 'containers'), ...before.filter(isSidecar)];
  const first = before.filter((container) => !isSidecar(container)).map(request);
  return Math.max(
    running.reduce<number>((sum, container) => sum + request(container), 0),
    ...first,
  );
}
