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
import { forParsers, type Stage } from './stage';

/**
 * Finds level, trace id and span id in an entry, whatever its format, and sends them as structured metadata:
 * as labels, each trace would be a stream of its own. What is absent is not sent; what is not an id neither.
 *
 * Loki derives `detected_level`, which people query, from the level. An entry whose fields were read but say no level
 * gets one of its own: Loki would look for words, and take the name of a field for one.
 *
 * Every entry passes every stage, and each costs time even where it does nothing. So an expression begins with fixed
 * characters, or fails at the first one of another format; what is rare has a `source` that is rarely there; and there
 * is one template, the slowest kind of stage.
 */
export function fieldStages(): Stage[] {
  return [
    forParsers(['auto'], levels('json', 'logfmt', 'text')),
    forParsers(
      FORMATS,
      FORMATS.map((format) => forParsers([format], levels(format))),
    ),
    { template: { source: 'detected_level', template: levelTemplate() } },
    regex(`^(?P<level>${LEVELS.join('|')})$`, 'detected_level'),
    ...ids(),
    forParsers(['none'], ['detected_level', 'level', 'trace_id', 'span_id'].map(removed)),
    { structured_metadata: { level: null, detected_level: null, trace_id: null, span_id: null } },
  ];
}

const FORMATS = ['json', 'logfmt', 'text'] as const;

/** Finds the level in an entry of some formats. */
function levels(...formats: ReadonlyArray<LevelForm['format']>): Stage[] {
  return LEVEL_FORMS.filter(({ format }) => formats.includes(format)).flatMap(
    ({ expression, source, format }) => [
      regex(`^(?:${expression})`, source),
      ...(format === 'json' ? levelOfObject() : []),
    ],
  );
}

const regex = (expression: string, source?: string): Stage => ({
  regex: source === undefined ? { expression } : { source, expression },
});

/** Promtail removes what a template leaves empty. */
const removed = (source: string): Stage => ({ template: { source, template: '' } });

/** The first name whose value is understood counts, not the first that is there. */
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

/** A name as JMESPath takes it. */
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
    // With a letter: zeros say that there is no trace, and a decimal id is none that Tempo could find.
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
