/** A step into a list: the entry's place before and after, and its name where entries of the list have one. */
export interface Entry {
  /** Such as `name=loki`. */
  readonly id?: string;
  /** Index in the old list; undefined for an entry that was added. */
  readonly old?: number;
  /** Index in the new list; undefined for an entry that was removed. */
  readonly new?: number;
}

/** A step into an embedded document. */
export const DOCUMENT: unique symbol = Symbol('embedded document');

/** A step from a value to one in it: a key of a map, an entry of a list, or into the data of an embedded document. */
export type Segment = string | Entry | typeof DOCUMENT;

/** Steps from the top of an object to a value in it. */
export type Path = readonly Segment[];

/** A path as people write it: `spec.template.spec.containers[name=loki].image`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (segment === DOCUMENT) text += ' › ';
    else if (typeof segment !== 'string') text += `[${segment.id ?? segment.new ?? segment.old}]`;
    else if (/^[\w$-]+$/.test(segment)) text += text === '' || text.endsWith(' ') ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

/** Keys of a path, with `*` for an entry of a list; steps into documents are left out. */
export function keysOf(path: Path): string[] {
  return path.flatMap((segment) =>
    segment === DOCUMENT ? [] : [typeof segment === 'string' ? segment : '*'],
  );
}

/**
 * Whether keys are those of a pattern: `*` stands for any one key or entry, `**` at the end for any number of them.
 * A key with dots is written in brackets: `metadata.annotations[example.com/key]`.
 */
export function matches(pattern: string, keys: readonly string[]): boolean {
  const parts = patternParts(pattern);
  const open = parts.at(-1) === '**';
  const fixed = open ? parts.slice(0, -1) : parts;
  if (open ? keys.length < fixed.length : keys.length !== fixed.length) return false;
  return fixed.every((part, index) => part === '*' || part === keys[index]);
}

const split = new Map<string, readonly string[]>();

function patternParts(pattern: string): readonly string[] {
  let parts = split.get(pattern);
  if (parts === undefined) {
    parts = [...pattern.matchAll(/\[([^\]]+)\]|[^.[]+/g)].map(([part, quoted]) => quoted ?? part);
    split.set(pattern, parts);
  }
  return parts;
}
