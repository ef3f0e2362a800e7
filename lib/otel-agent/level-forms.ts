import { JSON_OBJECT, LOGFMT_LEVEL, NUMBER_NAMES } from '../logs/level-fields';
import { SCALE_NAMES, type ScaleName } from '../logs/levels';
import { TEXT_LEVEL, WORD_IS_LEVEL } from '../logs/text-levels';

/** Ways in which an entry says its level. */
export const LEVEL_FORMS: ReadonlyArray<{
  readonly format: 'json' | 'logfmt' | 'text';
  readonly expression: string;
  readonly source?: string;
}> = [
  { format: 'json', expression: JSON_OBJECT },
  { format: 'logfmt', expression: LOGFMT_LEVEL },
  { format: 'text', expression: TEXT_LEVEL },
  { format: 'text', expression: WORD_IS_LEVEL, source: 'text_word' },
];

/** The named groups of an expression, and those of them that hold a word for a level. */
export function formOf(expression: string): { readonly groups: string[]; readonly words: string[] } {
  const groups = [...expression.matchAll(/\(\?P<(\w+)>/g)].map(([, name = '']) => name);
  return { groups, words: groups.filter((name) => /^(?:word\d*|loki)$/.test(name)) };
}

/** Names of fields with a number of each scale, in lower case, and that of the scale itself. */
export const NUMBER_SCALES = Object.fromEntries(
  SCALE_NAMES.map((scale) => [
    scale,
    [scale, ...new Set(NUMBER_NAMES[scale].map((one) => one.toLowerCase()))],
  ]),
) as Record<ScaleName, string[]>;
