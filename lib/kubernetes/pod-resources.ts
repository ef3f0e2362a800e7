import { at, listAt, mapAt } from './json';
import { quantityValue } from './quantity';

/** CPU in millicores and memory in bytes; NaN if a manifest contains an invalid quantity. */
export interface PodResources {
  readonly cpu: number;
  readonly memory: number;
}

const NOTHING: PodResources = { cpu: 0, memory: 0 };

/**
 * Resources that the scheduler reserves for a pod. A container with a limit but no request requests its limit.
 *
 * @param spec `spec` of a pod.
 */
export function podRequests(spec: unknown): PodResources {
  return podResources(spec, (resources) => ({
    ...mapAt(resources, 'limits'),
    ...mapAt(resources, 'requests'),
  }));
}

/** The limits of a pod, by the same rules. Containers without a limit count as 0. */
export function podLimits(spec: unknown): PodResources {
  return podResources(spec, (resources) => mapAt(resources, 'limits'));
}

/**
 * Sums a pod as the scheduler does: all containers, or the largest init container plus the sidecars that start before
 * it, whichever is more, plus the overhead of the runtime class. Pod-level resources replace those of the containers.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#pod-level-resource-specification
 */
function podResources(spec: unknown, effective: (resources: unknown) => unknown): PodResources {
  const own = (container: unknown) => amounts(effective(at(container, 'resources')));
  let sidecars = NOTHING;
  let starting = NOTHING;
  for (const container of listAt(spec, 'initContainers')) {
    if (at(container, 'restartPolicy') === 'Always') {
      sidecars = add(sidecars, own(container));
      starting = larger(starting, sidecars);
    } else {
      starting = larger(starting, add(sidecars, own(container)));
    }
  }
  const running = listAt(spec, 'containers').map(own).reduce(add, sidecars);
  const ofPod = mapAt(effective(at(spec, 'resources')));
  const { cpu, memory } = larger(running, starting);
  const pod = amounts(ofPod);
  return add(
    { cpu: 'cpu' in ofPod ? pod.cpu : cpu, memory: 'memory' in ofPod ? pod.memory : memory },
    amounts(at(spec, 'overhead')),
  );
}

function amounts(list: unknown): PodResources {
  return {
    cpu: Math.round(quantityValue(at(list, 'cpu')) * 1000),
    memory: quantityValue(at(list, 'memory')),
  };
}

function add(a: PodResources, b: PodResources): PodResources {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}

function larger(a: PodResources, b: PodResources): PodResources {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}
