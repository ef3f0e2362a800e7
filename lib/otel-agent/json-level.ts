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
import { cache, is, quoted, where } from './ottl';

const OBJECT = cache('object');
/** A field of the single record in an OTLP JSON message, and whether that record exists. */
const otlp = (name: string) =>
  `${OBJECT}${OTLP_RECORD.split('.')
    .map((key) => key.replace(/^(\w+)/, '["$1"]'))
    .join('')}[${quoted(name)}]`;
const isOtlp = `${OBJECT}["resourceLogs"] != nil`;
const field = (...path: readonly string[]) => `${OBJECT}${path.map((key) => `[${quoted(key)}]`).join('')}`;

/**
 * Reads the level from the fields of a JSON object. The first name with a recognized value wins, not the first name
 * that is present. So the expression is matched against a text with all values, one per line.
 *
 * @param condition When to read the level.
 * @param json Text of the object.
 */
export function jsonStatements(
  condition: string,
  json: string,
  ofWord: readonly string[],
  ofNamedNumber: (condition: string) => readonly string[],
): string[] {
  const values = cache('values');
  const also = (when: string, path: readonly string[]) =>
    where(`${condition} and ${when}`, `set(${values}, Concat([${values}, ${field(...path)}], "\\n"))`);
  const numbers = SCALE_NAMES.flatMap((scale) =>
    NUMBER_NAMES[scale].map((name) => `Concat([${quoted(scale)}, ${field(name)}], "=")`),
  );
  const hasNumber = `${condition} and ${is(cache('number_text'))}`;
  return [
    where(condition, `set(${OBJECT}, ParseJSON(${json}))`),
    where(condition, `set(${values}, Concat([${LEVEL_NAMES.map((name) => field(name)).join(', ')}], "\\n"))`),
    ...NESTED_LEVEL_NAMES.map((path) => also(isMap(path.slice(0, -1)), path)),
    where(
      `${condition} and ${isOtlp}`,
      `set(${values}, Concat([${values}, ${otlp('severityText')}], "\\n"))`,
    ),
    ...CONDITIONAL_LEVEL_NAMES.map(({ name, where: other }) => also(`${field(other)} != nil`, [name])),
    where(
      condition,
      `merge_maps(log.cache, ExtractPatterns(${values}, ${quoted(`(?m)^${LEVEL_VALUE}$`)}), "upsert")`,
    ),
    ...ofWord,
    where(condition, `set(${values}, Concat([${numbers.join(', ')}], "\\n"))`),
    where(
      `${condition} and ${field(GELF_FIELD)} != nil`,
      `set(${values}, Concat(["syslog", ${field('level')}], "="))`,
    ),
    where(`${condition} and ${isOtlp}`, `set(${values}, Concat(["otlp", ${otlp('severityNumber')}], "="))`),
    where(
      condition,
      `merge_maps(log.cache, ExtractPatterns(${values}, ${quoted(String.raw`(?m)^(?P<name>\w+)=(?P<number_text>\d{1,5})$`)}), "upsert")`,
    ),
    where(hasNumber, `set(${cache('number')}, Int(${cache('number_text')}))`),
    ...ofNamedNumber(hasNumber),
  ];
}

/** Condition: every value on the path to a field is an object. */
function isMap(path: readonly string[]): string {
  return path.map((_, index) => `IsMap(${field(...path.slice(0, index + 1))})`).join(' and ');
}
