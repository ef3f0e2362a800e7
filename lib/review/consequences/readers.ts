import { at, listAt, textAt } from '../../kubernetes/json';
import { isWorkload } from '../../kubernetes/kinds';
import type { KubernetesObject } from '../../kubernetes/object';
import { containersOf, podOf } from '../../kubernetes/pods';
import type { ManifestSet } from '../diff/objects';

/** How a pod reads a ConfigMap or Secret: files that follow changes, or values fixed when a container starts. */
export type ReadMode = 'files' | 'fixed';

/** A workload whose pods read a ConfigMap or Secret. */
export interface Reader {
  readonly workload: KubernetesObject;
  readonly reading: ReadMode;
}

/** Workloads of a cluster that read a ConfigMap or Secret. */
export function readersOf(cluster: ManifestSet, { kind, metadata }: KubernetesObject): Reader[] {
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  return workloadsIn(cluster, metadata.namespace).flatMap((workload) => {
    const reading = readingOf(podOf(workload), kind, metadata.name);
    return reading === undefined ? [] : [{ workload, reading }];
  });
}

/** Workloads of a namespace. */
export function workloadsIn(cluster: ManifestSet, namespace: string | undefined): KubernetesObject[] {
  return [...cluster.values()].filter(
    (object) => isWorkload(object) && object.metadata.namespace === namespace,
  );
}

function readingOf(pod: unknown, kind: 'ConfigMap' | 'Secret', name: string): ReadMode | undefined {
  const [source, nameKey] = kind === 'ConfigMap' ? ['configMap', 'name'] : ['secret', 'secretName'];
  const containers = containersOf(pod);
  const inEnv = containers.some(
    (container) =>
      listAt(container, 'env').some((env) => textAt(env, 'valueFrom', `${source}KeyRef`, 'name') === name) ||
      listAt(container, 'envFrom').some((env) => textAt(env, `${source}Ref`, 'name') === name),
  );
  const volumes = listAt(pod, 'spec', 'volumes')
    .filter(
      (volume) =>
        textAt(volume, source, nameKey) === name ||
        listAt(volume, 'projected', 'sources').some((one) => textAt(one, source, 'name') === name),
    )
    .map((volume) => textAt(volume, 'name'));
  const mounts = containers.flatMap((container) =>
    listAt(container, 'volumeMounts').filter((mount) => volumes.includes(textAt(mount, 'name'))),
  );
  // Files mounted by subPath do not follow changes either.
  if (inEnv || mounts.some((mount) => at(mount, 'subPath') ?? at(mount, 'subPathExpr'))) return 'fixed';
  return volumes.length > 0 ? 'files' : undefined;
}
