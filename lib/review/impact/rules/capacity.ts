import type { Leaf } from '../leaf';
import { quantity } from '../units';
import { kubernetesDocs, type Rule } from './rule';

const PODS = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];
const RESOURCES = kubernetesDocs('concepts/configuration/manage-resources-containers/');

const amount = (value: Leaf['old']) =>
  typeof value === 'string' || typeof value === 'number' ? quantity(String(value)) : undefined;
const more = ({ old, new: next }: Leaf) => (amount(next) ?? 0) > (amount(old) ?? 0);
const less = ({ old, new: next }: Leaf) => (amount(next) ?? Number.POSITIVE_INFINITY) < (amount(old) ?? 0);
/** A limit that comes, or gets lower. */
const tighter = ({ old, new: next }: Leaf) =>
  (amount(next) ?? Number.POSITIVE_INFINITY) < (amount(old) ?? Number.POSITIVE_INFINITY);

const containers = (field: string) => [
  `spec.template.spec.containers.*.resources.${field}`,
  `spec.template.spec.initContainers.*.resources.${field}`,
];

/** Rules about what a change costs and takes away; they count beside the rule that says how a field takes effect. */
export const CAPACITY_RULES: readonly Rule[] = [
  {
    id: 'requests-more',
    types: PODS,
    paths: containers('requests.*'),
    when: more,
    effect: 'capacity',
    says: 'asks for more: each pod needs that much room on one node, or stays pending',
    reason: 'The scheduler sets requests aside on a node, used or not.',
    source: `${RESOURCES}#requests-and-limits`,
  },
  {
    id: 'requests-less',
    types: PODS,
    paths: containers('requests.*'),
    when: (leaf) => !more(leaf),
    effect: 'capacity',
    says: 'asks for less: less is set aside for it when its node is busy',
    reason: 'Requests are what a pod can count on; a pod that uses more than it asked for is evicted first.',
    source: `${RESOURCES}#requests-and-limits`,
  },
  {
    id: 'memory-limit-less',
    types: PODS,
    paths: containers('limits.memory'),
    when: tighter,
    effect: 'capacity',
    says: 'is killed at a lower memory limit',
    reason: 'The kernel kills a container that uses more memory than its limit.',
    source: `${RESOURCES}#how-pods-with-resource-limits-are-run`,
  },
  {
    id: 'cpu-limit-less',
    types: PODS,
    paths: containers('limits.cpu'),
    when: tighter,
    effect: 'capacity',
    says: 'is throttled at a lower CPU limit',
    reason: 'The kernel lets a container wait once it has used its CPU limit of a period.',
    source: `${RESOURCES}#how-pods-with-resource-limits-are-run`,
  },
  {
    id: 'replicas-less',
    types: PODS,
    paths: ['spec.replicas'],
    when: (leaf) => less({ ...leaf, old: leaf.old ?? 1, new: leaf.new ?? 1 }),
    effect: 'capacity',
    says: 'has fewer pods',
    reason: 'The controller deletes pods until there are as many as spec.replicas says.',
    source: kubernetesDocs('concepts/workloads/controllers/deployment/#scaling-a-deployment'),
  },
  {
    id: 'replicas-more',
    types: PODS,
    paths: ['spec.replicas'],
    when: (leaf) => more({ ...leaf, old: leaf.old ?? 1, new: leaf.new ?? 1 }),
    effect: 'capacity',
    says: 'has more pods, each with the requests of one',
    reason: 'The controller makes pods until there are as many as spec.replicas says.',
    source: kubernetesDocs('concepts/workloads/controllers/deployment/#scaling-a-deployment'),
  },
  {
    id: 'volume-more',
    types: ['PersistentVolumeClaim'],
    paths: ['spec.resources.requests.storage'],
    when: more,
    effect: 'capacity',
    says: 'a larger volume costs more, and cannot be made smaller again',
    reason: 'Volumes grow and never shrink.',
    source: kubernetesDocs('concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims'),
  },
  {
    id: 'autoscaler',
    types: ['autoscaling/HorizontalPodAutoscaler'],
    paths: ['spec.minReplicas', 'spec.maxReplicas'],
    effect: 'capacity',
    says: 'may run more or fewer pods',
    reason: 'The autoscaler keeps the number of pods between minReplicas and maxReplicas.',
    source: kubernetesDocs('tasks/run-application/horizontal-pod-autoscale/'),
  },
  {
    id: 'quota',
    types: ['ResourceQuota', 'LimitRange'],
    paths: ['spec.**'],
    effect: 'capacity',
    says: 'what may be made in its namespace changes',
    reason: 'A quota stops new pods and claims that exceed it; those that run stay.',
    source: kubernetesDocs('concepts/policy/resource-quotas/'),
  },
];
