import type { Json } from '../../kubernetes/json';
import type { Path } from './path';

/**
 * One difference between two manifests of an object.
 *
 * - `added`: there was nothing; `new` is what is there now
 * - `removed`: `old` was there; now nothing is
 * - `changed`: `old` became `new`, of whatever type
 * - `reordered`: the entries of a list are in another order, where order has a meaning; `old` and `new` are their names
 * - `rewritten`: a text says the same in other words (comments, layout); `old` and `new` are the texts
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

/** The value before, where there was one. */
export function oldOf(change: Change): Json | undefined {
  return 'old' in change ? change.old : undefined;
}

/** The value after, where there is one. */
export function newOf(change: Change): Json | undefined {
  return 'new' in change ? change.new : undefined;
}
