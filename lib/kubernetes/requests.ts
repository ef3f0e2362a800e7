import { RESOURCES, type Resource } from './format-amount';
import { at, listAt } from './json';
import { endsByItself, isWorkload } from './kinds';
import { identity, identityOf, type KubernetesObject, type TypeMeta, typeOf } from './object';
import { type PodResources, podRequests } from './pod-resources';
import { claimNames, podOf, replicasOf } from './pods';
import { quantityValue } from './quantity';

/** An amount of each resource: CPU in millicores, memory and storage in bytes. */
export type Amounts = Readonly<Record<Resource, number>>;

/** Resource requests of one object: a workload with its volumes, or a volume that no workload mounts. */
export interface ObjectRequests extends Amounts {
  /** Kind and name, such as `StatefulSet loki`. */
  readonly object: string;
  /** Whether one of its pods runs on each node. */
  readonly perNode: boolean;
  /** Whether its pods complete and release their requests. */
  readonly ends: boolean;
}

/** Resource requests of the manifests of a cluster. */
export interface ResourceRequests {
  readonly objects: readonly ObjectRequests[];
  readonly total: Amounts;
}

/** Options of {@link requestsOf}. */
interface RequestsProps {
  /** Number of nodes that a DaemonSet runs on. */
  readonly nodes: number | ((daemonSet: KubernetesObject) => number);
  /** Which resources of each pod to sum; its requests by default. */
  readonly ofPod?: (spec: unknown) => PodResources;
}

const CLAIM = 'PersistentVolumeClaim';

/** Whether an object requests resources. */
export function requestsResources(object: TypeMeta): boolean {
  return isWorkload(object) || typeOf(object) === CLAIM;
}

/**
 * Sums what the scheduler reserves and the size of all volumes once every pod runs. Excludes the additional pods of a
 * rolling update. A claim that several workloads mount counts for the first one.
 *
 * @param objects Manifests of one cluster.
 */
export function requestsOf(
  objects: Iterable<KubernetesObject>,
  { nodes, ofPod }: RequestsProps,
): ResourceRequests {
  const all = [...objects];
  const claims = new Map(
    all.filter((object) => typeOf(object) === CLAIM).map((claim) => [identity(claim), claim]),
  );
  const workloads = all.filter(isWorkload).map((workload): ObjectRequests => {
    const pod = podOf(workload);
    const perNode = replicasOf(workload) === undefined;
    const pods = replicasOf(workload) ?? (typeof nodes === 'number' ? nodes : nodes(workload));
    const { cpu, memory } = (ofPod ?? podRequests)(at(pod, 'spec'));
    const mounted = claimNames(pod).map((name) => identityOf('', CLAIM, workload.metadata.namespace, name));
    const ofEachPod = [
      ...listAt(workload, 'spec', 'volumeClaimTemplates'),
      ...listAt(pod, 'spec', 'volumes').flatMap(
        (volume) => at(volume, 'ephemeral', 'volumeClaimTemplate') ?? [],
      ),
    ];
    const storage =
      sum(mounted.map((claim) => claimSize(claims.get(claim)))) + pods * sum(ofEachPod.map(claimSize));
    for (const claim of mounted) claims.delete(claim);
    return {
      ...{ object: show(workload), perNode, ends: endsByItself(workload) },
      ...{ cpu: pods * cpu, memory: pods * memory, storage, pods },
    };
  });
  const unmounted = [...claims.values()].map(
    (claim): ObjectRequests => ({
      ...{ object: show(claim), perNode: false, ends: false },
      ...{ cpu: 0, memory: 0, storage: claimSize(claim), pods: 0 },
    }),
  );
  const found = [...workloads, ...unmounted];
  return { objects: found, total: totalOf(found) };
}

/** The sum of several amounts. */
export function totalOf(amounts: readonly Amounts[]): Amounts {
  const total = (resource: Resource) => sum(amounts.map((one) => one[resource]));
  const [cpu, memory, storage, pods] = RESOURCES.map(total) as [number, number, number, number];
  return { cpu, memory, storage, pods };
}

/** Size in bytes that a claim or claim template requests. */
export function claimSize(claim: unknown): number {
  return quantityValue(at(claim, 'spec', 'resources', 'requests', 'storage'));
}

function show({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
