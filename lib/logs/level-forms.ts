import { IN_JSON, IN_LOGFMT } from './structured-levels';
import { FIRST_LINE, IN_HEAD, IN_PLACE, IN_TEXT } from './text-levels';

/** One way in which an entry says its level. */
export interface LevelForm {
  /** Formats that it belongs to, of those that a pod can name. */
  readonly format: 'json' | 'logfmt' | 'text';
  /** Matches from the start of the entry, or of the group `source` of a form before. */
  readonly expression: string;
  readonly source?: string;
}

/**
 * All ways. The first one counts that finds a level, in one of its groups: `word…` is one of {@link LEVEL_WORDS} in any case,
 * `number` is one of the scale of the field `name`, `priority` is 8 times a facility plus a level of syslog, and `raised` is
 * there where an exception begins. An object in `json` has still to be read. An entry that none of them finds a level in has
 * none.
 */
export const LEVEL_FORMS: readonly LevelForm[] = [
  { format: 'json', expression: IN_JSON },
  { format: 'logfmt', expression: IN_LOGFMT },
  { format: 'text', expression: IN_PLACE },
  { format: 'text', expression: FIRST_LINE },
  { format: 'text', expression: IN_HEAD, source: 'text' },
  { format: 'text', expression: IN_TEXT, source: 'rest' },
];
