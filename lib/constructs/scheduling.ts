import * as z from 'zod';
import { labelKey, labelValue, objectName, optional } from '../values/fields';
import { affinitySettings } from './affinity';
import type { k8s } from './k8s';
import { selectorLabels } from './labels';
import { tolerationSettings } from './tolerations';
import { topologySpreadSettings } from './topology-spread';

type Toleration = z.input<typeof tolerationSettings>;

/** The nodes and the priority of a workload's pods. */
export function schedulingSettings(defaults: { tolerations: Toleration[] } = { tolerations: [] }) {
  return section(defaults.tolerations).prefault({}).describe('Nodes that its pods run on.');
}
export type SchedulingSettings = z.output<ReturnType<typeof schedulingSettings>>;

/** Like {@link schedulingSettings}, for a workload that can have several replicas. */
export function replicatedSchedulingSettings() {
  return section([])
    .extend({
      topologySpreadConstraints: z
        .array(topologySpreadSettings, { error: 'must be a list of topology spread constraints' })
        .default([])
        .describe(
          'How its pods spread over nodes or zones. An empty list spreads several replicas over nodes where possible.',
        ),
    })
    .prefault({})
    .describe('Nodes that its pods run on.');
}
export type ReplicatedSchedulingSettings = z.output<ReturnType<typeof replicatedSchedulingSettings>>;

function section(tolerations: Toleration[]) {
  return z.strictObject({
    priorityClassName: optional(objectName('PriorityClass')).describe(
      'Existing PriorityClass of its pods; null uses the default of the cluster.',
    ),
    nodeSelector: z
      .record(labelKey('kubernetes.io/arch'), labelValue('amd64'), { error: 'must be a map of labels' })
      .default({})
      .describe('Labels that a node must have.'),
    tolerations: z
      .array(tolerationSettings, { error: 'must be a list of tolerations' })
      .prefault(tolerations)
      .describe('Node taints that its pods tolerate.'),
    affinity: optional(affinitySettings).describe(
      'Nodes and pods that its pods should be near to or away from.',
    ),
  });
}

/** The scheduling fields of a pod. */
export function podScheduling(settings: SchedulingSettings): Partial<k8s.PodSpec> {
  const { priorityClassName, nodeSelector, tolerations, affinity } = settings;
  return {
    priorityClassName,
    nodeSelector: Object.keys(nodeSelector).length > 0 ? nodeSelector : undefined,
    tolerations: tolerations.length > 0 ? tolerations : undefined,
    affinity,
  };
}

/** Prefers different nodes, so that one failing node does not take down every pod. */
const OVER_NODES = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' };

/** Like {@link podScheduling}, for the workload with the given name. Multiple pods are spread over nodes. */
export function replicatedPodScheduling(
  settings: ReplicatedSchedulingSettings,
  name: string,
  replicas: number,
): Partial<k8s.PodSpec> {
  const asked = settings.topologySpreadConstraints;
  const constraints = asked.length === 0 && replicas > 1 ? [OVER_NODES] : asked;
  const labelSelector = { matchLabels: selectorLabels(name) };
  return {
    ...podScheduling(settings),
    topologySpreadConstraints:
      constraints.length > 0 ? constraints.map((one) => ({ ...one, labelSelector })) : undefined,
  };
}

/** The affinity, plus requirements that every node must meet. */
export function onlyOnNodes(
  requirements: readonly k8s.NodeSelectorRequirement[],
  { affinity }: SchedulingSettings,
): k8s.Affinity {
  const { nodeAffinity } = affinity ?? {};
  // A node must match only one of the terms, so each term must contain the requirements.
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [
    { matchExpressions: [] },
  ];
  return {
    ...affinity,
    nodeAffinity: {
      ...nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map(({ matchExpressions }) => ({
          matchExpressions: [...requirements, ...matchExpressions],
        })),
      },
    },
  };
}
