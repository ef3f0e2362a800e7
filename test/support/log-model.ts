import { CONTINUATIONS, HEADER, INDENTED_ENTRY } from '../../lib/logs/entries';
import { LEVEL_FORMS } from '../../lib/logs/level-forms';
import {
  LEVEL_WORDS,
  LEVELS,
  type Level,
  NO_LEVEL,
  SCALE_NAMES,
  SCALES,
  type ScaleName,
} from '../../lib/logs/levels';
import {
  CONDITIONAL_LEVEL_NAMES,
  GELF_FIELD,
  LEVEL_NAMES,
  LEVEL_VALUE,
  NESTED_LEVEL_NAMES,
  NUMBER_NAMES,
  OTLP_RECORD,
} from '../../lib/logs/structured-levels';
import { NAMED_SPAN_ID, TRACE_ID, TRACE_ID_FORMS, UUID } from '../../lib/logs/trace-ids';

// What an agent does with the model of log lines, without an agent: every expression is tried with the engine of
// JavaScript. Whether an agent does the same with it, `npm run test:real -- --only logs` tells.

/** An expression of RE2 as JavaScript takes it. */
function expression(re2: string): RegExp {
  let result = '';
  const insensitive: boolean[] = [false];
  const sensitive = () => insensitive.at(-1) ?? false;
  for (let at = 0, inClass = false; at < re2.length; ) {
    const rest = re2.slice(at);
    const hex = /^\\x\{([0-9a-f]+)\}/.exec(rest);
    const flags = /^\(\?([is])([:)])/.exec(rest);
    const char = re2[at] ?? '';
    if (hex) {
      result += `\\u${(hex[1] ?? '').padStart(4, '0')}`;
      at += hex[0].length;
    } else if (char === '\\') {
      result += re2.slice(at, at + 2);
      at += 2;
    } else if (inClass || char === '[') {
      inClass = !(inClass && char === ']');
      result += char;
      at++;
    } else if (rest.startsWith('(?P<')) {
      result += '(?<';
      insensitive.push(sensitive());
      at += 4;
    } else if (flags) {
      result += '(?:';
      insensitive.push(flags[1] === 'i' || sensitive());
      at += flags[0].length;
    } else {
      if (char === '(') insensitive.push(sensitive());
      if (char === ')') insensitive.pop();
      result += sensitive() && /[a-z]/i.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : char;
      at++;
    }
  }
  return new RegExp(result.replaceAll('\\{(?:.*)\\}', '\\{[^]*\\}'));
}

const cache = new Map<string, RegExp>();

/** The named groups of a match, or nothing. */
export function match(re2: string, text: string): Record<string, string | undefined> | undefined {
  const compiled = cache.get(re2) ?? expression(re2);
  cache.set(re2, compiled);
  const found = compiled.exec(text);
  return found ? { ...found.groups } : undefined;
}

const startsWith = (re2: string, text: string) => match(`^(?:${re2})`, text) !== undefined;

/** The entries that the lines of a stream make. */
export function entriesOf(lines: readonly string[]): string[] {
  const entries: string[] = [];
  let started = false;
  let header = false;
  for (const line of lines) {
    const marked = CONTINUATIONS.some((one) => startsWith(one, line));
    const begins = !marked && (/^\S/.test(line) || startsWith(INDENTED_ENTRY, line));
    started ||= begins;
    const last = entries.length - 1;
    if (started && last >= 0 && (!begins || header) && (header || begins === false))
      entries[last] += `\n${line}`;
    else entries.push(line);
    header = match(`^(?:${HEADER})\\s*$`, line) !== undefined;
  }
  return entries.map((entry) => entry.replace(/(\n[ \t\r]*)+$/, '')).filter((entry) => entry.trim() !== '');
}

