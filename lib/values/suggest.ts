import { closest, distance } from 'fastest-levenshtein';

/** The known word that is nearest to a mistyped one, unless even that is too far to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(2, Math.floor(word.length / 3)) ? candidate : undefined;
}
