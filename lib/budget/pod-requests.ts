import { Quantity } from '../kubernetes/quantity';

/** What Kubernetes reserves for a pod on its node: CPU in millicores, memory in bytes. */
export interface PodRequests {
  readonly cpu: number;
  readonly memory: number;
}

/** The fields of a pod that decide what it requests. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly (Container & { readonly restartPolicy?: string })[];
  readonly overhead?: ResourceList;
}

interface Container {
  readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList };
}

type ResourceList = Readonly<Partial<Record<'cpu' | 'memory', string | number>>>;

const NOTHING: PodRequests = { cpu: 0, memory: 0 };

/**
 * Adds up a pod as the scheduler does: all containers at once, or the largest
 * init container beside the sidecars that were started before it, whichever is
 * more; and the overhead of its runtime class.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podRequests(pod: PodSpec): PodRequests {
  let sidecars = NOTHING;
  let starting = NOTHING;
  for (const container of pod.initContainers ?? []) {
    const own = containerRequests(container);
    if (container.restartPolicy === 'Always') {
      sidecars = sum(sidecars, own);
      starting = larger(starting, sidecars);
    } else {
      starting = larger(starting, sum(sidecars, own));
    }
  }
  const running = pod.containers.map(containerRequests).reduce(sum, sidecars);
  return sum(larger(running, starting), amounts(pod.overhead));
}

/** A container with a limit and no request requests its limit. */
function containerRequests({ resources }: Container): PodRequests {
  return amounts({ ...resources?.limits, ...resources?.requests });
}

function amounts(list: ResourceList = {}): PodRequests {
  return { cpu: Math.round(quantity(list.cpu) * 1000), memory: quantity(list.memory) };
}

/** The number that a quantity of a manifest stands for: cores, or bytes. */
export function quantity(written: string | number = 0): number {
  const value = Quantity.parse(String(written))?.value;
  if (value === undefined && Number.parseFloat(String(written)) !== 0)
    throw new Error(`"${written}" is not a quantity that a bill can be made of`);
  return value ?? 0;
}

function sum(a: PodRequests, b: PodRequests): PodRequests {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}

function larger(a: PodRequests, b: PodRequests): PodRequests {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}
