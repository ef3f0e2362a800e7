import { cache, quoted, where } from '../collector/ottl';
import { SCALE_NAMES } from '../logs/levels';
import {
  CONDITIONAL_LEVEL_NAMES,
  GELF_FIELD,
  LEVEL_NAMES,
  LEVEL_VALUE,
  NESTED_LEVEL_NAMES,
  NUMBER_NAMES,
  OTLP_RECORD,
} from '../logs/structured-levels';

const OBJECT = cache('object');
/** A field of the single record in an OTLP JSON message, and whether that record exists. */
const otlp = (name: string) =>
  `${OBJECT}${OTLP_RECORD.split('.')
    .map((key) => key.replace(/^(\w+)/, '["$1"]'))
    .join('')}[${quoted(name)}]`;
const isOtlp = `${OBJECT}["resourceLogs"] != nil`;
const field = (...path: readonly string[]) => `${OBJECT}${path.map((key) => `[${quoted(key)}]`).join('')}`;

/**
 * Finds the level in the fields of a JSON object, as `word` or as `name` and `number` in the cache. The first name with
 * a recognized value wins, not the first name that is present. So the expression is matched against a text with all
 * values, one per line.
 *
 * @param json Text of the object.
 */
export function objectStatements(json: string): string[] {
  const values = cache('values');
  const also = (when: string, path: readonly string[]) =>
    where(when, `set(${values}, Concat([${values}, ${field(...path)}], "\\n"))`);
  const numbers = SCALE_NAMES.flatMap((scale) =>
    NUMBER_NAMES[scale].map((name) => `Concat([${quoted(scale)}, ${field(name)}], "=")`),
  );
  const found = (expression: string) =>
    `merge_maps(log.cache, ExtractPatterns(${values}, ${quoted(expression)}), "upsert")`;
  return [
    `set(${OBJECT}, ParseJSON(${json}))`,
    `set(${values}, Concat([${LEVEL_NAMES.map((name) => field(name)).join(', ')}], "\\n"))`,
    ...NESTED_LEVEL_NAMES.map((path) => also(isMap(path.slice(0, -1)), path)),
    where(isOtlp, `set(${values}, Concat([${values}, ${otlp('severityText')}], "\\n"))`),
    ...CONDITIONAL_LEVEL_NAMES.map(({ name, where: other }) => also(`${field(other)} != nil`, [name])),
    found(`(?m)^${LEVEL_VALUE}$`),
    `set(${values}, Concat([${numbers.join(', ')}], "\\n"))`,
    where(`${field(GELF_FIELD)} != nil`, `set(${values}, Concat(["syslog", ${field('level')}], "="))`),
    where(isOtlp, `set(${values}, Concat(["otlp", ${otlp('severityNumber')}], "="))`),
    found(String.raw`(?m)^(?P<name>\w+)=(?P<number>\d{1,5})$`),
  ];
}

/** Condition: every value on the path to a field is an object. */
function isMap(path: readonly string[]): string {
  return path.map((_, index) => `IsMap(${field(...path.slice(0, index + 1))})`).join(' and ');
}
