import { identity, type KubernetesObject } from './objects';

/** Thrown by a check that needs what could not be read. */
export class Unread extends Error {
  constructor(
    public readonly kind: string,
    public readonly reason: string,
  ) {
    super(`${kind} was not read: ${reason}`);
    this.name = 'Unread';
  }
}

/** Limits of the kernel on one node, as a pod of that node reads them. */
export interface InotifyLimits {
  readonly node: string;
  readonly instances: number;
  readonly watches: number;
}

/** Objects of the existing cluster, as far as they were read. */
export class Cluster {
  private readonly byIdentity: ReadonlyMap<string, KubernetesObject>;

  /**
   * @param unread Kinds that could not be read, and why; a kind that is not here was read, and may be empty.
   */
  constructor(
    objects: readonly KubernetesObject[],
    private readonly unread: ReadonlyMap<string, string> = new Map(),
    public readonly inotify: readonly InotifyLimits[] = [],
  ) {
    this.byIdentity = new Map(objects.map((object) => [identity(object), object]));
  }

  /** Every object of a kind. */
  public all<T extends KubernetesObject>(kind: string): T[] {
    const reason = this.unread.get(kind);
    if (reason !== undefined) throw new Unread(kind, reason);
    return [...this.byIdentity.values()].filter((object): object is T => object.kind === kind);
  }

  /** The object of the same kind, namespace and name. */
  public find<T extends KubernetesObject>(wanted: T): T | undefined {
    const reason = this.unread.get(wanted.kind);
    if (reason !== undefined) throw new Unread(wanted.kind, reason);
    return this.byIdentity.get(identity(wanted)) as T | undefined;
  }
}
