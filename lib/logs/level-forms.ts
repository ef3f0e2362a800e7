import { IN_JSON, IN_LOGFMT } from './structured-levels';
import { FIRST_LINE, IN_HEAD, IN_PLACE, IN_TEXT } from './text-levels';

/** One way in which an entry states its level. */
export interface LevelForm {
  /** Formats that the form belongs to, among those that a pod can name. */
  readonly format: 'json' | 'logfmt' | 'text';
  /** Matches from the start of the entry, or from the start of the group `source` of an earlier form. */
  readonly expression: string;
  readonly source?: string;
}

/**
 * All forms, in order. The first form that finds a level wins. The level is in one of its groups: `word…` is one of
 * {@link LEVEL_WORDS} in any case, `number` is a number on the scale of the field `name`, `priority` is 8 times a
 * syslog facility plus a syslog level, and `raised` marks the start of an exception. An object in `json` must still
 * be parsed. If no form matches, the entry has no level.
 */
export const LEVEL_FORMS: readonly LevelForm[] = [
  { format: 'json', expression: IN_JSON },
  { format: 'logfmt', expression: IN_LOGFMT },
  { format: 'text', expression: IN_PLACE },
  { format: 'text', expression: FIRST_LINE },
  { format: 'text', expression: IN_HEAD, source: 'text' },
  { format: 'text', expression: IN_TEXT, source: 'rest' },
];
