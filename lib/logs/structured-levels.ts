import { anyOf, LABEL_WORDS, LEVEL_WORDS, type ScaleName, STRONG_WORDS, wordsOf } from './levels';

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

/** The same inside objects. */
export const NESTED_LEVEL_NAMES = [
  ['log', 'level'],
  ['level', 'name'],
  ['record', 'level', 'name'],
];

/** Fields that hold the level only where another field is there too: of MongoDB, of Datadog, and as numbers of GELF. */
export const CONDITIONAL_LEVEL_NAMES = [
  { name: 's', where: 'c' },
  { name: 'status', where: 'dd' },
  { name: 'status', where: 'ddsource' },
];

/** Names of the field that holds the level as a number, by scale. */
export const NUMBER_NAMES: Readonly<Record<ScaleName, readonly string[]>> = {
  syslog: ['severity', 'syslog_severity', 'PRIORITY', 'priority'],
  otlp: ['severityNumber', 'severity_number', 'SeverityNumber', 'severity'],
  python: ['levelno'],
  plain: ['level', 'lvl', 'Level', 'log_level', 'level_value'],
};

/** A field of GELF, in which `level` is a number of syslog. */
export const GELF_FIELD = 'short_message';

/** The one record of OTLP as JSON. */
export const OTLP_RECORD = 'resourceLogs[0].scopeLogs[0].logRecords[0]';

const COLOR = String.raw`(?:\x1b|\\u001b)\[[\d;]*m`;

/**
 * The word in the value of a level: `error`, `[ERROR]`, `ERROR+2` of slog, `ERROR3` of OpenTelemetry,
 * `LogLevel.ERROR`, `SEVERITY_NUMBER_ERROR`, or a colored one.
 */
const value = (words: readonly string[]) =>
  [
    String.raw`(?:${COLOR}|[\[<( ])*(?:\w+[._])?`,
    `(?P<word>(?i:${anyOf(words)}))`,
    String.raw`(?:[+-]?\d{1,2})?(?:${COLOR}|[\])>: ])*`,
  ].join('');

export const LEVEL_VALUE = value(wordsOf(LEVEL_WORDS).filter((word) => /\w/.test(word)));

/** Numbers that are levels in one scale whatever their name; smaller ones depend on fields elsewhere. */
const NUMBER = String.raw`(?P<number>[1-9]\d{1,4})`;

/** The same names as in the lists, in one expression. */
const NAME =
  '(?i:(?:log[._]?)?level(?:_?name|_value)?|(?:error_)?severity(?:_?text|_?number|level)?|lvl|levelno|sev)|L';

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const JSON_FIELD = String.raw`${STRING}\s*:\s*(?:${STRING}|[^"{}\[\],]+)\s*,\s*`;

/** Finds the level in an object before the first object in it, by the usual words: this is much faster than to parse it. */
const JSON_LEVEL = String.raw`\s*\{\s*(?:${JSON_FIELD})*?"@?(?P<name>${NAME}|l)"\s*:\s*(?:"${value(wordsOf(STRONG_WORDS, LABEL_WORDS))}"|${NUMBER}\s*[,}])`;

/** An object on the first line, such as one before a stack trace, or one over all lines. */
const JSON_OBJECT = String.raw`\s*(?P<json>\{[^\n]*\}|\{(?s:.*)\})\s*(?:\n|$)`;

const KEY = String.raw`[A-Za-z_@][\w./@:-]*`;
const VALUE = String.raw`=(?:"(?:[^"\\\n]|\\[^\n])*"|[^\s"]*)`;

/** What a tool writes before a line: times, and the name of a container. */
const BEFORE_LINE = String.raw`(?:[\[(]?\d[^\s="]*\s+){0,2}(?:[^\s="]+\s+\|\s*)?`;

const LOGFMT_LEVEL = String.raw`[ \t]*${BEFORE_LINE}(?:${KEY}${VALUE}[ \t,]+)*?(?P<name>${NAME})[=:] ?["']?(?:${value(wordsOf(STRONG_WORDS, LABEL_WORDS))}|${NUMBER})(?:["'\s,;]|$)`;

/** Begins as logfmt: with a pair before another, or with one pair that is all. */
const LOGFMT = String.raw`[ \t]*(?P<logfmt>${KEY})${VALUE}(?:[ \t,]+${KEY}=|\s*$)`;

/** The level of an entry that is a JSON object. The group `json` has the object where its fields have to be read. */
export const IN_JSON = `${JSON_LEVEL}|${JSON_OBJECT}`;

/** The level of an entry of logfmt. The group `logfmt` is there when it says none. */
export const IN_LOGFMT = `${LOGFMT_LEVEL}|${LOGFMT}`;
