/** Series colors by a regular expression that matches the full series name. */
export type Colors = Readonly<Record<string, string>>;

/** Colors of log levels. */
export const LEVELS: Colors = {
  critical: 'purple',
  fatal: 'dark-purple',
  error: 'red',
  warn: 'orange',
  info: 'green',
  debug: 'blue',
  trace: 'light-blue',
};

/** Colors of status codes, by first digit. */
export const STATUS_CODES: Colors = {
  '1..': 'light-blue',
  '2..': 'green',
  '3..': 'blue',
  '4..': 'orange',
  '5..': 'red',
};
