import { closest, distance } from 'fastest-levenshtein';

/** The known word closest to a mistyped one, or undefined if none is close enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(2, Math.floor(word.length / 3)) ? candidate : undefined;
}

/** The listed word that the user probably meant; undefined if none is close, or if the word is in the list. */
export function meantWord(input: unknown, known: readonly string[]): string | undefined {
  if (typeof input !== 'string' || known.length === 0) return undefined;
  const word = input.trim().toLowerCase();
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(1, Math.floor(word.length / 3)) ? candidate : undefined;
}

/** The number in a string such as `"3"`, `1,000` or `5%`, if a setting accepts it. */
export function meantNumber(input: unknown, accepts: (value: number) => boolean): number | undefined {
  if (typeof input !== 'string' || !/^\d+(?:[_,]\d{3})*(?:\.\d+)?\s*%?$/.test(input.trim())) return undefined;
  const value = Number(input.replaceAll(/[_,%\s]/g, ''));
  return accepts(value) ? value : undefined;
}

/** The boolean behind a word such as `yes` or `off`, which is a string in YAML 1.2. */
export function meantFlag(input: unknown): boolean | undefined {
  const word = String(input).toLowerCase();
  if (['true', 'yes', 'y', 'on', '1', 'enabled'].includes(word)) return true;
  return ['false', 'no', 'n', 'off', '0', 'disabled'].includes(word) ? false : undefined;
}

/** A name or host in lower case, without parts copied by accident: a scheme, a port, a path, a trailing dot, spaces. */
export function meantName(input: unknown, pattern: RegExp): string | undefined {
  if (typeof input !== 'string') return undefined;
  const name = input
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/(?::\d+)?(?:\/.*)?$/, '')
    .replace(/\.$/, '')
    .replaceAll(/[_\s]+/g, '-');
  return pattern.test(name) ? name : undefined;
}