/** The level of an entry. */
export function levelOf(entry: string): Level | typeof NO_LEVEL {
  const found: Record<string, string | undefined> = {};
  for (const { expression: form, source } of LEVEL_FORMS) {
    const input = source === undefined ? entry : found[source];
    Object.assign(found, input && match(`^(?:${form})`, input));
    if (found['json']) return verdict(inObject(found['json']) ?? {});
    if (found['logfmt'] || verdict(found) !== NO_LEVEL) return verdict(found);
  }
  return NO_LEVEL;
}

function verdict(found: Record<string, string | undefined>): Level | typeof NO_LEVEL {
  const word = Object.entries(found)
    .find(([name, value]) => name.startsWith('word') && value)?.[1]
    ?.toLowerCase();
  if (word) return LEVELS.find((level) => LEVEL_WORDS[level].includes(word)) ?? NO_LEVEL;
  if (found['raised']) return 'error';
  if (found['priority']) return inScale('syslog', Number(found['priority']) % 8);
  if (found['number']) return ofNumber(found['name'] ?? '', Number(found['number']));
  return NO_LEVEL;
}

const inScale = (scale: ScaleName, number: number) =>
  SCALES[scale].find(([last]) => number <= last)?.[1] ?? NO_LEVEL;

function ofNumber(name: string, number: number) {
  const scale = SCALE_NAMES.find(
    (one) =>
      (one === name || NUMBER_NAMES[one].some((each) => each.toLowerCase() === name.toLowerCase())) &&
      !(one === 'syslog' && number > 7),
  );
  return inScale(scale ?? 'plain', number);
}

/** The level in an object, for which its fields have to be read. */
function inObject(json: string): Record<string, string | undefined> | undefined {
  let object: Record<string, unknown>;
  try {
    object = JSON.parse(json);
  } catch {
    return undefined;
  }
  const at = (path: readonly string[]) =>
    path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
  const record = OTLP_RECORD.split(/[.[\]]+/).filter(Boolean);
  const words = [
    ...LEVEL_NAMES.map((name) => object[name]),
    ...NESTED_LEVEL_NAMES.map(at),
    ...CONDITIONAL_LEVEL_NAMES.map(({ name, where }) => object[where] && object[name]),
    at([...record, 'severityText']),
  ];
  for (const word of words) {
    const found = typeof word === 'string' ? match(`^${LEVEL_VALUE}$`, word) : undefined;
    if (found) return found;
  }
  for (const scale of SCALE_NAMES) {
    const values = NUMBER_NAMES[scale].map((name) => object[name]);
    if (scale === 'syslog' && object[GELF_FIELD] !== undefined) values.unshift(object['level']);
    if (scale === 'otlp') values.push(at([...record, 'severityNumber']));
    const number = values.find((value) => /^\d{1,5}$/.test(String(value)));
    if (number !== undefined && ofNumber(scale, Number(number)) !== NO_LEVEL)
      return { name: scale, number: String(number) };
  }
  return undefined;
}

/** The ids of an entry. */
export function idsOf(entry: string): Record<string, string> {
  let [trace, span]: Array<string | undefined> = [];
  for (const { before, span: after, needsSpan } of TRACE_ID_FORMS) {
    const id = `${before}(?P<trace>${TRACE_ID}|${UUID})`;
    const found = match(needsSpan ? id + after : String.raw`${id}(?:${after})?\b`, entry);
    trace = found?.['trace'] ?? trace;
    span = found?.['span'] ?? span;
  }
  span = match(NAMED_SPAN_ID, entry)?.['span'] ?? span;
  const found = Object.entries({ trace_id: trace, span_id: span }).flatMap(([name, value]) => {
    const normalized = value?.replaceAll('-', '').toLowerCase();
    return normalized && /^[0-9]*[a-f][0-9a-f]*$/.test(normalized) ? [[name, normalized]] : [];
  });
  return Object.fromEntries(found);
}

/** What an agent sends with an entry. */
export function metadataOf(entry: string): Record<string, string> {
  const level = levelOf(entry);
  return { ...(level === NO_LEVEL ? {} : { level }), detected_level: level, ...idsOf(entry) };
}
