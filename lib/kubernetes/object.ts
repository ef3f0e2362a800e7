/** A Kubernetes object: the fields that every kind has. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** Missing for cluster-scoped objects, and for objects applied to kubectl's current namespace. */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

/** API version and kind, without which an object cannot be assessed. */
export type TypeMeta = Pick<KubernetesObject, 'apiVersion' | 'kind'>;

/** Kinds that moved out of the group `extensions`. The API server treats both as the same objects. */
const MOVED: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  DaemonSet: 'apps',
  ReplicaSet: 'apps',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  PodSecurityPolicy: 'policy',
};

/** The API group; empty for the core group. */
export function groupOf({ apiVersion, kind }: TypeMeta): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group === 'extensions' ? (MOVED[kind] ?? group) : group;
}

/** The version without its group, such as `v1`. */
export function versionOf({ apiVersion }: Pick<TypeMeta, 'apiVersion'>): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** Group and kind, such as `apps/StatefulSet`; the kind alone in the core group. */
export function typeOf(object: TypeMeta): string {
  const group = groupOf(object);
  return group === '' ? object.kind : `${group}/${object.kind}`;
}

/** Group, kind, namespace and name, which identify an object. Two API versions of it are the same object. */
export function identity(object: KubernetesObject): string {
  return identityOf(groupOf(object), object.kind, object.metadata.namespace, object.metadata.name);
}

/** The {@link identity} of an object from a reference to it. */
export function identityOf(group: string, kind: string, namespace: string | undefined, name: string): string {
  return [group, kind, namespace ?? '', name].join('/');
}

/** The usual name of an object in messages: `StatefulSet monitoring/loki`. */
export function nameOf({ kind, metadata }: Pick<KubernetesObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}
