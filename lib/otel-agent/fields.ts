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
import { jsonStatements } from './json-level';
import { groupsOf, NUMBER_SCALES } from './level-forms';
import { cache, is, quoted, quotedList, where } from './ottl';

const LEVEL = 'log.attributes["level"]';
/** Condition: no level has been found yet. */
export const NO_LEVEL = `${LEVEL} == nil`;
const UNDECIDED = `${NO_LEVEL} and ${cache('decided')} == nil`;

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
      {
        context: 'log',
        conditions: ['resource.attributes["parser"] != "none"'],
        statements: textFields(),
      },
      {
        context: 'log',
        statements: [
          // Otherwise Loki would search for words and mistake a field name for a level.
          where(
            `${NO_LEVEL} and resource.attributes["parser"] != "none"`,
            `set(log.attributes["detected_level"], ${quoted(UNKNOWN)})`,
          ),
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

/** Finds the level and ids in the text of an entry. */
export function textFields(): string[] {
  return [...LEVEL_FORMS.flatMap(levelStatements), ...idStatements()];
}

/** Tries to find a level with one form, unless an earlier form found one, or found fields without a level. */
function levelStatements({ format, expression, source }: LevelForm): string[] {
  const { words, groups } = groupsOf(expression);
  const parser = 'resource.attributes["parser"]';
  const wanted = `${UNDECIDED} and (${parser} == "auto" or ${parser} == ${quoted(format)})`;
  const found = (group: string) => cache('found', group);
  const target = source === undefined ? 'log.body' : found(source);
  const when = (group: string) => `${NO_LEVEL} and ${is(found(group))}`;
  const statements: Readonly<Record<string, readonly string[]>> = {
    number: [
      where(when('number'), `set(${cache('number')}, Int(${found('number')}))`),
      where(when('number'), `set(${cache('name')}, ConvertCase(${found('name')}, "lower"))`),
      ...ofNamedNumber(when('number')),
    ],
    priority: [
      // A syslog priority is 8 times the facility, plus the level.
      where(
        when('priority'),
        `set(${cache('number')}, Int(${found('priority')}) - 8 * (Int(${found('priority')}) / 8))`,
      ),
      where(when('priority'), ofNumber(cache('number'), 'syslog')),
    ],
    raised: [where(when('raised'), `set(${LEVEL}, "error")`)],
    json: [...jsonStatements(when('json'), found('json'), [ofWord()], ofNamedNumber), decided('json')],
    logfmt: [decided('logfmt')],
  };
  return [
    `set(${cache('found')}, nil)`,
    where(
      source === undefined ? wanted : `${wanted} and ${is(target)}`,
      `set(${cache('found')}, ExtractPatterns(${target}, ${quoted(`^(?:${expression})`)}))`,
    ),
    where(
      `${NO_LEVEL} and ${cache('found')} != nil`,
      `set(${cache('word')}, Concat([${words.map(found).join(', ')}], ""))`,
    ),
    ofWord(),
    ...Object.entries(statements).flatMap(([group, some]) => (groups.includes(group) ? some : [])),
  ];
}

/** Fields were parsed, so the rest of the entry is not searched for a level. */
const decided = (group: string) =>
  where(`${NO_LEVEL} and ${is(cache('found', group))}`, `set(${cache('decided')}, true)`);

/** Sets the level for the word in the cache. */
export function ofWord(): string {
  const levels = LEVELS.map((level) => `${quoted(level)}: [{"equals": ${quotedList(LEVEL_WORDS[level])}}]`);
  return where(
    `${NO_LEVEL} and ${is(cache('word'))}`,
    `set(${LEVEL}, ParseSeverity(ConvertCase(${cache('word')}, "lower"), {${levels.join(', ')}}))`,
  );
}

/** The level of a number, by the name of its field. */
function ofNamedNumber(condition: string): string[] {
  return SCALE_NAMES.map((scale) => {
    const names = `ContainsValue(${quotedList(NUMBER_SCALES[scale])}, ${cache('name')})`;
    // Syslog has no severity above 7.
    const own = scale === 'syslog' ? `${cache('number')} <= 7 and ${names}` : names;
    return where(
      `${condition} and ${NO_LEVEL}${scale === 'plain' ? '' : ` and ${own}`}`,
      ofNumber(cache('number'), scale),
    );
  });
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

function idStatements(): string[] {
  const found = (expression: string) =>
    `merge_maps(log.cache, ExtractPatterns(log.body, ${quoted(expression)}), "upsert")`;
  const normalized = (source: string, field: string) => {
    const id = `log.attributes[${quoted(field)}]`;
    return [
      where(is(cache(source)), `set(${id}, ConvertCase(${cache(source)}, "lower"))`),
      where(is(cache(source)), `replace_pattern(${id}, "-", "")`),
      // Requires a letter: all zeros mean no trace, and Tempo cannot find a decimal id.
      where(
        `${is(cache(source))} and not IsMatch(${id}, "^[0-9]*[a-f][0-9a-f]*$")`,
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
