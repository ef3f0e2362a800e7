import type { ToStringOptions } from 'yaml';

/** Options of the package yaml that decide on the form of a value. Lines are never folded (`lineWidth: 0`). */
export type YamlOptions = ToStringOptions & {
  readonly version?: '1.1';
  readonly aliasDuplicateObjects?: boolean;
};

/** Text that YAML 1.1 reads as a boolean, as null, or as a number (`e3`, `-e0`). */
const RESERVED = /^(?:y|yes|n|no|true|false|on|off|null|-?e[-+]?[\d_]+)$/i;

/** Numbers with a unit, IPv4 addresses, hashes, and text that starts with a flag or a character that starts no number. */
const PLAIN =
  /^(?:-?\d+(?:ms|[smhdwkKMGT]i?B?|%)|\d+(?:\.\d+){3}(?:[:/]\d+)?|(?=\w*[acdf])[\da-f]{64}|(?:[A-Za-z_/^($;\\]|--?[a-z]|\.[*+])[\x20-\x7e]*)$/;

/** What a text without quotes must not contain: the start of a value or a comment, or an end that could be one. */
const INDICATOR = /: | #|[ :]$/;

/** Nothing, whole numbers, dates, booleans, and text that starts with a space or an indicator. */
const QUOTED =
  /^(?:\d{1,15}|\d{4}-\d\d-\d\d|true|false|[ ,[\]{}#&*!|>'"%@`][\x20-\x7e\u00a1-\u1fff\u2010-\u2027]*|)$/;

/** Whether a text is written without quotes, whatever the options. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text) && !INDICATOR.test(text) && !RESERVED.test(text);
}

/** A text in one line, if it is certain whether it needs quotes. */
function certainText(text: string, { singleQuote = null }: YamlOptions): string | undefined {
  if (!QUOTED.test(text)) {
    if (!PLAIN.test(text)) return undefined;
    if (!INDICATOR.test(text)) return RESERVED.test(text) ? undefined : text;
  }
  const [single, double] = [text.includes("'"), text.includes('"')];
  return (single === double ? singleQuote : double)
    ? `'${text.replaceAll("'", "''")}'`
    : JSON.stringify(text);
}

/** The lines of a value whose form is certain, which are nearly all values; undefined for all others. */
export function certainLines(
  key: string | undefined,
  value: unknown,
  options: YamlOptions,
): readonly string[] | undefined {
  if (key !== undefined && (key.length > 100 || !isPlain(key))) return undefined;
  const start = key === undefined ? '- ' : `${key}: `;
  if (typeof value === 'string') {
    const text = certainText(value, options);
    if (text !== undefined) return [start + text];
    // One line break at the end, and no blank at the start of the text or of its last line: a literal block.
    if (!/^\S.*\S\n$/s.test(value) || value.includes('\r')) return undefined;
    const lines = value.slice(0, -1).split('\n');
    return [`${start}|`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
  }
  if (typeof value === 'number') {
    return /^-?(?!0$)\d{1,15}(?:\.\d{1,6})?$/.test(`${value}`) || Object.is(value, 0)
      ? [start + value]
      : undefined;
  }
  if (typeof value === 'boolean' || value === null) return [start + value];
  return Array.isArray(value) ? [`${start}[]`] : [`${start}{}`];
}
