import { cache, isSet, quoted, quotedList, where } from '../collector/ottl';
import { LEVEL_FORMS, type LevelForm } from '../logs/level-forms';
import {
  LEVEL_WORDS,
  LEVELS,
  SCALE_NAMES,
  SCALES,
  type Scale,
  type ScaleName,
  NO_LEVEL as UNKNOWN,
} from '../logs/levels';
import { NAMED_SPAN_ID, TRACE_ID, TRACE_ID_FORMS, UUID } from '../logs/trace-ids';
import { objectStatements } from './json-level';
import { groupsOf, NUMBER_SCALES } from './level-forms';

const LEVEL = 'log.attributes["level"]';
const DETECTED_LEVEL = 'log.attributes["detected_level"]';
const PARSER = 'resource.attributes["parser"]';
/** Condition: no level has been found yet. */
export const NO_LEVEL = `${LEVEL} == nil`;

/** Attributes in which one group of statements leaves what a later group reads. */
const FOUND = {
  json: 'log.attributes["found.json"]',
  number: 'log.attributes["found.number"]',
  name: 'log.attributes["found.name"]',
};

/** Statements with a common condition, which is checked once. Their cache is empty at the start. */
interface StatementGroup {
  readonly context: 'log';
  readonly conditions: readonly string[];
  readonly statements: readonly string[];
}

/**
 * Finds the level, trace id and span id of an entry in any format, and stores them as attributes, which Loki stores as
 * structured metadata. As labels, they would create one stream per trace.
 *
 * @param maxLineBytes Maximum line size in Loki. Longer lines would have to be sent before Loki truncates them.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/pkg/ottl
 */
export function fieldStatements(maxLineBytes: number) {
  return {
    error_mode: 'silent',
    log_statements: [
      {
        context: 'log',
        statements: [
          // Blank lines at the end of the entry.
          `replace_pattern(log.body, ${quoted(String.raw`(?:\n[ \t\r]*)+$`)}, "")`,
          `set(log.body, Substring(log.body, 0, ${maxLineBytes})) where Len(log.body) > ${maxLineBytes}`,
          // Loki would store it as a field.
          'set(log.observed_time_unix_nano, 0)',
        ],
      },
      ...textFields(),
      {
        context: 'log',
        statements: [
          ...detectedLevel(`${NO_LEVEL} and ${PARSER} != "none"`),
          'keep_keys(log.attributes, ["level", "detected_level", "trace_id", "span_id"])',
        ],
      },
      {
        context: 'resource',
        statements: [
          'delete_key(resource.attributes, "parser")',
          'delete_key(resource.attributes, "exclude")',
        ],
      },
    ],
  };
}

/** States that an entry has no level. Otherwise Loki would search for words and mistake a field name for a level. */
export function detectedLevel(unknown: string): string[] {
  return [
    where(unknown, `set(${DETECTED_LEVEL}, ${quoted(UNKNOWN)})`),
    where(`${LEVEL} != nil`, 'delete_key(log.attributes, "detected_level")'),
  ];
}

/**
 * Finds the level and ids in the text of an entry. An entry passes only the groups of its own format, since each
 * statement takes time even if its condition does not hold. Attributes that start with `found.` remain.
 */
export function textFields(): StatementGroup[] {
  const group = (condition: string, statements: readonly string[]): StatementGroup => ({
    context: 'log',
    conditions: [condition],
    statements,
  });
  const formsOf = (format: LevelForm['format'], begins: string) =>
    group(
      `${NO_LEVEL} and ${DETECTED_LEVEL} == nil and ${begins}(${PARSER} == "auto" or ${PARSER} == ${quoted(format)})`,
      levelStatements(LEVEL_FORMS.filter((form) => form.format === format)),
    );
  return [
    formsOf('json', String.raw`IsMatch(log.body, "^\\s*\\{") and `),
    formsOf('logfmt', ''),
    formsOf('text', ''),
    group(`${FOUND.json} != nil`, [...objectStatements(FOUND.json), ofWord(), ...numberStatements()]),
    group(`${NO_LEVEL} and ${FOUND.number} != nil`, ofNamedNumber()),
    group(`${PARSER} != "none" and (${idHints().join(' or ')})`, idStatements()),
  ];
}

