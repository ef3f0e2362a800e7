import { quantityValue } from '../../kubernetes/quantity';
import type { Leaf } from '../leaf';
import { type ObjectRule, rule } from '../rule';

const WORKLOADS = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];
const CLAIM = ['PersistentVolumeClaim'];
const AUTOSCALER = ['autoscaling/HorizontalPodAutoscaler'];

/** Increase of a quantity. A missing quantity counts as a given number. */
const growth =
  (missing: number) =>
  ({ old, new: next }: Leaf) =>
    (next === undefined ? missing : quantityValue(next)) - (old === undefined ? missing : quantityValue(old));
const more = (leaf: Leaf) => growth(0)(leaf) > 0;
/** A limit that is added or decreases. */
const tighter = (leaf: Leaf) => growth(Number.MAX_VALUE)(leaf) < 0;

const resources = (field: string) =>
  ['containers', 'initContainers'].map((list) => `spec.template.spec.${list}.*.resources.${field}`);

const beside = true;

/** Rules about cost and capacity. */
export const CAPACITY_RULES: readonly ObjectRule[] = [
  rule('capacity', 'requests-more', WORKLOADS, resources('requests.*'), { beside, when: more }),
  rule('capacity', 'requests-less', WORKLOADS, resources('requests.*'), {
    beside,
    when: (leaf) => !more(leaf),
  }),
  rule('capacity', 'memory-limit-less', WORKLOADS, resources('limits.memory'), { beside, when: tighter }),
  rule('capacity', 'cpu-limit-less', WORKLOADS, resources('limits.cpu'), { beside, when: tighter }),
  rule('capacity', 'replicas-less', WORKLOADS, ['spec.replicas'], {
    beside,
    when: (leaf) => growth(1)(leaf) < 0,
  }),
  rule('capacity', 'replicas-more', WORKLOADS, ['spec.replicas'], {
    beside,
    when: (leaf) => growth(1)(leaf) > 0,
  }),
  rule('capacity', 'volume-more', CLAIM, ['spec.resources.requests.storage'], { beside, when: more }),
  rule('capacity', 'autoscaler', AUTOSCALER, ['spec.minReplicas', 'spec.maxReplicas'], { beside }),
];
