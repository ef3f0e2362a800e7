/** Colors of series by a regular expression of their whole name. */
export type Colors = Readonly<Record<string, string>>;

/** Levels of log lines. */
export const LEVELS: Colors = {
  critical: 'purple',
  fatal: 'dark-purple',
  error: 'red',
  warn: 'orange',
  info: 'green',
  debug: 'blue',
  trace: 'light-blue',
};

/** Status codes by their first digit. */
export const STATUS_CODES: Colors = {
  '1..': 'light-blue',
  '2..': 'green',
  '3..': 'blue',
  '4..': 'orange',
  '5..': 'red',
};
