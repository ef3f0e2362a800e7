import {
  CONDITIONAL_LEVEL_NAMES,
  GELF_FIELD,
  JSON_OBJECT,
  LEVEL_NAMES,
  LEVEL_VALUE,
  LOGFMT_LEVEL,
  NESTED_LEVEL_NAMES,
  NUMBER_NAMES,
} from '../logs/level-fields';
import { LEVEL_WORD, LEVELS, SCALE_NAMES } from '../logs/levels';
import { TEXT_LEVEL, WORD_IS_LEVEL } from '../logs/text-levels';
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
    forParsers(['auto'], [regex(`^(?:${JSON_OBJECT}|${LOGFMT_LEVEL})`), ...jsonLevel(), ...textLevel()]),
    forParsers(
      ['json', 'logfmt', 'text'],
      [
        forParsers(['json'], [regex(`^${JSON_OBJECT}`), ...jsonLevel()]),
        forParsers(['logfmt'], [regex(`^(?:${LOGFMT_LEVEL})`)]),
        forParsers(['text'], textLevel()),
      ],
    ),
    regex(LEVEL_WORD, 'word'),
    { template: { source: 'detected_level', template: levelTemplate() } },
    regex(`^(?P<level>${LEVELS.join('|')})$`, 'detected_level'),
    ...ids(),
    forParsers(['none'], ['detected_level', 'level', 'trace_id', 'span_id'].map(removed)),
    { structured_metadata: { level: null, detected_level: null, trace_id: null, span_id: null } },
  ];
}

const regex = (expression: string, source?: string): Stage => ({
  regex: source === undefined ? { expression } : { source, expression },
});

/** Promtail removes what a template leaves empty. */
const removed = (source: string): Stage => ({ template: { source, template: '' } });

/** The first name whose value is understood counts, not the first that is there. */
function jsonLevel(): Stage[] {
  const words = [
    ...LEVEL_NAMES.map(identifier),
    ...NESTED_LEVEL_NAMES.map((path) => path.map(identifier).join('.')),
    ...CONDITIONAL_LEVEL_NAMES.map(({ name, where }) => `${identifier(where)} && ${identifier(name)}`),
  ];
  const common = LEVELS.flatMap((level) => [level, level.toUpperCase(), capitalized(level)]).join(' ');
  const numbers = SCALE_NAMES.map((scale) => {
    const names = NUMBER_NAMES[scale].map(identifier).join(' || ');
    return `['${scale}', ${scale === 'syslog' ? `${GELF_FIELD} && level || ${names}` : names}]`;
  });
  return [
    {
      json: {
        source: 'json',
        // The usual words first, as a list of all fields takes longer than to read the line.
        expressions: {
          levels: `level && contains('${common}', level) && [level] || [[${words.join(', ')}][?@], [${numbers.join(', ')}][?@[1]]]`,
        },
      },
    },
    regex(
      String.raw`^\[(?:(?:.*?[\[,])?"${LEVEL_VALUE}"[,\]]|.*?\["(?P<name>\w+)","?(?P<number>\d{1,5})"?\])`,
      'levels',
    ),
  ];
}

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** A name as JMESPath takes it. */
function identifier(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`;
}

function textLevel(): Stage[] {
  return [regex(`^(?:${TEXT_LEVEL})`), regex(WORD_IS_LEVEL, 'text_word')];
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
