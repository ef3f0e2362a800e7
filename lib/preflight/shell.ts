/** A word of a command, in quotes where a shell would read it otherwise. */
export function shellWord(word: string): string {
  return /^[\w./:@,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
