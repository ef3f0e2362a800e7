import { type Change, newOf, oldOf } from '../diff/change';
import { keysOf } from '../diff/path';
import { EmbeddedDocument, isList, isMap, type Json } from '../manifests/json';

/** A single value that a change touches: rules name fields, and a change may add or remove a whole section of them. */
export interface Leaf {
  /** Keys from the top of the object, with `*` for entries of lists. */
  readonly keys: readonly string[];
  readonly old?: Json;
  readonly new?: Json;
}

/** Every value that a change touches. */
export function leavesOf(change: Change): Leaf[] {
  const keys = keysOf(change.path);
  if (change.type === 'reordered' || change.type === 'rewritten')
    return [{ keys, old: change.old, new: change.new }];
  const [old, next] = [oldOf(change), newOf(change)];
  return [
    ...(old === undefined
      ? []
      : values(keys, old).map(({ keys: place, value }) => ({ keys: place, old: value }))),
    ...(next === undefined
      ? []
      : values(keys, next).map(({ keys: place, value }) => ({ keys: place, new: value }))),
  ].reduce<Leaf[]>(joinSides, []);
}

/** A changed scalar is one leaf with two sides, not two. */
function joinSides(leaves: Leaf[], leaf: Leaf): Leaf[] {
  const other = leaves.findIndex(
    (one) => one.new === undefined && leaf.new !== undefined && one.keys.join('\0') === leaf.keys.join('\0'),
  );
  const found = leaves[other];
  if (found === undefined) return [...leaves, leaf];
  return leaves.with(other, { ...found, new: leaf.new ?? null });
}

function values(keys: readonly string[], value: Json): { keys: readonly string[]; value: Json }[] {
  if (value instanceof EmbeddedDocument) return values(keys, value.data);
  const inside = isList(value)
    ? value.flatMap((entry) => values([...keys, '*'], entry))
    : isMap(value)
      ? Object.entries(value).flatMap(([key, one]) => values([...keys, key], one))
      : [];
  return inside.length > 0 ? inside : [{ keys, value }];
}
