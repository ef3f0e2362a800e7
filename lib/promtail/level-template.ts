import { LEVEL_FORMS } from '../logs/level-forms';
import { LEVEL_WORDS, LEVELS, NO_LEVEL, SCALE_NAMES, SCALES, type ScaleName } from '../logs/levels';
import { NUMBER_NAMES } from '../logs/structured-levels';

/** The groups of text in which a word is, in the order of the forms. */
const WORDS_OF_TEXT = LEVEL_FORMS.flatMap(({ expression }) =>
  [...expression.matchAll(/\(\?P<(word\d+)>/g)].map(([, name]) => `.${name}`),
).join(' ');

/** Template that turns what the stages before it found into a level. */
export function levelTemplate(): string {
  return branches(
    [
      ['.word', `{{- $word := lower .word -}}${word()}`],
      ['.number', `{{- $n := atoi .number -}}{{- $name := lower .name -}}${number()}`],
      ['or .json .logfmt', NO_LEVEL],
      // The priority of syslog is 8 times a facility, plus the level.
      ['.priority', `{{- $n := mod (atoi .priority) 8 -}}${scale('syslog')}`],
      [`or ${WORDS_OF_TEXT}`, `{{- $word := lower (or ${WORDS_OF_TEXT}) -}}${word()}`],
      ['.raised', 'error'],
    ],
    NO_LEVEL,
  );
}

/** The level of a word. */
function word(): string {
  return branches(
    LEVELS.map((level) => [
      `eq $word ${LEVEL_WORDS[level].map((one) => JSON.stringify(one)).join(' ')}`,
      level,
    ]),
    NO_LEVEL,
  );
}

/** The level of a number, by the name of its field or of its scale. */
function number(): string {
  const scales = SCALE_NAMES.map((name): readonly [string, string] => {
    const names = [name, ...NUMBER_NAMES[name].map((one) => one.toLowerCase())];
    const named = `eq $name ${[...new Set(names)].map((one) => `"${one}"`).join(' ')}`;
    // A severity above 7 is none of syslog.
    return [name === 'syslog' ? `and (le $n 7) (${named})` : named, scale(name)];
  });
  return branches(scales, scale('plain'));
}

function scale(name: ScaleName): string {
  return branches(
    SCALES[name].map(([last, level]) => [`le $n ${last}`, level ?? NO_LEVEL]),
    NO_LEVEL,
  );
}

/** The text of the first condition that holds. */
function branches(all: ReadonlyArray<readonly [condition: string, text: string]>, otherwise: string): string {
  const ifs = all.map(([condition, text]) => `if ${condition} -}}${text}`);
  return `{{- ${[...ifs, `-}}${otherwise}`].join('{{- else ')}{{- end -}}`;
}