/** Finds the level with the first form that matches. */
function levelStatements(forms: readonly LevelForm[]): string[] {
  const groups = forms.flatMap(({ expression }) => groupsOf(expression).groups);
  const found: Readonly<Record<string, readonly string[]>> = {
    priority: [
      // A syslog priority is 8 times the facility, plus the level.
      `set(${cache('number')}, Int(${cache('priority')}) - 8 * (Int(${cache('priority')}) / 8))`,
      ofNumber(cache('number'), 'syslog'),
    ],
    raised: [`set(${LEVEL}, "error")`],
    number: numberStatements(),
    json: [`set(${FOUND.json}, ${cache('json')})`],
  };
  const decided = ['json', 'logfmt', 'number']
    .filter((name) => groups.includes(name))
    .map((name) => isSet(cache(name)));
  return [
    ...forms.flatMap(({ expression, source }) => {
      const { words } = groupsOf(expression);
      const [word = ''] = words;
      const matched = `merge_maps(log.cache, ExtractPatterns(${source === undefined ? 'log.body' : cache(source)}, ${quoted(`^(?:${expression})`)}), "upsert")`;
      return [
        where(source === undefined ? 'IsEmpty(log.cache)' : isSet(cache(source)), matched),
        ...(word === 'word' || words.length === 0
          ? []
          : [
              where(
                `${cache(word)} != nil`,
                `set(${cache('word')}, Concat([${words.map((one) => cache(one)).join(', ')}], ""))`,
              ),
            ]),
      ];
    }),
    ofWord(),
    ...Object.entries(found).flatMap(([name, statements]) =>
      groups.includes(name) ? statements.map((one) => where(isSet(cache(name)), one)) : [],
    ),
    // Fields were parsed, so the rest of the entry is not searched for a level.
    ...(decided.length === 0
      ? []
      : [where(`${NO_LEVEL} and (${decided.join(' or ')})`, `set(${DETECTED_LEVEL}, ${quoted(UNKNOWN)})`)]),
  ];
}

/** Sets the level for the word in the cache. */
export function ofWord(): string {
  const levels = LEVELS.map((level) => `${quoted(level)}: [{"equals": ${quotedList(LEVEL_WORDS[level])}}]`);
  return where(
    `${NO_LEVEL} and ${isSet(cache('word'))}`,
    `set(${LEVEL}, ParseSeverity(ConvertCase(${cache('word')}, "lower"), {${levels.join(', ')}}))`,
  );
}

/** Leaves the number in the cache and the name of its field for a later group. */
const numberStatements = () => [
  `set(${FOUND.number}, ${cache('number')})`,
  `set(${FOUND.name}, ${cache('name')})`,
];

/** The level of a number, by the name of its field. */
function ofNamedNumber(): string[] {
  return [
    `set(${cache('number')}, Int(${FOUND.number}))`,
    `set(${cache('name')}, ConvertCase(${FOUND.name}, "lower"))`,
    ...SCALE_NAMES.map((scale) => {
      const names = `ContainsValue(${quotedList(NUMBER_SCALES[scale])}, ${cache('name')})`;
      // Syslog has no severity above 7.
      const own = scale === 'syslog' ? `${cache('number')} <= 7 and ${names}` : names;
      return where(`${NO_LEVEL}${scale === 'plain' ? '' : ` and ${own}`}`, ofNumber(cache('number'), scale));
    }),
  ];
}

/** Sets the level for a number on a scale. */
export function ofNumber(number: string, scale: ScaleName): string {
  const levels = new Map<string, string[]>();
  let first = 0;
  for (const [last, level] of SCALES[scale] as Scale) {
    if (level !== undefined)
      levels.set(level, [...(levels.get(level) ?? []), `{"range": {"min": ${first}, "max": ${last}}}`]);
    first = last + 1;
  }
  const mapping = [...levels].map(([level, ranges]) => `${quoted(level)}: [${ranges.join(', ')}]`);
  return `set(${LEVEL}, ParseSeverity(${number}, {${mapping.join(', ')}}))`;
}

/** Conditions of which one holds for each entry with an id. Fixed first characters make them fast. */
function idHints(): string[] {
  const hints = [...TRACE_ID_FORMS.map(({ before }) => `${before}[0-9a-fA-F]{8}`), NAMED_SPAN_ID];
  return hints.map((one) => `IsMatch(log.body, ${quoted(one.replaceAll('?P<span>', '?:'))})`);
}

function idStatements(): string[] {
  const found = (expression: string) =>
    `merge_maps(log.cache, ExtractPatterns(log.body, ${quoted(expression)}), "upsert")`;
  const normalized = (source: string, field: string) => {
    const id = `log.attributes[${quoted(field)}]`;
    return [
      where(isSet(cache(source)), `set(${id}, ConvertCase(${cache(source)}, "lower"))`),
      where(isSet(cache(source)), `replace_pattern(${id}, "-", "")`),
      // Requires a letter: all zeros mean no trace, and Tempo cannot find a decimal id.
      where(
        `${isSet(cache(source))} and not IsMatch(${id}, "^[0-9]*[a-f][0-9a-f]*$")`,
        `delete_key(log.attributes, ${quoted(field)})`,
      ),
    ];
  };
  return [
    ...TRACE_ID_FORMS.map(({ before, span, needsSpan }) => {
      const id = `${before}(?P<trace>${TRACE_ID}|${UUID})`;
      return found(needsSpan ? id + span : String.raw`${id}(?:${span})?\b`);
    }),
    found(NAMED_SPAN_ID),
    ...normalized('trace', 'trace_id'),
    ...normalized('span', 'span_id'),
  ];
}
