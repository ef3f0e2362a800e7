import { EmbeddedDocument, isList, isMap, type Json, type JsonMap } from '../../kubernetes/json';
import type { Change } from './change';
import { DOCUMENT, type Entry } from './path';

/**
 * Applies changes to an old value. Every review verifies itself with this: the result must be the new manifest,
 * otherwise a change was missed.
 */
export function applyChanges(value: Json, changes: readonly Change[]): Json {
  return applyAt(value, changes, 0);
}

function applyAt(value: Json, changes: readonly Change[], depth: number): Json {
  const whole = changes.find(({ path }) => path.length === depth);
  if (whole && whole.type !== 'reordered') {
    if (whole.type !== 'rewritten') return 'new' in whole ? whole.new : null;
    return value instanceof EmbeddedDocument ? new EmbeddedDocument(value.data, whole.new) : value;
  }
  if (changes.length === 0) return value;
  if (value instanceof EmbeddedDocument) {
    const data = applyAt(
      value.data,
      changes.filter(({ path }) => path[depth] === DOCUMENT),
      depth + 1,
    );
    return isMap(data) || isList(data) ? new EmbeddedDocument(data, '') : data;
  }
  if (isMap(value)) return applyToMap(value, changes, depth);
  return isList(value) ? applyToList(value, changes, depth) : value;
}

function applyToMap(map: JsonMap, changes: readonly Change[], depth: number): JsonMap {
  const byKey = group(changes, ({ path }) => path[depth]);
  const fields = new Map<string, Json>(Object.entries(map));
  for (const [key, inside] of byKey) {
    if (typeof key !== 'string') continue;
    if (inside.some(({ type, path }) => type === 'removed' && path.length === depth + 1)) fields.delete(key);
    else fields.set(key, applyAt(fields.get(key) ?? null, inside, depth + 1));
  }
  return Object.fromEntries(fields);
}

function applyToList(list: readonly Json[], changes: readonly Change[], depth: number): Json[] {
  const inside = changes.filter(({ path }) => path.length > depth);
  const entryOf = ({ path }: Change) => path[depth] as Entry;
  const own = (change: Change, type: Change['type']) =>
    change.type === type && change.path.length === depth + 1;
  const removed = new Set(
    inside.filter((change) => own(change, 'removed')).map((change) => entryOf(change).old),
  );
  const added = new Map(
    inside.flatMap((change) =>
      own(change, 'added') && 'new' in change ? [[entryOf(change).new, change.new] as const] : [],
    ),
  );
  const byEntry = group(
    inside.filter((change) => entryOf(change).old !== undefined),
    (change) => entryOf(change).old,
  );
  const kept = list
    .map((entry, index) => ({
      index,
      entry: applyAt(entry, removed.has(index) ? [] : (byEntry.get(index) ?? []), depth + 1),
    }))
    .filter(({ index }) => !removed.has(index));
  const reordered = changes.find(({ type, path }) => type === 'reordered' && path.length === depth);
  if (reordered?.type === 'reordered') {
    const place = (index: number) => reordered.new.indexOf(reordered.old[index] ?? '');
    kept.sort((a, b) => place(a.index) - place(b.index));
  }
  const rest = kept.map(({ entry }) => entry);
  return Array.from({ length: rest.length + added.size }, (_, index) =>
    added.has(index) ? (added.get(index) ?? null) : (rest.shift() ?? null),
  );
}

function group<K>(changes: readonly Change[], key: (change: Change) => K): Map<K, Change[]> {
  const groups = new Map<K, Change[]>();
  for (const change of changes) {
    const one = groups.get(key(change));
    if (one) one.push(change);
    else groups.set(key(change), [change]);
  }
  return groups;
}
