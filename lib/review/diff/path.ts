/** A step into a list: the position of the entry before and after, and its name if the list has names. */
export interface Entry {
  /** For example `name=loki`. */
  readonly id?: string;
  /** Index in the old list; undefined for an entry that was added. */
  readonly old?: number;
  /** Index in the new list; undefined for an entry that was removed. */
  readonly new?: number;
}

/** A step into an embedded document. */
export const DOCUMENT: unique symbol = Symbol('embedded document');

/** A step from a value into it: a key of a map, an entry of a list, or the data of an embedded document. */
export type Segment = string | Entry | typeof DOCUMENT;

/** Steps from the root of an object to a value. */
export type Path = readonly Segment[];

/** A path in readable form: `spec.template.spec.containers[name=loki].image`. */
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

/** Keys of a path, with `*` for list entries and without steps into documents. */
export function keysOf(path: Path): string[] {
  return path.flatMap((segment) =>
    segment === DOCUMENT ? [] : [typeof segment === 'string' ? segment : '*'],
  );
}

/**
 * Whether keys match a pattern: `*` matches any key or entry, `**` at the end any number of them. A key with dots is
 * in brackets: `metadata.annotations[example.com/key]`.
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
