import { isMap, isScalar, type Node } from 'yaml';
import { merged } from './merge';
import type { Problem } from './problem';
import type { ValuesFile } from './values-file';

/** The values of one cluster: its own file merged over the files that it extends, with the position of each setting. */
export class ValuesSource {
  /** Merged content of the files, as plain data. */
  public readonly data: unknown;
  private readonly own: ValuesFile;

  /**
   * @param files The cluster's own file first; each of the others is extended by the one before.
   * @param leftOut Paths of inherited values to leave out.
   */
  constructor(
    private readonly files: readonly [ValuesFile, ...ValuesFile[]],
    leftOut: ReadonlyArray<readonly PropertyKey[]> = [],
  ) {
    this.own = files[0];
    this.data = merged(files.map((file) => file.settings));
    for (const path of leftOut) {
      const parent = this.valueAt(path.slice(0, -1)) as Record<PropertyKey, unknown>;
      delete parent[path.at(-1) ?? ''];
    }
  }

  /** Whether the cluster's own file contains only comments. */
  public get isEmpty(): boolean {
    return this.own.isEmpty;
  }

  /** The value at a path, or undefined if no file mentions it. */
  public valueAt(path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
      (data, key) =>
        typeof data === 'object' && data !== null && Object.hasOwn(data, key)
          ? (data as Record<PropertyKey, unknown>)[key]
          : undefined,
      this.data,
    );
  }

  /** A copy of the data with another value at a path. */
  public with(path: readonly PropertyKey[], value: unknown): unknown {
    const data = structuredClone(this.data);
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown>)[key], data);
    (parent as Record<PropertyKey, unknown>)[path.at(-1) ?? ''] = value;
    return data;
  }

  /** The value at a path, formatted for a message: a string in quotes, a number as written. */
  public textAt(path: readonly PropertyKey[]): string {
    const node = this.written(path)?.node;
    if (!isScalar(node)) return isMap(node) ? 'a map' : 'a list';
    return typeof node.value === 'string' ? JSON.stringify(node.value) : (node.source ?? 'null') || 'null';
  }

  /** Where the value at a path was written, as `file:line:column`; undefined if no file mentions it. */
  public placeOf(path: readonly PropertyKey[]): string | undefined {
    const written = this.written(path);
    if (written === undefined) return undefined;
    const { file, line, column } = written.file.problem(written.node.range?.[0], '');
    return `${file}:${line}:${column}`;
  }

  /** Number of files between a value and the cluster's own file, which is 0; undefined if no file mentions it. */
  public depthOf(path: readonly PropertyKey[]): number | undefined {
    const file = this.written(path)?.file;
    return file && this.files.indexOf(file);
  }

  /** A problem at the value of a setting, or at the nearest parent map that a file mentions. */
  public problem(path: readonly PropertyKey[], message: string): Problem {
    for (let length = path.length; length > 0; length--) {
      const written = this.written(path.slice(0, length));
      if (written?.node.range) return this.problemIn(written.file, written.node.range[0], message);
      const key = this.own.keyNode(path.slice(0, length));
      if (key?.range) return this.problemIn(this.own, key.range[0], message);
    }
    return this.problemIn(this.own, undefined, message);
  }

  /** A problem with a missing setting: in the cluster's own file, at the nearest parent map in that file. */
  public problemOfMissing(path: readonly PropertyKey[], message: string): Problem {
    return new ValuesSource([this.own]).problem(path, message);
  }

  /**
   * A contradiction between settings, such as one found in their rendered manifests.
   *
   * @param reads Settings that cause it, as dotted paths. The message names the first one; the position is that of
   *   {@link firstWritten}.
   * @param message The end of the sentence "<first setting> must be …".
   */
  public contradiction(reads: readonly [string, ...string[]], message: string): Problem {
    const paths = reads.map((read) => read.split('.'));
    return this.problem(this.firstWritten(paths) ?? paths[0] ?? [], `${reads[0]} ${message}`);
  }

  /**
   * The first of some paths in the file closest to the cluster, because a base that other clusters extend too is less
   * likely to be wrong; undefined if no file mentions any.
   */
  public firstWritten(paths: ReadonlyArray<readonly PropertyKey[]>): readonly PropertyKey[] | undefined {
    const depth = (path: readonly PropertyKey[]) => this.depthOf(path) ?? Number.POSITIVE_INFINITY;
    const [closest] = paths
      .filter((path) => this.valueAt(path) !== undefined)
      .sort((a, b) => depth(a) - depth(b));
    return closest;
  }

  /** A problem with the whole file. */
  public problemOfFile(message: string): Problem {
    return this.own.problem(0, message);
  }

  /** A problem at the key of a setting, for keys that should not be there. */
  public problemAtKey(path: readonly PropertyKey[], message: string): Problem {
    const file = this.written(path)?.file ?? this.own;
    return this.problemIn(file, file.keyNode(path)?.range?.[0] ?? 0, message);
  }

  /** The node of a value, and the file that defines it. */
  private written(path: readonly PropertyKey[]): { file: ValuesFile; node: Node } | undefined {
    for (const file of this.files) {
      const node = file.nodeAt(path);
      if (node) return { file, node };
      const parents = path.map((_, length) => file.nodeAt(path.slice(0, length)));
      // Lists and scalars replace the value from a base file.
      if (parents.some((parent) => parent && !isMap(parent) && parent !== file.nodeAt([]))) return undefined;
    }
    return undefined;
  }

  private problemIn(file: ValuesFile, offset: number | undefined, message: string): Problem {
    const problem = file.problem(offset, message);
    return file === this.own ? problem : { ...problem, extendedBy: this.own.name };
  }
}

/** A path in dotted notation: `ingress.allowedCidrs[0]`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${key === '' ? '""' : String(key)}`,
    )
    .join('');
}
