import { type LabelSelector, selects } from '../kubernetes/selectors';
import type { ObjectOf, Workload } from './kinds';

type PodSpec = NonNullable<NonNullable<Workload['spec']>['template']['spec']>;
type Container = PodSpec['containers'][number];
type Toleration = NonNullable<PodSpec['tolerations']>[number];
type Node = ObjectOf<'Node'>;

/** The pods of a workload. */
export function podSpec({ spec }: Workload): PodSpec {
  return { containers: [], ...spec?.template?.spec };
}

/** Labels of the pods of a workload. */
export function podLabels({ spec }: Workload): Readonly<Record<string, string>> {
  return spec?.template?.metadata?.labels ?? {};
}

/** Whether a container of a workload, including init containers, meets a condition. */
export function runs(workload: Workload, condition: (container: Container) => boolean): boolean {
  const { containers, initContainers = [] } = podSpec(workload);
  return [...containers, ...initContainers].some(condition);
}

/** Host paths that the pods of a workload mount. */
export function hostPaths(workload: Workload): string[] {
  return (podSpec(workload).volumes ?? []).flatMap(
    ({ hostPath }) => hostPath?.path?.replace(/(.)\/$/, '$1') ?? [],
  );
}

/** Whether the node selector and the required affinity of a workload allow a node. */
export function mayRunOn(workload: Workload, { metadata }: Node): boolean {
  const { nodeSelector, affinity } = podSpec(workload);
  const labels = metadata.labels ?? {};
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    selects({ matchLabels: nodeSelector ?? {} }, labels) &&
    (terms === undefined || terms.some((term) => selects(term as LabelSelector, labels)))
  );
}

/** Taints that the DaemonSet controller tolerates for every pod. */
const DAEMONSET_TOLERATIONS: readonly Toleration[] = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
].map((condition) => ({ key: `node.kubernetes.io/${condition}`, operator: 'Exists' }));

/**
 * Taints of a node that prevent the pods of a DaemonSet.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 */
export function untolerated(workload: Workload, { spec }: Node) {
  const all = [...(podSpec(workload).tolerations ?? []), ...DAEMONSET_TOLERATIONS];
  return (spec?.taints ?? []).filter(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !all.some(
        ({ key, operator = 'Equal', value, effect }) =>
          (!effect || effect === taint.effect) &&
          (key
            ? key === taint.key && (operator === 'Exists' || (value ?? '') === (taint.value ?? ''))
            : operator === 'Exists'),
      ),
  );
}

/** Nodes that a DaemonSet runs on. */
export function nodesOf(daemonSet: Workload, nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => mayRunOn(daemonSet, node) && untolerated(daemonSet, node).length === 0);
}
