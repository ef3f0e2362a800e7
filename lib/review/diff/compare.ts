import { EmbeddedDocument, isList, isMap, type Json, type JsonMap } from '../../kubernetes/json';
import { align, type IndexPair } from './align';
import { canonical } from './canonical';
import type { Change } from './change';
import { entryNames, listRule } from './lists';
import { DOCUMENT, keysOf, type Path } from './path';
import { same } from './same';

/**
 * The complete differences between an old and a new manifest: `applyChanges` with the old one and the changes returns
 * the new one.
 *
 * @param type Type of the object, such as `apps/Deployment`, which determines how list entries are matched.
 */
export function compare(type: string, old: Json, next: Json): Change[] {
  return compareValues(type, old, next, []);
}

function compareValues(type: string, old: Json, next: Json, path: Path): Change[] {
  if (Object.is(old, next)) return [];
  if (isMap(old) && isMap(next)) return compareMaps(type, old, next, path);
  if (isList(old) && isList(next)) return compareLists(type, old, next, path);
  if (
    old instanceof EmbeddedDocument &&
    next instanceof EmbeddedDocument &&
    isMap(old.data) === isMap(next.data)
  ) {
    if (old.text === next.text) return [];
    const changes = compareValues(type, old.data, next.data, [...path, DOCUMENT]);
    return changes.length > 0 ? changes : [{ type: 'rewritten', path, old: old.text, new: next.text }];
  }
  return old === next ? [] : [{ type: 'changed', path, old, new: next }];
}

function compareMaps(type: string, old: JsonMap, next: JsonMap, path: Path): Change[] {
  const kept = Object.entries(old).flatMap(([key, value]): Change[] =>
    Object.hasOwn(next, key)
      ? compareValues(type, value, next[key] ?? null, [...path, key])
      : [{ type: 'removed', path: [...path, key], old: value }],
  );
  const added = Object.entries(next)
    .filter(([key]) => !Object.hasOwn(old, key))
    .map(([key, value]): Change => ({ type: 'added', path: [...path, key], new: value }));
  return [...kept, ...added];
}

function compareLists(type: string, old: readonly Json[], next: readonly Json[], path: Path): Change[] {
  if (same(old, next)) return [];
  const keys = keysOf(path);
  const rule = listRule(type, keys);
  const [oldNames, newNames] = entryNames(rule, old, next) ?? [];
  if (oldNames && newNames) {
    const pairs = oldNames.flatMap((name, index): IndexPair[] => {
      const place = newNames.indexOf(name);
      return place < 0 ? [] : [[index, place]];
    });
    const order = pairs.map(([, place]) => place);
    const reordered = !rule.anyOrder && order.some((place, index) => place < (order[index - 1] ?? 0));
    const changes = entryChanges(
      type,
      { old, new: next, names: { old: oldNames, new: newNames } },
      pairs,
      path,
    );
    return reordered ? [...changes, { type: 'reordered', path, old: oldNames, new: newNames }] : changes;
  }
  const exact = (list: readonly Json[]) => list.map((entry) => canonical(type, entry, [...keys, '*']));
  const texts = { old: exact(old), new: exact(next) };
  const pairs = rule.anyOrder
    ? pairAnyOrder(texts.old, texts.new)
    : align(texts, { old: old.map(shape), new: next.map(shape) });
  const equal = new Set(pairs.filter(([a, b]) => texts.old[a] === texts.new[b]).map(([a]) => a));
  return entryChanges(type, { old, new: next, equal }, pairs, path);
}

interface Lists {
  readonly old: readonly Json[];
  readonly new: readonly Json[];
  readonly names?: { readonly old: readonly string[]; readonly new: readonly string[] };
  /** Old indexes of entries that are paired with equal ones. */
  readonly equal?: ReadonlySet<number>;
}

function entryChanges(type: string, lists: Lists, pairs: readonly IndexPair[], path: Path): Change[] {
  const partner = new Map(pairs);
  const taken = new Set(pairs.map(([, index]) => index));
  const named = (side: 'old' | 'new', index: number) => {
    const id = lists.names?.[side][index];
    return id === undefined ? {} : { id };
  };
  const kept = lists.old.flatMap((entry, index): Change[] => {
    const place = partner.get(index);
    if (place === undefined)
      return [{ type: 'removed', path: [...path, { ...named('old', index), old: index }], old: entry }];
    if (lists.equal?.has(index)) return [];
    const step = { ...named('old', index), old: index, new: place };
    return compareValues(type, entry, lists.new[place] ?? null, [...path, step]);
  });
  const added = lists.new.flatMap((entry, index): Change[] =>
    taken.has(index)
      ? []
      : [{ type: 'added', path: [...path, { ...named('new', index), new: index }], new: entry }],
  );
  return [...kept, ...added];
}

/** Pairs equal entries at any position, and a single remaining entry on both sides. */
function pairAnyOrder(old: readonly string[], next: readonly string[]): IndexPair[] {
  const places = new Map<string, number[]>();
  for (const [index, text] of next.entries()) places.set(text, [...(places.get(text) ?? []), index]);
  const pairs = old.flatMap((text, index): IndexPair[] => {
    const place = places.get(text)?.shift();
    return place === undefined ? [] : [[index, place]];
  });
  const matched = new Set(pairs.map(([index]) => index));
  const restOld = old.flatMap((_, index) => (matched.has(index) ? [] : [index]));
  const restNew = [...places.values()].flat();
  const [a, b] = [restOld[0], restNew[0]];
  if (restOld.length === 1 && restNew.length === 1 && a !== undefined && b !== undefined) pairs.push([a, b]);
  return pairs;
}

/** The key of similar entries: the keys of a map, the type of anything else. */
function shape(value: Json): string {
  return isMap(value) ? Object.keys(value).sort().join() : isList(value) ? '[]' : typeof value;
}
