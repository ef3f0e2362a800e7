import { at, isMap, type Json, type JsonMap, listAt, mapAt, textAt } from '../manifests/json';
import { type Cluster, type Manifest, typeOf } from '../manifests/manifest';

/** Where an object that makes pods keeps their template. */
const TEMPLATE_AT: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  ReplicationController: ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

/** Workloads whose controller replaces pods when their template changes. */
export const ROLLING: readonly string[] = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];

/** The pod that an object is or makes, with its metadata; undefined for an object that makes none. */
export function podOf(object: Manifest): JsonMap | undefined {
  const path = TEMPLATE_AT[typeOf(object)];
  if (path === undefined) return undefined;
  const pod = path.length === 0 ? object.content : at(object.content, ...path);
  return isMap(pod) ? pod : undefined;
}

/** Every container of a pod, those that run before the others included. */
export function containersOf(pod: JsonMap): readonly Json[] {
  return [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')];
}

/** Objects of a cluster that are or make pods. */
export function workloadsOf(cluster: Cluster): Manifest[] {
  return [...cluster.values()].filter((object) => podOf(object) !== undefined);
}

/** How a pod reads a ConfigMap or Secret: files that follow changes, or what is fixed when a container starts. */
export type Reading = 'files' | 'fixed';

/** How a pod reads the ConfigMap or Secret of a name; undefined when it does not. */
function readingOf(pod: JsonMap, kind: 'ConfigMap' | 'Secret', name: string): Reading | undefined {
  const [volumeKey, nameKey, envKey] =
    kind === 'ConfigMap'
      ? (['configMap', 'name', 'configMapKeyRef'] as const)
      : (['secret', 'secretName', 'secretKeyRef'] as const);
  const containers = containersOf(pod);
  const inEnv = containers.some(
    (container) =>
      listAt(container, 'env').some((env) => textAt(env, 'valueFrom', envKey, 'name') === name) ||
      listAt(container, 'envFrom').some((env) => textAt(env, `${volumeKey}Ref`, 'name') === name),
  );
  const volumes = listAt(pod, 'spec', 'volumes')
    .filter(
      (volume) =>
        textAt(volume, volumeKey, nameKey) === name ||
        listAt(volume, 'projected', 'sources').some((source) => textAt(source, volumeKey, 'name') === name),
    )
    .map((volume) => textAt(volume, 'name'));
  const mounts = containers.flatMap((container) =>
    listAt(container, 'volumeMounts').filter((mount) => volumes.includes(textAt(mount, 'name'))),
  );
  const bySubPath = mounts.some((mount) => at(mount, 'subPath') ?? at(mount, 'subPathExpr'));
  if (inEnv || bySubPath) return 'fixed';
  return volumes.length > 0 ? 'files' : undefined;
}

/** Workloads of a cluster that read a ConfigMap or Secret. */
export function readersOf(cluster: Cluster, object: Manifest): { workload: Manifest; reading: Reading }[] {
  if (object.kind !== 'ConfigMap' && object.kind !== 'Secret') return [];
  const { kind, namespace, name } = object;
  return workloadsOf(cluster).flatMap((workload) => {
    const pod = podOf(workload);
    const reading =
      pod && workload.namespace === namespace
        ? readingOf(pod, kind as 'ConfigMap' | 'Secret', name)
        : undefined;
    return reading === undefined ? [] : [{ workload, reading }];
  });
}

/** How many pods an object wants; undefined for one on each node, or for none of its own. */
export function replicasOf(object: Manifest): number | undefined {
  const type = typeOf(object);
  if (type === 'apps/DaemonSet' || type === 'batch/CronJob') return undefined;
  if (type === 'Pod') return 1;
  const field = type === 'batch/Job' ? 'parallelism' : 'replicas';
  const written = at(object.content, 'spec', field);
  return typeof written === 'number' ? written : 1;
}

/** Claims that the pods of a workload mount by name. */
export function claimsOf(pod: JsonMap): string[] {
  return listAt(pod, 'spec', 'volumes').flatMap((volume) => {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    return name === undefined ? [] : [name];
  });
}

/** The claim of a name in a namespace. */
export function claimIn(cluster: Cluster, namespace: string, name: string): Manifest | undefined {
  return cluster.get(['', 'PersistentVolumeClaim', namespace, name].join('/'));
}

/** Labels that a selector of the simple sort asks for. */
export function selects(selector: JsonMap, labels: JsonMap): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Whether a selector with labels and expressions selects something with some labels. */
export function selectorMatches(selector: JsonMap, labels: JsonMap): boolean {
  return (
    selects(mapAt(selector, 'matchLabels'), labels) &&
    listAt(selector, 'matchExpressions').every((one) => {
      const key = textAt(one, 'key') ?? '';
      const has = Object.hasOwn(labels, key);
      const isListed = has && listAt(one, 'values').includes(labels[key] ?? '');
      const operator = textAt(one, 'operator');
      if (operator === 'In') return isListed;
      if (operator === 'NotIn') return !isListed;
      return operator === 'Exists' ? has : !has;
    })
  );
}
