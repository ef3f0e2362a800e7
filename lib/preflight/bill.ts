import { Quantity } from '../kubernetes/quantity';
import type { Container, Node, Workload } from './kinds';
import { mayRunOn, untolerated } from './selectors';

/** What workloads and claims ask the cluster for; cores, bytes, and numbers of objects. */
export interface Bill {
  readonly pods: number;
  readonly cpu: number;
  readonly memory: number;
  readonly cpuLimit: number;
  readonly memoryLimit: number;
}

/** The number that a quantity stands for. */
export function amount(quantity: string | undefined): number {
  return Quantity.parse(quantity ?? '')?.value ?? 0;
}

/** Nodes that a DaemonSet runs on. */
export function nodesOf({ spec }: Workload, nodes: readonly Node[]): Node[] {
  const pod = spec.template.spec;
  return nodes.filter((node) => mayRunOn(pod, node) && untolerated(pod, node).length === 0);
}

/** Requests and limits of workloads, added up over all of their pods. */
export function billOf(workloads: readonly Workload[], nodes: readonly Node[]): Bill {
  const rows = workloads.map((workload) => {
    const { kind, spec } = workload;
    const pods = kind === 'DaemonSet' ? nodesOf(workload, nodes).length : (spec.replicas ?? 1);
    const sum = (of: (container: Container) => string | undefined) =>
      pods * spec.template.spec.containers.reduce((total, container) => total + amount(of(container)), 0);
    return {
      pods,
      cpu: sum(({ resources }) => resources?.requests?.['cpu']),
      memory: sum(({ resources }) => resources?.requests?.['memory']),
      cpuLimit: sum(({ resources }) => resources?.limits?.['cpu']),
      memoryLimit: sum(({ resources }) => resources?.limits?.['memory']),
    };
  });
  const total = (key: keyof Bill) => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    pods: total('pods'),
    cpu: total('cpu'),
    memory: total('memory'),
    cpuLimit: total('cpuLimit'),
    memoryLimit: total('memoryLimit'),
  };
}
