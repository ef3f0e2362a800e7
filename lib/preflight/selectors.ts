import type { Node, PodSpec, Toleration } from './kinds';

/** As Kubernetes defines it: an empty one selects everything, a missing one nothing. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: ReadonlyArray<{
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }>;
}

type Labels = Readonly<Record<string, string>>;

/** Whether a selector selects an object with these labels. */
export function selects(selector: LabelSelector, labels: Labels = {}): boolean {
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels))
  );
}

function meets(
  { key, operator, values = [] }: { key: string; operator: string; values?: readonly string[] },
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** A selector as people write it: `release=prometheus`. */
export function showSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const parts = [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(matchExpressions ?? []).map(
      ({ key, operator, values }) => `${key} ${operator}${values ? ` (${values.join(', ')})` : ''}`,
    ),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

/** Whether the node selector and the required affinity of a pod let it run on a node. */
export function mayRunOn({ nodeSelector, affinity }: PodSpec, { metadata }: Node): boolean {
  const labels = metadata.labels ?? {};
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    selects({ matchLabels: nodeSelector }, labels) &&
    (terms === undefined || terms.some(({ matchExpressions }) => selects({ matchExpressions }, labels)))
  );
}

/** What the DaemonSet controller tolerates for every pod of a DaemonSet, whatever its manifest says. */
const DAEMONSET_TOLERATIONS: readonly Toleration[] = [
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/unschedulable',
].map((key) => ({ key, operator: 'Exists' }));

/**
 * Taints of a node that keep the pods of a DaemonSet off it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 */
export function untolerated({ tolerations = [] }: PodSpec, { spec }: Node) {
  const all = [...tolerations, ...DAEMONSET_TOLERATIONS];
  return (spec.taints ?? []).filter(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !all.some(
        ({ key, operator = 'Equal', value, effect }) =>
          (effect === undefined || effect === taint.effect) &&
          (key === undefined
            ? operator === 'Exists'
            : key === taint.key && (operator === 'Exists' || (value ?? '') === (taint.value ?? ''))),
      ),
  );
}
