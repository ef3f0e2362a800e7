import { identity, type KubernetesObject } from '../kubernetes/object';
import type { DestinationAnswer } from './destination-answer';
import type { GrafanaDatasource } from './grafana-answer';
import { type Kind, type ObjectOf, WORKLOAD_KINDS, type Workload } from './kinds';
import { shellWord } from './shell';

/** Thrown by a check that depends on a kind of which no object was observed. */
export class Unseen extends Error {
  constructor(
    public readonly kind: string,
    /** Why it was not read; undefined if it was read and contains nothing. */
    public readonly reason?: string,
  ) {
    super(reason === undefined ? `no ${kind} was found` : `${kind} was not read: ${reason}`);
    this.name = 'Unseen';
  }
}

/** Kernel limits of one node, read in a pod on that node. */
export interface InotifyLimits {
  readonly node: string;
  readonly instances: number;
  readonly watches: number;
}

/** How the objects of a cluster were read. */
export interface Reading {
  /** Kinds that could not be read, with the reason. Every other kind was read and may have no objects. */
  readonly unread?: ReadonlyMap<string, string>;
  readonly inotify?: readonly InotifyLimits[];
  /** Datasources in Grafana; undefined if Grafana was not queried or did not respond. */
  readonly grafana?: readonly GrafanaDatasource[] | undefined;
  /** Answers of destinations by the id of the request; undefined if none was contacted. */
  readonly destinations?: ReadonlyMap<string, DestinationAnswer> | undefined;
  /** kubectl context; undefined for an export. */
  readonly context?: string;
}

/** Objects of the existing cluster that were read. */
export class Cluster {
  public readonly inotify: readonly InotifyLimits[];
  public readonly grafana: readonly GrafanaDatasource[] | undefined;
  public readonly destinations: ReadonlyMap<string, DestinationAnswer> | undefined;
  private readonly byIdentity: ReadonlyMap<string, KubernetesObject>;
  private readonly unread: ReadonlyMap<string, string>;
  private readonly context: string | undefined;

  constructor(objects: readonly KubernetesObject[], reading: Reading = {}) {
    const { unread, inotify, grafana, destinations, context } = reading;
    this.byIdentity = new Map(objects.map((object) => [identity(object), object]));
    this.unread = unread ?? new Map();
    this.inotify = inotify ?? [];
    this.grafana = grafana;
    this.destinations = destinations;
    this.context = context;
  }

  /**
   * Every object of a kind.
   *
   * @throws Unseen if the kind was not read.
   */
  public all<K extends Kind>(kind: K): ObjectOf<K>[] {
    this.assertRead(kind);
    return this.seen(kind);
  }

  /**
   * Every object of a kind that exists in every cluster.
   *
   * @throws Unseen if the kind was not read or has no object.
   */
  public some<K extends Kind>(kind: K): ObjectOf<K>[] {
    const found = this.all(kind);
    if (found.length === 0) throw new Unseen(kind);
    return found;
  }

  /** The object with the same kind, namespace and name. */
  public find<T extends KubernetesObject>(object: T): T | undefined {
    this.assertRead(object.kind);
    return this.byIdentity.get(identity(object)) as T | undefined;
  }

  /** The existing namespaces with that name. */
  public namespaces(names: readonly string[]): ObjectOf<'Namespace'>[] {
    return this.all('Namespace').filter(({ metadata }) => names.includes(metadata.name));
  }

  /** Every observed object of a kind, which may not be all of them. */
  public seen<K extends Kind>(kind: K): ObjectOf<K>[] {
    return [...this.byIdentity.values()].filter((object): object is ObjectOf<K> => object.kind === kind);
  }

  /** Every observed object that keeps pods running. */
  public get workloads(): Workload[] {
    return WORKLOAD_KINDS.flatMap((kind): Workload[] => this.seen(kind));
  }

  /**
   * The workloads that meet a condition.
   *
   * @throws Unseen if there are none and one of their kinds was not read.
   */
  public findWorkloads(condition: (workload: Workload) => boolean): Workload[] {
    const found = this.workloads.filter(condition);
    if (found.length === 0) for (const kind of WORKLOAD_KINDS) this.assertRead(kind);
    return found;
  }

  /** Labels of a namespace; none if it was not observed. */
  public namespaceLabels(name: string): Readonly<Record<string, string>> {
    return this.seen('Namespace').find(({ metadata }) => metadata.name === name)?.metadata.labels ?? {};
  }

  /** A command that reaches this cluster. */
  public kubectl(args: string): string {
    return `kubectl${this.context === undefined ? '' : ` --context ${shellWord(this.context)}`} ${args}`;
  }

  private assertRead(kind: string): void {
    const reason = this.unread.get(kind);
    if (reason !== undefined) throw new Unseen(kind, reason);
  }
}
