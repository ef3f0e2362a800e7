import { SCALE_NAMES, type ScaleName } from '../logs/levels';
import { NUMBER_NAMES } from '../logs/structured-levels';

/** The named groups of an expression, and those that contain a level word. */
export function groupsOf(expression: string): { readonly groups: string[]; readonly words: string[] } {
  const groups = [...expression.matchAll(/\(\?P<(\w+)>/g)].map(([, name = '']) => name);
  return { groups, words: groups.filter((name) => /^word\d*$/.test(name)) };
}

/** Names of the fields with a number on each scale, in lower case, and the name of the scale itself. */
export const NUMBER_SCALES = Object.fromEntries(
  SCALE_NAMES.map((scale) => [
    scale,
    [scale, ...new Set(NUMBER_NAMES[scale].map((one) => one.toLowerCase()))],
  ]),
) as Record<ScaleName, string[]>;
