/** The message in a line of JSON or logfmt, as the first group. */
const QUOTED = String.raw`(?s)^.*?\b(?:msg|message)"?\s*[:=]\s*"((?:[^"\\]|\\.)+)".*$`;

/** What stands before the message of a line of text: time, level, process, thread, place in the source. */
const LEADING = [
  String.raw`\d[\d:.,/TZ+-]*`,
  String.raw`(?i:trace|debug|info|notice|warn(?:ing)?|error|err|severe|critical|crit|fatal|panic)\b`,
  String.raw`[IWEF]\d{4}\b`,
  String.raw`\[[^\]]*\]`,
  String.raw`[\w./-]+\.\w+:\d+\]`,
  '[-:|*]+',
];
const HEAD = String.raw`^(?:\s*(?:${LEADING.join('|')}))+\s*`;

/** Lines after the first one, such as those of a stack trace. */
const FURTHER_LINES = String.raw`(?s)\n.*$`;

/** What differs from line to line: numbers, ids, addresses. */
const VARYING = '[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*|[0-9]+';

/** The first letters; not by \`trunc\`, which would cut a letter of several bytes in two. */
const BEGINNING = '^(.{160}).*$';

/** A pipeline of replacements, in the template language of Loki, where the text comes before its replacement. */
const replaced = (text: string, ...steps: ReadonlyArray<readonly [expression: string, by: string]>) =>
  steps.reduce(
    (result, [expression, by]) =>
      `(regexReplaceAll ${JSON.stringify(expression)} ${result} ${JSON.stringify(by)})`,
    text,
  );

const label = (name: string, value: string) => `label_format ${name}=\`{{ ${value} }}\``;

/**
 * What a line says, without what differs from line to line. There may be thousands of messages, more than
 * loki.limits.maxQuerySeries: only `approx_topk` finds the most frequent ones nevertheless.
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

/** A regular expression that finds the lines of a message: its words, with anything between them. */
export const WORDS = label('words', replaced('.message', [String.raw`[^\pL ]+`, '.*']));
