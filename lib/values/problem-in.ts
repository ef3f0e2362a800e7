import { readFileSync } from 'node:fs';
import type { Problem } from './problem';
import { ValuesSource } from './source';

/**
 * A mistake in a values file that was read without any, and shows in what is rendered from it.
 *
 * @param reads Settings that it comes of, as dotted paths; as with a rule, the mistake is the first one's, and is
 *   reported at the first one that the file mentions.
 * @param message The end of the sentence "<first setting> must be …".
 */
export function problemIn(file: string, reads: readonly [string, ...string[]], message: string): Problem {
  const { source } = ValuesSource.parse(file, readFileSync(file, 'utf8'));
  const paths = reads.map((read) => read.split('.'));
  const written = paths.find((path) => source.valueAt(path) !== undefined) ?? paths[0] ?? [];
  return source.problem(written, `${reads[0]} ${message}`);
}
