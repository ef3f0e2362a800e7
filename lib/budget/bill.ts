import { type PodSpec, podRequests, quantity } from './pod-requests';

/** What a bill counts. */
export const RESOURCES = ['cpu', 'memory', 'storage', 'pods'] as const;
export type Resource = (typeof RESOURCES)[number];

/** An amount of each: CPU in millicores, memory and storage in bytes. */
export type Amounts = Readonly<Record<Resource, number>>;

/** One line of a bill: a workload with its volumes, or a volume that no workload mounts. */
export interface BillItem extends Amounts {
  /** Kind and name of the object, such as `StatefulSet loki`. */
  readonly object: string;
  /** Whether it runs once on each node. */
  readonly perNode: boolean;
}

/** What the manifests of a cluster request. */
export interface Bill {
  readonly items: readonly BillItem[];
  readonly total: Amounts;
}

/** Kinds of objects that run pods or ask for a volume; a bill is made of these, whatever else is given. */
export const BILLED_KINDS: readonly string[] = [
  'PersistentVolumeClaim',
  'StatefulSet',
  'Deployment',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
];

/** The fields of a billed object that are read here. */
export interface BilledObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: a spec of any of the kinds
  readonly spec: any;
}

interface Claim {
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

/**
 * Adds up what the scheduler reserves, and what volumes are made, once every
 * pod runs. The pods that a rolling update starts beside the old ones are not in
 * it; a claim that several workloads mount is on the bill of the first.
 *
 * @param objects Manifests of one cluster.
 * @param nodes Nodes that a DaemonSet has a pod on.
 */
export function bill(objects: readonly BilledObject[], nodes: number): Bill {
  const claims = new Map(objects.filter(isClaim).map((claim) => [identity(claim), claim]));
  const items = objects
    .filter((object) => BILLED_KINDS.includes(object.kind) && !isClaim(object))
    .map((workload): BillItem => {
      const { pod, pods, templates } = podsOf(workload, nodes);
      const requests = podRequests(pod);
      const volumes = pod.volumes ?? [];
      const mounted = volumes.flatMap(({ persistentVolumeClaim }) => {
        const name = persistentVolumeClaim?.claimName ?? '';
        return take(claims, identity({ kind: CLAIM, metadata: { ...workload.metadata, name } }));
      });
      const ofEachPod = [
        ...templates,
        ...volumes.flatMap(({ ephemeral }) => ephemeral?.volumeClaimTemplate ?? []),
      ];
      return {
        object: `${workload.kind} ${workload.metadata.name}`,
        perNode: workload.kind === 'DaemonSet',
        cpu: pods * requests.cpu,
        memory: pods * requests.memory,
        storage: storage(mounted) + pods * storage(ofEachPod),
        pods,
      };
    });
  const idle = [...claims.values()].map((claim): BillItem => {
    const object = `${claim.kind} ${claim.metadata.name}`;
    return { object, perNode: false, cpu: 0, memory: 0, storage: storage([claim]), pods: 0 };
  });
  return total([...items, ...idle]);
}

function total(items: readonly BillItem[]): Bill {
  const sum = (resource: Resource) => items.reduce((amount, item) => amount + item[resource], 0);
  return {
    items,
    total: { cpu: sum('cpu'), memory: sum('memory'), storage: sum('storage'), pods: sum('pods') },
  };
}

const CLAIM = 'PersistentVolumeClaim';

function isClaim({ kind }: BilledObject): boolean {
  return kind === CLAIM;
}

function identity({ kind, metadata }: Omit<BilledObject, 'spec'>): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`;
}

/** Returns the value of a key, if it is still there, and takes it away. */
function take<T>(map: Map<string, T>, key: string): T[] {
  const value = map.get(key);
  map.delete(key);
  return value === undefined ? [] : [value];
}

interface MountingPod extends PodSpec {
  readonly volumes?: ReadonlyArray<{
    readonly persistentVolumeClaim?: { readonly claimName: string };
    readonly ephemeral?: { readonly volumeClaimTemplate: Claim };
  }>;
}

/** The pods of a workload, and the volumes that each of them gets; those of one run, where it runs now and then. */
function podsOf({ kind, spec }: BilledObject, nodes: number) {
  const runs = kind === 'CronJob' ? spec.jobTemplate.spec : spec;
  const pod: MountingPod = kind === 'Pod' ? spec : runs.template.spec;
  const pods: number = kind === 'DaemonSet' ? nodes : (runs.replicas ?? runs.parallelism ?? 1);
  const templates: readonly Claim[] = runs.volumeClaimTemplates ?? [];
  return { pod, pods, templates };
}

function storage(claims: readonly Claim[]): number {
  return claims.reduce((sum, { spec }) => sum + quantity(spec.resources.requests.storage), 0);
}
