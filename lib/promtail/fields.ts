import type { Parser } from '../logs/annotations';
import { LEVEL_FORMS, type LevelForm } from '../logs/level-forms';
import { LEVELS, SCALE_NAMES } from '../logs/levels';
import {
  CONDITIONAL_LEVEL_NAMES,
  GELF_FIELD,
  LEVEL_NAMES,
  LEVEL_VALUE,
  NESTED_LEVEL_NAMES,
  NUMBER_NAMES,
  OTLP_RECORD,
} from '../logs/structured-levels';
import { NAMED_SPAN_ID, TRACE_ID, TRACE_ID_FORMS, UUID } from '../logs/trace-ids';
import { levelTemplate } from './level-template';
import type { Stage } from './stage';

/**
 * Finds the level, trace id and span id of an entry, and sends them as structured metadata. As labels, they would create
 * one stream per trace. Missing values and invalid ids are not sent.
 *
 * Loki derives `detected_level`, which users query, from the level. If the fields of an entry were parsed but state no
 * level, the entry gets an explicit one. Otherwise Loki would search for words and mistake a field name for a level.
 *
 * An expression starts with fixed characters, or fails at the first character of another format. Rare forms use a
 * `source` that is rarely set. There is only one template, because templates are the slowest kind of stage, and the more
 * values were extracted, the slower it is.
 */
export function fieldStages(parser: Parser): Stage[] {
  if (parser === 'none') return [];
  return [
    ...LEVEL_FORMS.filter(({ format }) => parser === 'auto' || parser === format).flatMap(levelStages),
    { template: { source: 'detected_level', template: levelTemplate() } },
    regex(`^(?P<level>${LEVELS.join('|')})$`, 'detected_level'),
    ...ids(),
    { structured_metadata: { level: null, detected_level: null, trace_id: null, span_id: null } },
  ];
}

function levelStages({ format, expression, source }: LevelForm): Stage[] {
  return [regex(`^(?:${expression})`, source), ...(format === 'json' ? levelOfObject() : [])];
}

const regex = (expression: string, source?: string): Stage => ({
  regex: source === undefined ? { expression } : { source, expression },
});

/** The first name with a recognized value wins, not the first name that is present. */
function levelOfObject(): Stage[] {
  const words = [
    ...LEVEL_NAMES.map(identifier),
    ...NESTED_LEVEL_NAMES.map((path) => path.map(identifier).join('.')),
    ...CONDITIONAL_LEVEL_NAMES.map(({ name, where }) => `${identifier(where)} && ${identifier(name)}`),
    `${OTLP_RECORD}.severityText`,
  ];
  const numbers = SCALE_NAMES.map((scale) => {
    const names = NUMBER_NAMES[scale].map(identifier).join(' || ');
    const first = { syslog: `${GELF_FIELD} && level || `, otlp: `${OTLP_RECORD}.severityNumber || ` };
    return `['${scale}', ${first[scale as keyof typeof first] ?? ''}${names}]`;
  });
  return [
    {
      json: {
        source: 'json',
        expressions: {
          levels: `[[${words.join(', ')}][?type(@) == 'string'], [${numbers.join(', ')}][?contains(['number', 'string'], type(@[1]))]]`,
        },
      },
    },
    regex(
      String.raw`^\[(?:(?:.*?[\[,])?"${LEVEL_VALUE}"[,\]]|.*?\["(?P<name>\w+)","?(?P<number>\d{1,5})"?\])`,
      'levels',
    ),
  ];
}

/** A name in JMESPath syntax. */
function identifier(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`;
}

function ids(): Stage[] {
  const normalized = (source: string, field: string): Stage[] => [
    {
      replace: {
        source,
        expression: '^([0-9a-f]*[A-F-][0-9A-Fa-f-]*)$',
        replace: '{{ .Value | replace "-" "" | lower }}',
      },
    },
    // Requires a letter: all zeros mean no trace, and Tempo cannot find a decimal id.
    regex(`^(?P<${field}>[0-9]*[a-f][0-9a-f]*)$`, source),
  ];
  return [
    ...TRACE_ID_FORMS.map(({ before, span, needsSpan }) => {
      const id = `${before}(?P<trace>${TRACE_ID}|${UUID})`;
      return regex(needsSpan ? id + span : String.raw`${id}(?:${span})?\b`);
    }),
    regex(NAMED_SPAN_ID),
    ...normalized('trace', 'trace_id'),
    ...normalized('span', 'span_id'),
  ];
}
