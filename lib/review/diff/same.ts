import { EmbeddedDocument, isList, isMap, type Json } from '../../kubernetes/json';

/**
 * Whether two values are equal, including the order of entries. Faster than `canonical`, which ignores irrelevant
 * order. Most compared values have not changed at all.
 */
export function same(old: Json, next: Json): boolean {
  if (old === next) return true;
  if (isList(old))
    return (
      isList(next) &&
      old.length === next.length &&
      old.every((entry, index) => same(entry, next[index] ?? null))
    );
  if (old instanceof EmbeddedDocument) return next instanceof EmbeddedDocument && same(old.data, next.data);
  if (!isMap(old) || !isMap(next)) return false;
  const keys = Object.keys(old);
  return (
    keys.length === Object.keys(next).length &&
    keys.every((key) => Object.hasOwn(next, key) && same(old[key] ?? null, next[key] ?? null))
  );
}
