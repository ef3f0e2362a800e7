import { EmbeddedDocument, isList, isMap, type Json } from '../../kubernetes/json';
import { listRule } from './lists';

/**
 * A text that two values share exactly when they are equal to Kubernetes: keys of maps in any order, entries of lists
 * in any order where the order means nothing, embedded documents by their data.
 *
 * @param type Type of the object, such as `apps/Deployment` that the value is in.
 * @param keys Place of the value in the object.
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
  // JSON has no words for infinity and for what is not a number.
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
}
