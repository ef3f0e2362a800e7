import type { JsonMap } from './json';

/** An object of Kubernetes, as a file of manifests has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for what lives outside of namespaces, and for what is applied to the namespace of the moment. */
  readonly namespace: string;
  readonly name: string;
  readonly content: JsonMap;
  /** `file:line` where it begins. */
  readonly place: string;
}

/**
 * Everything that is applied to one cluster: the files of one folder, as `kubectl apply -f <folder>` takes them.
 * The key is the {@link identity} of an object.
 */
export type Cluster = ReadonlyMap<string, Manifest>;

/** Kinds that moved from the group `extensions`, where they are still the same objects. */
const MOVED: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  DaemonSet: 'apps',
  ReplicaSet: 'apps',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  PodSecurityPolicy: 'policy',
};

/** What makes two manifests one object: group, kind, namespace and name. The version does not. */
export function identity(manifest: Pick<Manifest, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string {
  const group = groupOf(manifest);
  return [group, manifest.kind, manifest.namespace, manifest.name].join('/');
}

/** The API group; empty for the core. */
export function groupOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group === 'extensions' ? (MOVED[kind] ?? group) : group;
}

/** Group and kind, such as `apps/StatefulSet`; the kind alone in the core group. */
export function typeOf(manifest: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const group = groupOf(manifest);
  return group === '' ? manifest.kind : `${group}/${manifest.kind}`;
}

/** An object in the words of kubectl: `StatefulSet monitoring/loki`. */
export function nameOf({ kind, namespace, name }: Pick<Manifest, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
