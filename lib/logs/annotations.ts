/** Annotation that excludes the logs of a pod: `"true"`. */
export const EXCLUDE_ANNOTATION = 'logs-and-traces/exclude';

/** Annotation that sets the log format of a pod; one of {@link PARSERS}. */
export const PARSER_ANNOTATION = 'logs-and-traces/parser';

/**
 * Formats that a pod can set. `auto`, the default, joins lines and finds fields of every format; `json` and
 * `logfmt` treat each line as an entry of that format; `text` joins lines and finds fields in plain text;
 * `none` sends each line unchanged.
 */
export const PARSERS = ['auto', 'json', 'logfmt', 'text', 'none'] as const;
export type Parser = (typeof PARSERS)[number];
