import { at, isMap, type Json, type JsonMap, listAt, textAt } from './json';
import { podTemplatePath } from './kinds';
import { type TypeMeta, typeOf } from './object';

/** The pod of an object, or its pod template, with metadata; undefined for an object without pods. */
export function podOf(object: TypeMeta): JsonMap | undefined {
  const path = podTemplatePath(object);
  const pod = path === undefined ? undefined : at(object, ...path);
  return isMap(pod) ? pod : undefined;
}

/** Every container of a pod, including init containers and sidecars. */
export function containersOf(pod: unknown): readonly Json[] {
  return [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')];
}

/** Number of pods that an object requests; undefined for a DaemonSet, which runs one on each node. */
export function replicasOf(object: TypeMeta): number | undefined {
  const type = typeOf(object);
  if (type === 'apps/DaemonSet') return undefined;
  if (type === 'Pod') return 1;
  const count =
    type === 'batch/CronJob'
      ? at(object, 'spec', 'jobTemplate', 'spec', 'parallelism')
      : at(object, 'spec', type === 'batch/Job' ? 'parallelism' : 'replicas');
  return typeof count === 'number' ? count : 1;
}

/** Names of the PersistentVolumeClaims that a pod mounts. */
export function claimNames(pod: unknown): string[] {
  return listAt(pod, 'spec', 'volumes').flatMap(
    (volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') ?? [],
  );
}

/** A ConfigMap or Secret that a pod reads. */
export interface PodContent {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Whether a container keeps the value from its start: environment variables, and files mounted with `subPath`. */
  readonly isFixed: boolean;
}

/** ConfigMaps and Secrets that a pod reads, once per reference. */
export function contentsOf(pod: unknown): PodContent[] {
  const containers = containersOf(pod);
  const inList = (key: string) => containers.flatMap((container) => listAt(container, key));
  const fixed = inList('volumeMounts')
    .filter((mount) => at(mount, 'subPath') ?? at(mount, 'subPathExpr'))
    .map((mount) => textAt(mount, 'name'));
  return [
    ...inList('env').flatMap((env) => contentAt(at(env, 'valueFrom'), 'KeyRef', true)),
    ...inList('envFrom').flatMap((env) => contentAt(env, 'Ref', true)),
    ...listAt(pod, 'spec', 'volumes').flatMap((volume) =>
      [volume, ...listAt(volume, 'projected', 'sources')].flatMap((source) =>
        contentAt(source, '', fixed.includes(textAt(volume, 'name'))),
      ),
    ),
  ];
}

function contentAt(value: Json | undefined, suffix: string, isFixed: boolean): PodContent[] {
  const kinds = [
    ['ConfigMap', 'configMap'],
    ['Secret', 'secret'],
  ] as const;
  return kinds.flatMap(([kind, key]) => {
    const source = at(value, `${key}${suffix}`);
    const name = textAt(source, 'secretName') ?? textAt(source, 'name');
    return name === undefined ? [] : [{ kind, name, isFixed }];
  });
}
