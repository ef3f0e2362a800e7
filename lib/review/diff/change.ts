import type { Json } from '../../kubernetes/json';
import type { Path } from './path';

/**
 * One difference between two manifests of an object.
 *
 * - `added`: there was no value; `new` is the value
 * - `removed`: `old` was the value; there is none now
 * - `changed`: `old` became `new`, of whatever type
 * - `reordered`: the entries of a list have a different order, which matters; `old` and `new` are their names
 * - `rewritten`: a string has equal data but is written differently (comments, layout); `old` and `new` are the
 * strings
 */
export type Change =
  | { readonly type: 'added'; readonly path: Path; readonly new: Json }
  | { readonly type: 'removed'; readonly path: Path; readonly old: Json }
  | { readonly type: 'changed'; readonly path: Path; readonly old: Json; readonly new: Json }
  | {
      readonly type: 'reordered';
      readonly path: Path;
      readonly old: readonly string[];
      readonly new: readonly string[];
    }
  | { readonly type: 'rewritten'; readonly path: Path; readonly old: string; readonly new: string };

/** The value before, if there was one. */
export function oldOf(change: Change): Json | undefined {
  return 'old' in change ? change.old : undefined;
}

/** The value after, if there is one. */
export function newOf(change: Change): Json | undefined {
  return 'new' in change ? change.new : undefined;
}
