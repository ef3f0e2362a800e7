import type { KubernetesObject } from '../kubernetes/object';
import type { Settings } from '../settings';
import { type Kind, type ObjectOf, WORKLOAD_KINDS, type Workload } from './kinds';

/** What will be applied: the manifests of one cluster and their settings. */
export class Desired {
  constructor(
    public readonly settings: Settings,
    public readonly objects: readonly KubernetesObject[],
  ) {}

  /** Every object of a kind. */
  public kind<K extends Kind>(kind: K): ObjectOf<K>[] {
    return this.objects.filter((object): object is ObjectOf<K> => object.kind === kind);
  }

  public get workloads(): Workload[] {
    return WORKLOAD_KINDS.flatMap((kind): Workload[] => this.kind(kind));
  }

  /** Namespaces of the objects. */
  public get namespaces(): string[] {
    return unique(this.objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  }
}

/** Whether an object has the label of this product. */
export function isOwn({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.['app.kubernetes.io/part-of'] === 'logs-and-traces';
}

/** Each value once, in order of appearance. */
export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
