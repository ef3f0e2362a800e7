/** Levels with the names that Loki and Grafana use, most frequent first. */
export const LEVELS = ['info', 'error', 'warn', 'debug', 'trace', 'critical', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

/** The level of an entry that states none. It prevents Loki from guessing, which mistakes any matching word for it. */
export const NO_LEVEL = 'unknown';

/** Words for a level, in lower case. */
export type Words = Readonly<Record<Level, readonly string[]>>;

/** Words that mean a level wherever a level is expected. */
export const STRONG_WORDS: Words = {
  info: ['info', 'inf', 'notice'],
  error: ['error', 'err', 'severe', 'fail'],
  warn: ['warn', 'warning', 'wrn'],
  debug: ['debug', 'dbg'],
  trace: ['trace', 'trc', 'verbose', 'vrb'],
  critical: ['critical', 'crit', 'alert', 'emerg', 'emergency'],
  fatal: ['fatal', 'ftl', 'panic'],
};

/** Words that loggers never write in capitals alone. In text, they are levels only in brackets or before a colon. */
export const LABEL_WORDS: Words = {
  info: ['information'],
  error: ['eror'],
  warn: ['deprecated'],
  debug: ['dbug'],
  trace: ['trce', 'silly'],
  critical: [],
  fatal: [],
};

/** Words with another meaning in lower case. In text, they are levels only in capitals. */
export const CAPITAL_WORDS: Words = {
  info: ['note', 'log', 'success'],
  error: ['failure', 'erro'],
  warn: [],
  debug: ['fine', 'config', 'debu'],
  trace: ['finer', 'finest', 'trac'],
  critical: [],
  fatal: ['fata', 'pani'],
};

/** Letters, marks and words that are levels only as a field value, or in the fixed place that a format has for it. */
export const CODES: Words = {
  info: ['i', 'n', '*', 'http', 'default', 'informational', 'system'],
  error: ['e', 'exception', 'crash', 'supervisor'],
  warn: ['w', '#'],
  debug: ['d', '.'],
  trace: ['t', 'v', '-'],
  critical: ['c', 'a'],
  fatal: ['f', 'pnc', 'dpanic'],
};

/** All level words. Every format accepts the words of all others, because a logger can write several formats. */
export const LEVEL_WORDS = Object.fromEntries(
  LEVELS.map((level) => [
    level,
    [...STRONG_WORDS[level], ...LABEL_WORDS[level], ...CAPITAL_WORDS[level], ...CODES[level]],
  ]),
) as unknown as Words;

/** Levels in ascending order, each with its highest number. Numbers in a gap have no level. */
export type Scale = ReadonlyArray<readonly [number, Level | undefined]>;

/** Scales of loggers that write numeric levels. */
export const SCALES = {
  /** RFC 5424. GELF, systemd and journald also use it. */
  syslog: [
    [2, 'critical'],
    [3, 'error'],
    [4, 'warn'],
    [6, 'info'],
    [7, 'debug'],
  ],
  /** OpenTelemetry severity numbers. */
  otlp: [
    [0, undefined],
    [4, 'trace'],
    [8, 'debug'],
    [12, 'info'],
    [16, 'warn'],
    [20, 'error'],
    [24, 'fatal'],
  ],
  /** Python `levelno`. */
  python: [
    [9, 'trace'],
    [19, 'debug'],
    [29, 'info'],
    [39, 'warn'],
    [49, 'error'],
    [99, 'critical'],
  ],
  /** Scales that share a field without overlapping: pino and bunyan, Monolog, Log4j and Logback. */
  plain: [
    [9, undefined],
    [19, 'trace'],
    [29, 'debug'],
    [39, 'info'],
    [49, 'warn'],
    [59, 'error'],
    [69, 'fatal'],
    [99, undefined],
    [199, 'debug'],
    [299, 'info'],
    [399, 'warn'],
    [499, 'error'],
    [699, 'critical'],
    [4_999, undefined],
    [9_999, 'trace'],
    [19_999, 'debug'],
    [29_999, 'info'],
    [39_999, 'warn'],
    [49_999, 'error'],
    [59_999, 'fatal'],
  ],
} as const satisfies Record<string, Scale>;
export type ScaleName = keyof typeof SCALES;
export const SCALE_NAMES = Object.keys(SCALES) as ScaleName[];

/** Matches one of several words. They are sorted, so that RE2 shares their common prefixes. */
export function anyOf(words: readonly string[]): string {
  return [...new Set(words)]
    .sort()
    .reverse()
    .map((word) => word.replaceAll(/[.*]/g, String.raw`\$&`))
    .join('|');
}

/** All words of several lists, in the form that {@link anyOf} accepts. */
export const wordsOf = (...lists: readonly Words[]) => lists.flatMap((list) => Object.values(list).flat());
