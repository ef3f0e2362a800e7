import { type ParseOptions, parseAllDocuments, type Tags } from 'yaml';
import type { Json } from './json';

/** An error in a YAML string. */
export class YamlError extends Error {
  constructor(
    message: string,
    /** Line within the string, counted from 0. */
    public readonly line: number,
  ) {
    super(message);
  }
}

/** Types of YAML 1.1 that kubectl does not support: dates, sexagesimal numbers, sets and others. */
const UNKNOWN_TO_KUBECTL = /:(?:timestamp|binary|omap|pairs|set)$/;

/**
 * YAML as kubectl parses it, which is YAML 1.1 without its rare types: `on` is true, `0644` is octal, `<<` merges.
 *
 * @see https://github.com/kubernetes-sigs/yaml
 */
const OPTIONS = {
  version: '1.1',
  merge: true,
  prettyErrors: false,
  customTags: (tags: Tags) =>
    tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        !(UNKNOWN_TO_KUBECTL.test(tag.tag) || ('format' in tag && tag.format === 'TIME')),
    ),
} as const;

/** Numbers that a double cannot represent. */
const LONG_NUMBER = /\d{16}/;

/** A few lines of nested aliases can expand beyond any memory. */
const MAX_VALUES = 1_000_000;

/**
 * Every document of a YAML or JSON string.
 *
 * @throws YamlError with the line of the error.
 */
export function parseYaml(text: string): Json[] {
  const exact = LONG_NUMBER.test(text);
  const json = exact || !/^\s*[[{]/.test(text) ? undefined : parseJson(text);
  if (json !== undefined) return [json];
  const options: ParseOptions & typeof OPTIONS & { intAsBigInt: boolean } = {
    ...OPTIONS,
    intAsBigInt: exact,
  };
  const values = parseAllDocuments(text, options).map((document): Json => {
    const [error] = document.errors;
    if (error) throw new YamlError(error.message, text.slice(0, error.pos[0]).split('\n').length - 1);
    return document.toJS({ maxAliasCount: -1 });
  });
  if (text.includes('*') && values.some((value) => countValues(value, new Map()) > MAX_VALUES))
    throw new YamlError(`its aliases expand to more than ${MAX_VALUES} values`, 0);
  return exact ? values.map(shortened) : values;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // YAML in flow style also begins with a brace. The YAML parser reports real errors with their line.
    return undefined;
  }
}

/** Integers as numbers, except those that a double cannot represent. */
function shortened(value: Json): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortened(one)]));
}

/** Number of values in a document after expanding all aliases. */
function countValues(value: Json, counted: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const known = counted.get(value);
  if (known !== undefined) return known;
  const count = Object.values(value).reduce<number>((sum, one) => sum + countValues(one, counted), 1);
  counted.set(value, count);
  return count;
}
