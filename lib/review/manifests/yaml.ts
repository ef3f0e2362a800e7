import {
  boolYaml11Tag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
  Schema,
  YAMLException,
} from 'js-yaml';
import type { Json } from './json';

/** A mistake in a YAML text. */
export class YamlError extends Error {
  constructor(
    message: string,
    /** Line within the text, from 0. */
    public readonly line: number,
  ) {
    super(message);
  }
}

const INTEGER = /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|[\d][\d_]*)$/;

/** Whole numbers as kubectl reads them: `0644` is octal, and no digit is lost. */
const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: [...'-+0123456789'],
  resolve: (source) => {
    if (!INTEGER.test(source)) return NOT_RESOLVED;
    const digits = source.replace(/^[-+]/, '').replaceAll('_', '');
    const prefixed = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
    const exact = source.startsWith('-') ? -BigInt(prefixed) : BigInt(prefixed);
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
  },
  identify: () => false,
});

/**
 * YAML as kubectl reads it (YAML 1.1 but for dates and sexagesimal numbers): `on` is true, `<<` merges.
 *
 * @see https://github.com/kubernetes-sigs/yaml
 */
const SCHEMA = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  nullCoreTag,
  boolYaml11Tag,
  intTag,
  floatCoreTag,
  mergeTag,
]);

/** Schemas of custom resources nest deeper than the parser expects. */
const MAX_DEPTH = 500;

/** A few lines of aliases of aliases can stand for more than any memory holds. */
const MAX_VALUES = 1_000_000;

/**
 * Every document of a YAML text. By js-yaml, which reads four times as fast as the package that the stack is written
 * with: a review reads thousands of objects.
 *
 * @throws YamlError with the line of the mistake.
 */
export function parseYaml(text: string): Json[] {
  let documents: Json[];
  try {
    documents = loadAll(text, { schema: SCHEMA, maxDepth: MAX_DEPTH }) as Json[];
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError(error.reason, error.mark?.line ?? 0);
  }
  if (/[*]/.test(text) && documents.some((document) => countValues(document, new Map()) > MAX_VALUES))
    throw new YamlError(`its aliases stand for more than ${MAX_VALUES} values`, 0);
  return documents;
}

/** Values of a document with all aliases written out. */
function countValues(value: Json, counted: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const known = counted.get(value);
  if (known !== undefined) return known;
  const count = Object.values(value).reduce<number>((sum, one) => sum + countValues(one, counted), 1);
  counted.set(value, count);
  return count;
}
