import { NUMBER_NAMES } from '../logs/level-fields';
import { LEVELS, SCALE_NAMES, SCALES, type ScaleName } from '../logs/levels';

/** Stops Loki from looking for a level. */
const UNKNOWN = 'unknown';

/** Template that turns what the stages before it found into a level, or into nothing. */
export function levelTemplate(): string {
  return branches([
    // In capitals, in which it is no `level` of ours, but is one to Loki.
    ['.loki', '{{- upper .loki -}}'],
    // The expression for words has a group of the name of each level.
    ['.word', branches(LEVELS.map((level) => [`.${level}`, level]))],
    ['.number', `{{- $n := atoi .number -}}{{- $name := lower .name -}}${number()}`],
    // The priority of syslog is 8 times a facility, plus the level.
    ['.priority', `{{- $n := mod (atoi .priority) 8 -}}${scale('syslog')}`],
    ['.json', UNKNOWN],
    ['.logfmt', UNKNOWN],
  ]);
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
    SCALES[name].map(([last, level]) => [`le $n ${last}`, level ?? UNKNOWN]),
    UNKNOWN,
  );
}

/** The text of the first condition that holds. */
function branches(
  all: ReadonlyArray<readonly [condition: string, text: string]>,
  otherwise?: string,
): string {
  const ifs = all.map(([condition, text]) => `if ${condition} -}}${text}`);
  return `{{- ${[...ifs, ...(otherwise ? [`-}}${otherwise}`] : [])].join('{{- else ')}{{- end -}}`;
}
