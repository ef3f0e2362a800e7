/** A word of a command, quoted if a shell would interpret it. */
export function shellWord(word: string): string {
  return /^[\w./:@,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
