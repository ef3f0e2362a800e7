/** A Kubernetes object, as far as every kind is alike. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

/** Kind, namespace and name: what makes two objects the same one. */
export function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [groupOf(apiVersion), kind, metadata.namespace ?? '', metadata.name].join('/');
}

/** The API group; empty for the core. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** An object as people write it: `Deployment monitoring/tempo`. */
export function show({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

const PART_OF = 'app.kubernetes.io/part-of';

/** Whether an object carries the label by which this product knows its own. */
export function isOwn({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[PART_OF] === 'logs-and-traces';
}
