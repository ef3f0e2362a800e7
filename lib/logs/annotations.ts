/** Annotation by which a pod keeps its logs out: `"true"`. */
export const EXCLUDE_ANNOTATION = 'logs-and-traces/exclude';

/** Annotation by which a pod names the format of its lines; one of {@link PARSERS}. */
export const PARSER_ANNOTATION = 'logs-and-traces/parser';

/**
 * Formats that a pod can name. `auto`, the default, joins lines and finds fields of every format; `json` and
 * `logfmt` take each line for an entry of that format; `text` joins lines and looks for fields in plain text;
 * `none` sends each line as it is.
 */
export const PARSERS = ['auto', 'json', 'logfmt', 'text', 'none'] as const;
export type Parser = (typeof PARSERS)[number];
