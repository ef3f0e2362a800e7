import { anyOf, LEVEL_WORDS, type ScaleName } from './levels';

/** Names of the field that holds the level as a word, the most exact first: several of them can be there. */
export const LEVEL_NAMES = [
  'level_name',
  'levelname',
  'levelName',
  '_level_name',
  'priority_name',
  'priorityName',
  'severity_text',
  'severityText',
  'SeverityText',
  'level',
  'severity',
  'lvl',
  'log_level',
  'loglevel',
  'logLevel',
  'LogLevel',
  'log.level',
  'Level',
  'LEVEL',
  'Severity',
  'SEVERITY',
  '@l',
  '@level',
];

/** The same inside objects. */
export const NESTED_LEVEL_NAMES = [
  ['log', 'level'],
  ['level', 'name'],
  ['record', 'level', 'name'],
];

/** Fields that hold the level only where another field is there too: MongoDB's. */
export const CONDITIONAL_LEVEL_NAMES = [{ name: 's', where: 'c' }];

/** Names of the field that holds the level as a number, by scale. */
export const NUMBER_NAMES: Readonly<Record<ScaleName, readonly string[]>> = {
  syslog: ['severity', 'syslog_severity', 'PRIORITY', 'priority'],
  otlp: ['severityNumber', 'severity_number', 'SeverityNumber', 'severity'],
  python: ['levelno'],
  plain: ['level', 'lvl', 'Level', 'log_level'],
};

/** A field of GELF, in which `level` is a number of syslog. */
export const GELF_FIELD = 'short_message';

const COLOR = String.raw`(?:\x1b|\\u001b)\[[\d;]*m`;

/**
 * The word in the value of a level: `error`, `[ERROR]`, `ERROR+2` of slog, `ERROR3` of OpenTelemetry,
 * `LogLevel.ERROR`, `SEVERITY_NUMBER_ERROR`, or a colored one.
 */
export const LEVEL_VALUE = [
  String.raw`(?:${COLOR}|[\[<( ])*(?:\w+[._])?`,
  `(?P<word>(?i:${anyOf(
    Object.values(LEVEL_WORDS)
      .flat()
      .filter((word) => /\w/.test(word)),
  )}))`,
  String.raw`(?:[+-]?\d{1,2})?(?:${COLOR}|[\])>: ])*`,
].join('');

const LOGFMT_KEY = String.raw`[A-Za-z_@][\w./@:-]*`;
const LOGFMT_VALUE = String.raw`=(?:"(?:[^"\\\n]|\\[^\n])*"|[^\s"]*)`;

const names = (list: readonly string[]) => `(?i:${anyOf(list.map((name) => name.toLowerCase()))})`;

/**
 * Finds the first field of a logfmt line that says a level, as a word or as a number. Without one it matches a line
 * that begins as logfmt: with a pair before another, or with one pair that is all.
 */
export const LOGFMT_LEVEL = [
  String.raw`(?:${LOGFMT_KEY}(?:${LOGFMT_VALUE})?[ \t]+)*?`,
  `(?P<name>${names([...LEVEL_NAMES, ...Object.values(NUMBER_NAMES).flat()])})=["']?`,
  String.raw`(?:${LEVEL_VALUE}|(?P<number>\d{1,5}))(?:["'\s,;]|$)`,
  String.raw`|(?P<logfmt>${LOGFMT_KEY})${LOGFMT_VALUE}(?:[ \t]+${LOGFMT_KEY}=|\s*$)`,
].join('');

/** The first line of an entry where that is a JSON object, such as one before a stack trace, or the whole entry. */
export const JSON_OBJECT = String.raw`\s*(?P<json>\{[^\n]*\}|\{(?s:.*)\})\s*(?:\n|$)`;
