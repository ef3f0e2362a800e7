/** Any value of a manifest. Whole numbers that a double cannot hold are `bigint`, so that no digit is lost. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonMap | EmbeddedDocument;

/** A map of a manifest. */
export interface JsonMap {
  readonly [key: string]: Json;
}

/** A text of a ConfigMap or Secret that is itself YAML or JSON, such as the configuration file of a daemon. */
export class EmbeddedDocument {
  constructor(
    /** What the text says. */
    public readonly data: JsonMap | readonly Json[],
    /** The text as it is written. */
    public readonly text: string,
  ) {}
}

/** Whether a value is a map; an embedded document is none. */
export function isMap(value: Json | undefined): value is JsonMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof EmbeddedDocument)
  );
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value at a path of keys, through embedded documents; undefined where the path ends early. */
export function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let found = value;
  for (const key of keys) {
    const inside = found instanceof EmbeddedDocument ? found.data : found;
    found = isMap(inside) && Object.hasOwn(inside, key) ? inside[key] : undefined;
  }
  return found;
}

/** The map at a path, empty where there is none. */
export function mapAt(value: Json | undefined, ...keys: readonly string[]): JsonMap {
  const found = at(value, ...keys);
  return isMap(found) ? found : {};
}

/** The list at a path, empty where there is none. */
export function listAt(value: Json | undefined, ...keys: readonly string[]): readonly Json[] {
  const found = at(value, ...keys);
  return isList(found) ? found : [];
}

/** The text at a path; numbers and booleans as they are written; undefined for anything else. */
export function textAt(value: Json | undefined, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return found === null || found === undefined || typeof found === 'object' ? undefined : String(found);
}
