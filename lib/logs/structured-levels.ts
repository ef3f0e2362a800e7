import { anyOf, LABEL_WORDS, LEVEL_WORDS, type ScaleName, STRONG_WORDS, wordsOf } from './levels';

/** Names of the field with the level as a word, most specific first. An entry can contain several of them. */
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
  'error_severity',
  'level',
  'severity',
  'severityLevel',
  'lvl',
  'log_level',
  'loglevel',
  'logLevel',
  'LogLevel',
  'log.level',
  'Level',
  'LEVEL',
  'L',
  'Severity',
  'SEVERITY',
  'sev',
  'priority',
  '@l',
  '@level',
];

/** The same names inside nested objects. */
export const NESTED_LEVEL_NAMES = [
  ['log', 'level'],
  ['level', 'name'],
  ['record', 'level', 'name'],
];

/** Fields that contain the level only if another field is present: MongoDB, Datadog, and numbers in GELF. */
export const CONDITIONAL_LEVEL_NAMES = [
  { name: 's', where: 'c' },
  { name: 'status', where: 'dd' },
  { name: 'status', where: 'ddsource' },
];

/** Names of the field with the level as a number, by scale. */
export const NUMBER_NAMES: Readonly<Record<ScaleName, readonly string[]>> = {
  syslog: ['severity', 'syslog_severity', 'PRIORITY', 'priority'],
  otlp: ['severityNumber', 'severity_number', 'SeverityNumber', 'severity'],
  python: ['levelno'],
  plain: ['level', 'lvl', 'Level', 'log_level', 'level_value'],
};

/** A GELF field that marks `level` as a syslog number. */
export const GELF_FIELD = 'short_message';

/** The single record in an OTLP JSON message. */
export const OTLP_RECORD = 'resourceLogs[0].scopeLogs[0].logRecords[0]';

const COLOR = String.raw`(?:\x1b|\\u001b)\[[\d;]*m`;

/**
 * The word in a level value: `error`, `[ERROR]`, `ERROR+2` (slog), `ERROR3` (OpenTelemetry),
 * `LogLevel.ERROR`, `SEVERITY_NUMBER_ERROR`, or a colored word.
 */
const value = (words: readonly string[]) =>
  [
    String.raw`(?:${COLOR}|[\[<( ])*(?:\w+[._])?`,
    `(?P<word>(?i:${anyOf(words)}))`,
    String.raw`(?:[+-]?\d{1,2})?(?:${COLOR}|[\])>: ])*`,
  ].join('');

export const LEVEL_VALUE = value(wordsOf(LEVEL_WORDS).filter((word) => /\w/.test(word)));

/** Numbers that are levels on only one scale, whatever the field name. Smaller numbers depend on other fields. */
const NUMBER = String.raw`(?P<number>[1-9]\d{1,4})`;

/** The names from the lists above, as one expression. */
const NAME =
  '(?i:(?:log[._]?)?level(?:_?name|_value)?|(?:error_)?severity(?:_?text|_?number|level)?|lvl|levelno|sev)|L';

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const JSON_FIELD = String.raw`${STRING}\s*:\s*(?:${STRING}|[^"{}\[\],]+)\s*,\s*`;

/** Finds a common level word before the first nested object. This is much faster than parsing the object. */
const JSON_LEVEL = String.raw`\s*\{\s*(?:${JSON_FIELD})*?"@?(?P<name>${NAME}|l)"\s*:\s*(?:"${value(wordsOf(STRONG_WORDS, LABEL_WORDS))}"|${NUMBER}\s*[,}])`;

/** A JSON object on the first line, for example before a stack trace, or one that spans all lines. */
const JSON_OBJECT = String.raw`\s*(?P<json>\{[^\n]*\}|\{(?s:.*)\})\s*(?:\n|$)`;

const KEY = String.raw`[A-Za-z_@][\w./@:-]*`;
const VALUE = String.raw`=(?:"(?:[^"\\\n]|\\[^\n])*"|[^\s"]*)`;

/** Prefixes that a tool writes before a line: timestamps and a container name. */
const BEFORE_LINE = String.raw`(?:[\[(]?\d[^\s="]*\s+){0,2}(?:[^\s="\d][^\s="]*\s+\|\s*)?`;

const LOGFMT_LEVEL = String.raw`[ \t]*${BEFORE_LINE}(?:${KEY}${VALUE}[ \t,]+)*?(?P<name>${NAME})[=:] ?["']?(?:${value(wordsOf(STRONG_WORDS, LABEL_WORDS))}|${NUMBER})(?:["'\s,;]|$)`;

/** Starts like logfmt: with a pair followed by another, or with a single pair and nothing else. */
const LOGFMT = String.raw`[ \t]*(?P<logfmt>${KEY})${VALUE}(?:[ \t,]+${KEY}=|\s*$)`;

/** The level of a JSON entry. The group `json` contains the object if its fields must be parsed. */
export const IN_JSON = `${JSON_LEVEL}|${JSON_OBJECT}`;

/** The level of a logfmt entry. The group `logfmt` matches if the entry states no level. */
export const IN_LOGFMT = `${LOGFMT_LEVEL}|${LOGFMT}`;
