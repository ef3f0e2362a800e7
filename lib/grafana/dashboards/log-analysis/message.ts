/** Captures the message of a JSON or logfmt line as the first group. */
const QUOTED = String.raw`(?s)^.*?\b(?:msg|message)"?\s*[:=]\s*"((?:[^"\\]|\\.)+)".*$`;

/** The text before the message in a plain-text line: time, level, process, thread, source location. */
const LEADING = [
  String.raw`\d[\d:.,/TZ+-]*`,
  String.raw`(?i:trace|debug|info|notice|warn(?:ing)?|error|err|severe|critical|crit|fatal|panic)\b`,
  String.raw`[IWEF]\d{4}\b`,
  String.raw`\[[^\]]*\]`,
  String.raw`[\w./-]+\.\w+:\d+\]`,
  '[-:|*]+',
];
const HEAD = String.raw`^(?:\s*(?:${LEADING.join('|')}))+\s*`;

/** Lines after the first, such as those of a stack trace. */
const FURTHER_LINES = String.raw`(?s)\n.*$`;

/** The parts that differ from line to line: numbers, IDs, addresses. */
const VARYING = '[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*|[0-9]+';

/** Captures the first 160 characters. `trunc` could split a multi-byte character. */
const BEGINNING = '^(.{160}).*$';

/** A pipeline of replacements in Loki's template language. The text comes before its replacement. */
const replaced = (text: string, ...steps: ReadonlyArray<readonly [expression: string, by: string]>) =>
  steps.reduce(
    (result, [expression, by]) =>
      `(regexReplaceAll ${JSON.stringify(expression)} ${result} ${JSON.stringify(by)})`,
    text,
  );

const label = (name: string, value: string) => `label_format ${name}=\`{{ ${value} }}\``;

/**
 * The message of a line without the parts that differ from line to line. There may be thousands of messages, more than
 * loki.limits.maxQuerySeries. Only `approx_topk` finds the most frequent ones despite this limit.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/query/metric_queries/#probabilistic-aggregation
 */
export const MESSAGE = label(
  'message',
  replaced(
    '(trunc 1000 __line__)',
    [QUOTED, '$1'],
    [FURTHER_LINES, ''],
    [HEAD, ''],
    [VARYING, '#'],
    [BEGINNING, '$1'],
  ),
);

/**
 * A regular expression that finds the lines of a message. It matches the words of the message with any text between
 * them.
 */
export const WORDS = label('words', replaced('.message', [String.raw`[^\pL ]+`, '.*']));
