/** Levels as Loki and Grafana name them, the most frequent first. */
export const LEVELS = ['info', 'error', 'warn', 'debug', 'trace', 'critical', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * Words that loggers write for a level, in lower case, and the marks of Redis. A word that one format knows is
 * known in every format, because a logger can write several formats.
 */
export const LEVEL_WORDS: Readonly<Record<Level, readonly string[]>> = {
  info: [
    'info',
    'inf',
    'information',
    'informational',
    'notice',
    'note',
    'log',
    'http',
    'success',
    'i',
    'n',
    '*',
  ],
  error: ['error', 'err', 'eror', 'erro', 'fail', 'failure', 'severe', 'e'],
  warn: ['warn', 'warning', 'wrn', 'w', '#'],
  debug: ['debug', 'dbg', 'dbug', 'debu', 'fine', 'config', 'd', '.'],
  trace: ['trace', 'trc', 'trce', 'trac', 'verbose', 'vrb', 'finer', 'finest', 'silly', 't', 'v', '-'],
  critical: ['critical', 'crit', 'alert', 'emerg', 'emergency', 'c'],
  fatal: ['fatal', 'ftl', 'fata', 'panic', 'pani', 'pnc', 'dpanic', 'f'],
};

/** Words that Loki finds in plain text by itself. */
export const LOKI_WORDS = ['critical', 'debug', 'err', 'error', 'fatal', 'info', 'trace', 'warn', 'warning'];

/** Levels of ascending numbers, each with the largest number that has it; numbers in a gap have no level. */
export type Scale = ReadonlyArray<readonly [number, Level | undefined]>;

/** Scales of loggers that write numbers. */
export const SCALES = {
  /** RFC 5424. GELF, systemd and journald use it too. */
  syslog: [
    [2, 'critical'],
    [3, 'error'],
    [4, 'warn'],
    [6, 'info'],
    [7, 'debug'],
  ],
  /** Severity numbers of OpenTelemetry. */
  otlp: [
    [0, undefined],
    [4, 'trace'],
    [8, 'debug'],
    [12, 'info'],
    [16, 'warn'],
    [20, 'error'],
    [24, 'fatal'],
  ],
  /** `levelno` of Python. */
  python: [
    [9, 'trace'],
    [19, 'debug'],
    [29, 'info'],
    [39, 'warn'],
    [49, 'error'],
    [99, 'critical'],
  ],
  /** Scales that share one field and do not overlap: pino and bunyan, Monolog, Log4j and Logback. */
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

/** Matches one of some words; sorted, because RE2 then shares the letters that they begin with. */
export function anyOf(words: readonly string[]): string {
  return [...new Set(words)]
    .sort()
    .map((word) => word.replaceAll(/[.*]/g, String.raw`\$&`))
    .join('|');
}

/**
 * Matches the text that a word for a level was found in, with the word at its start, or at its end after a time. The
 * named group that takes part is the level.
 */
export const LEVEL_WORD = String.raw`(?s)^(?:|.*[\s/])(?:\x1b\[[\d;]*m)?(?i:${LEVELS.map((level) => `(?P<${level}>${anyOf(LEVEL_WORDS[level])})`).join('|')})(?:[\W\d].*)?$`;
