/** Any value of a manifest. Integers that a double cannot represent are `bigint`, so no digit is lost. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonMap | EmbeddedDocument;

/** A map of a manifest. */
export interface JsonMap {
  readonly [key: string]: Json;
}

/** A string of a ConfigMap or Secret that is YAML or JSON, such as a daemon's configuration file. */
export class EmbeddedDocument {
  constructor(
    /** The parsed value. */
    public readonly data: JsonMap | readonly Json[],
    /** The string as written. */
    public readonly text: string,
  ) {}
}

/** Whether a value is a map. An embedded document is not. */
export function isMap(value: unknown): value is JsonMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof EmbeddedDocument)
  );
}

/** Whether a value is a list. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * The value at a path of keys, through embedded documents; undefined if the path does not exist.
 *
 * @param value Data of a manifest. Its shape is unknown, because people write manifests by hand.
 */
export function at(value: unknown, ...keys: readonly string[]): Json | undefined {
  let found = value as Json | undefined;
  for (const key of keys) {
    const inside = found instanceof EmbeddedDocument ? found.data : found;
    found = isMap(inside) && Object.hasOwn(inside, key) ? inside[key] : undefined;
  }
  return found;
}

/** The map at a path; empty if there is none. */
export function mapAt(value: unknown, ...keys: readonly string[]): JsonMap {
  const found = at(value, ...keys);
  return isMap(found) ? found : {};
}

/** The list at a path; empty if there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly Json[] {
  const found = at(value, ...keys);
  return isList(found) ? found : [];
}

/** The string at a path, with numbers and booleans converted to strings; undefined for anything else. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return found === null || found === undefined || typeof found === 'object' ? undefined : String(found);
}
