import { EmbeddedDocument, isList, isMap, type Json } from '../kubernetes/json';
import { type Change, newOf, oldOf } from './diff/change';
import { DOCUMENT, keysOf } from './diff/path';

/** A single value that a change affects. Rules refer to fields, and a change may add or remove a whole map. */
export interface Leaf {
  /** Keys from the root of the object, with `*` for list entries. */
  readonly keys: readonly string[];
  /** Whether it is in an embedded document. */
  readonly inDocument: boolean;
  readonly old?: Json;
  readonly new?: Json;
}

/** Every value that a change touches. */
export function leavesOf(change: Change): Leaf[] {
  const place: Place = { keys: keysOf(change.path), inDocument: change.path.includes(DOCUMENT) };
  if (change.type === 'reordered' || change.type === 'rewritten')
    return [{ ...place, old: change.old, new: change.new }];
  const [old, next] = [oldOf(change), newOf(change)];
  const before =
    old === undefined ? [] : values(place, old).map(({ value, ...rest }) => ({ ...rest, old: value }));
  const after =
    next === undefined ? [] : values(place, next).map(({ value, ...rest }) => ({ ...rest, new: value }));
  const [was, is] = [before[0], after[0]];
  // A changed scalar is one leaf with two sides.
  const isScalar = before.length === 1 && after.length === 1 && was?.keys.length === is?.keys.length;
  return was && is && isScalar ? [{ ...was, new: is.new }] : [...before, ...after];
}

type Place = Pick<Leaf, 'keys' | 'inDocument'>;

function values(place: Place, value: Json): (Place & { value: Json })[] {
  if (value instanceof EmbeddedDocument) return values({ ...place, inDocument: true }, value.data);
  const into = (key: string, one: Json) => values({ ...place, keys: [...place.keys, key] }, one);
  const inside = isList(value)
    ? value.flatMap((entry) => into('*', entry))
    : isMap(value)
      ? Object.entries(value).flatMap(([key, one]) => into(key, one))
      : [];
  return inside.length > 0 ? inside : [{ ...place, value }];
}
