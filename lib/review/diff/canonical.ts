import { EmbeddedDocument, isList, isMap, type Json } from '../../kubernetes/json';
import { listRule } from './lists';

/**
 * A string that two values share only if they are equal for Kubernetes: maps in any key order, lists in any order
 * where order does not matter, embedded documents by their data.
 *
 * @param type Type of the object that contains the value, such as `apps/Deployment`.
 * @param keys Path of the value in the object.
 */
export function canonical(type: string, value: Json, keys: readonly string[] = []): string {
  if (value instanceof EmbeddedDocument) return `(${canonical(type, value.data, keys)})`;
  if (isList(value)) {
    const entries = value.map((entry) => canonical(type, entry, [...keys, '*']));
    if (listRule(type, keys).anyOrder) entries.sort();
    return `[${entries.join()}]`;
  }
  if (isMap(value)) {
    const fields = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(type, value[key] ?? null, [...keys, key])}`);
    return `{${fields.join()}}`;
  }
  return typeof value === 'bigint' ? `${value}n` : scalar(value);
}

function scalar(value: null | boolean | number | string): string {
  // JSON cannot represent infinity and NaN.
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
}
