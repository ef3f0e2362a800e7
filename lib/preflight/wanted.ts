import { parse } from 'yaml';
import type { Claim, Files, Ingress, Workload } from './kinds';
import { isOwn, type KubernetesObject } from './objects';

/** A ConfigMap or Secret that a sidecar of Grafana is to pick up. */
export interface SidecarFiles {
  readonly object: Files;
  readonly role: 'datasources' | 'dashboards';
  /** Label by which the sidecar finds it. */
  readonly label: { readonly key: string; readonly value: string };
  /** Parsed files, by name. */
  readonly files: Readonly<Record<string, unknown>>;
}

/** Kinds of objects that keep pods running. */
export const WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** What is to be applied: the objects of `dist/` or of a folder below it. */
export class Wanted {
  public readonly sidecarFiles: readonly SidecarFiles[];

  constructor(public readonly objects: readonly KubernetesObject[]) {
    this.sidecarFiles = objects.flatMap((object) => sidecarFiles(object));
  }

  public get workloads(): Workload[] {
    return this.objects.filter((object): object is Workload => WORKLOADS.includes(object.kind));
  }

  public get claims(): Claim[] {
    return this.kind<Claim>('PersistentVolumeClaim');
  }

  public get ingresses(): Ingress[] {
    return this.kind<Ingress>('Ingress');
  }

  /** Every object of a kind. */
  public kind<T extends KubernetesObject>(kind: string): T[] {
    return this.objects.filter((object): object is T => object.kind === kind);
  }

  /** Namespaces that objects go to. */
  public get namespaces(): string[] {
    return unique(this.objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  }

  /** Configuration files of daemons, parsed. */
  public get configs(): unknown[] {
    const sidecars = this.sidecarFiles.map(({ object }) => object);
    const maps = this.kind<Files>('ConfigMap').filter((map) => !sidecars.includes(map));
    return maps.flatMap(({ data = {} }) =>
      Object.entries(data)
        .filter(([name]) => /\.ya?ml$/.test(name))
        .map(([, text]) => parse(text)),
    );
  }
}

/** Labels that objects of this product carry for themselves; a further one is for somebody else. */
const OWN_LABELS = /^(?:app|app\.kubernetes\.io\/.*)$/;

function sidecarFiles(object: KubernetesObject): SidecarFiles[] {
  if (!['ConfigMap', 'Secret'].includes(object.kind) || !isOwn(object)) return [];
  const label = Object.entries(object.metadata.labels ?? {}).find(([key]) => !OWN_LABELS.test(key));
  if (label === undefined) return [];
  const { data, stringData } = object as Files;
  const files = Object.fromEntries(
    Object.entries({ ...data, ...stringData }).map(([name, text]) => [
      name,
      name.endsWith('.json') ? JSON.parse(text) : parse(text),
    ]),
  );
  const role = Object.values(files).some((file) => hasKey(file, 'datasources'))
    ? 'datasources'
    : 'dashboards';
  return [{ object, role, label: { key: label[0], value: label[1] }, files }];
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}

/** Each value once, in order of appearance. */
export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Every value below a key of that name, however deep. */
export function valuesOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [
    ...(name === key ? [item] : []),
    ...valuesOf(item, key),
  ]);
}
