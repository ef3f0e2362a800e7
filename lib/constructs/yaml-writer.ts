import { stringify, type ToStringOptions } from 'yaml';

type Options = ToStringOptions & { readonly version?: '1.1'; readonly aliasDuplicateObjects?: boolean };

/**
 * Writes block YAML with the same output as `stringify` of the package yaml, for plain data without shared objects.
 * It renders each pair of a key and a single value once, whatever its depth. Clusters of one repository and objects of
 * one cluster share most pairs, and rendering each of them takes half of a synth.
 *
 * @param anchors Whether a long object that several keys have, or an entry that several lists have, is written once, with an
 *   anchor, and referred to afterwards.
 */
export function yamlWriter(options: Options, { anchors: hasAnchors = false } = {}): (data: object) => string {
  const known = new Map<string, readonly string[]>();
  /** Lines of a small piece of data, without indentation. */
  const linesOf = (key: string | undefined, value: unknown): readonly string[] => {
    const certain = certainLines(key, value, options);
    if (certain !== undefined) return certain;
    const id = `${key ?? ''}\u0000${key === undefined}\u0000${typeof value}\u0000${typeof value === 'object' ? JSON.stringify(value) : value}`;
    const found = known.get(id);
    if (found !== undefined) return found;
    const text = stringify(key === undefined ? [value] : { [key]: value }, options);
    const lines = text.slice(0, -1).split('\n');
    known.set(id, lines);
    return lines;
  };
  const keyOf = (key: string) =>
    isPlain(key) ? `${key}:` : (linesOf(key, 0)[0] ?? '').slice(0, -'0'.length).trimEnd();

  const write = (data: object, indent: string, out: string[], anchors: Anchors): void => {
    const piece = (key: string | undefined, value: unknown) => {
      for (const line of linesOf(key, value)) out.push(line === '' ? '' : indent + line);
    };
    if (Array.isArray(data)) {
      for (const item of data) {
        if (!isCollection(item)) {
          piece(undefined, item);
          continue;
        }
        const anchor = anchors.get(item);
        if (anchor !== undefined) {
          out.push(`${indent}- ${anchor.written ? '*' : '&'}${anchor.name}`);
          if (!anchor.written) {
            anchor.written = true;
            write(item, `${indent}  `, out, anchors);
          }
          continue;
        }
        const start = out.length;
        write(item, `${indent}  `, out, anchors);
        out[start] = `${indent}- ${out[start]?.slice(indent.length + 2)}`;
      }
      return;
    }
    for (const [key, value] of Object.entries(data)) {
      if (value === undefined) continue;
      if (!isCollection(value)) piece(key, value);
      else {
        const anchor = anchors.get(value);
        out.push(
          `${indent}${keyOf(key)}${anchor === undefined ? '' : ` ${anchor.written ? '*' : '&'}${anchor.name}`}`,
        );
        if (anchor?.written) continue;
        if (anchor) anchor.written = true;
        write(value, `${indent}  `, out, anchors);
      }
    }
  };
  return (data) => {
    if (!isCollection(data)) return stringify(data, options);
    const out: string[] = [];
    write(data, '', out, hasAnchors ? anchorsOf(data) : new Map());
    return `${out.join('\n')}\n`;
  };
}

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
function isPlain(text: string): boolean {
  return PLAIN.test(text) && !INDICATOR.test(text) && !RESERVED.test(text);
}

/** A text in one line, if it is certain whether it needs quotes. */
function certainText(text: string, { singleQuote = null }: Options): string | undefined {
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
function certainLines(
  key: string | undefined,
  value: unknown,
  options: Options,
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

/** Whether data spans several lines, with one line or more per entry. */
function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => one !== undefined);
}

/** The anchor of each object that occurs again. */
type Anchors = Map<object, { readonly name: string; written: boolean }>;

/** Characters from which on an object is not written twice; a shorter one is easier to read where it stands. */
const SHORT = 200;

/** Like {@link SHORT}, for an entry of a list. A name says what it does, and an entry that differs stands out. */
const SHORT_ENTRY = 50;

/** The last word in an entry of a list with several keys, such as the label that it makes. */
function wordIn(entry: object): string | undefined {
  if (Array.isArray(entry) || Object.keys(entry).length < 2) return undefined;
  const words = Object.values(entry).map((one) =>
    typeof one === 'string' ? /^_*([a-z][a-z_]*?)_*$/.exec(one)?.[1] : undefined,
  );
  return words.findLast((word) => word !== undefined);
}

/** The anchors of equal objects: of values of several keys, named after the keys, and of entries of lists, after a word in them. */
function anchorsOf(data: object): Anchors {
  const places = new Map<string, { readonly key: string; readonly objects: object[] }>();
  const visit = (value: unknown, key: string | undefined) => {
    if (!isCollection(value)) return;
    const text = JSON.stringify(value);
    if (text.length < (key === undefined ? SHORT_ENTRY : SHORT)) return;
    const name = key === undefined ? wordIn(value) : /^[a-z_]+$/.exec(key)?.[0];
    if (name !== undefined) {
      const known = places.get(text);
      if (known !== undefined) return void known.objects.push(value);
      places.set(text, { key: name, objects: [value] });
    }
    for (const [one, inside] of Object.entries(value)) visit(inside, Array.isArray(value) ? undefined : one);
  };
  visit(data, '');
  const anchors: Anchors = new Map();
  const used = new Map<string, number>();
  for (const { key, objects } of [...places.values()].filter((one) => one.objects.length > 1)) {
    const count = (used.get(key) ?? 0) + 1;
    used.set(key, count);
    const anchor = { name: count === 1 ? key : `${key}${count}`, written: false };
    for (const one of objects) anchors.set(one, anchor);
  }
  return anchors;
}

/** Renders a manifest in the same format as cdk8s. */
export const manifestYaml = yamlWriter({ lineWidth: 0, version: '1.1' });
