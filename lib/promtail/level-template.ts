import { LEVEL_WORDS, LEVELS, NO_LEVEL, SCALE_NAMES, SCALES, type ScaleName } from '../logs/levels';
import { NUMBER_NAMES } from '../logs/structured-levels';
import { FIRST_LINE, IN_HEAD, IN_PLACE, IN_TEXT } from '../logs/text-levels';
import { branches } from './template';

/** The groups of an expression that contain a word. */
const words = (expressions: readonly string[]) =>
  expressions
    .flatMap((expression) => [...expression.matchAll(/\(\?P<(word\d+)>/g)].map(([, name]) => `.${name}`))
    .join(' ');

const PLACES = words([IN_PLACE]);
const OTHERS = words([FIRST_LINE, IN_HEAD, IN_TEXT]);

/** Template that converts the results of earlier stages to a level. */
export function levelTemplate(): string {
  return branches(
    [
      ['.word', `{{- $word := lower .word -}}${word()}`],
      ['.number', `{{- $n := atoi .number -}}{{- $name := lower .name -}}${number()}`],
      ['or .json .logfmt', NO_LEVEL],
      // A syslog priority is 8 times the facility, plus the level.
      ['.priority', `{{- $n := mod (atoi .priority) 8 -}}${scale('syslog')}`],
      // Each field lookup takes time, and most text has no fixed place for the level.
      ['.place', `{{- $word := lower (or ${PLACES}) -}}${word()}`],
      [`or ${OTHERS}`, `{{- $word := lower (or ${OTHERS}) -}}${word()}`],
      ['.raised', 'error'],
    ],
    NO_LEVEL,
  );
}

/** The level of a word. Most loggers write its name, so that the other words are not compared. */
function word(): string {
  const isOne = (words: readonly string[]) => `eq $word ${words.map((one) => JSON.stringify(one)).join(' ')}`;
  return branches(
    [
      [isOne(LEVELS), '{{- $word -}}'],
      ...LEVELS.map((level): readonly [string, string] => [isOne(LEVEL_WORDS[level]), level]),
    ],
    NO_LEVEL,
  );
}

/** The level of a number, by the name of its field or scale. */
function number(): string {
  const scales = SCALE_NAMES.map((name): readonly [string, string] => {
    const names = [name, ...NUMBER_NAMES[name].map((one) => one.toLowerCase())];
    const named = `eq $name ${[...new Set(names)].map((one) => `"${one}"`).join(' ')}`;
    // Syslog has no severity above 7.
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
