import { isWorkload } from '../../kubernetes/kinds';
import type { KubernetesObject } from '../../kubernetes/object';
import { contentsOf, podOf } from '../../kubernetes/pods';
import type { ManifestSet } from '../diff/objects';

/** A workload whose pods read a ConfigMap or Secret. */
export interface Reader {
  readonly workload: KubernetesObject;
  /** Whether a running pod never sees a change. */
  readonly isFixed: boolean;
}

/** Workloads of a cluster that read a ConfigMap or Secret. */
export function readersOf(cluster: ManifestSet, { kind, metadata }: KubernetesObject): Reader[] {
  return workloadsIn(cluster, metadata.namespace).flatMap((workload) => {
    const read = contentsOf(podOf(workload)).filter((one) => one.kind === kind && one.name === metadata.name);
    return read.length === 0 ? [] : [{ workload, isFixed: read.some((one) => one.isFixed) }];
  });
}

/** Workloads of a namespace. */
export function workloadsIn(cluster: ManifestSet, namespace: string | undefined): KubernetesObject[] {
  return [...cluster.values()].filter(
    (object) => isWorkload(object) && object.metadata.namespace === namespace,
  );
}
