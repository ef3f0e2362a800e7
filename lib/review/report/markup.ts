/** Bytes of a text in UTF-8. */
export function size(text: string): number {
  return Buffer.byteLength(text);
}

/** A text without its middle, where it is too long to read. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 1) / 2);
  // A character outside of the basic plane is two units, which must not be parted.
  const [start, end] = [text.slice(0, half), text.slice(-half)].map((part) =>
    part.replace(/[\uD800-\uDBFF]$/, '').replace(/^[\uDC00-\uDFFF]/, ''),
  );
  return `${start}…${end} (${text.length} characters)`;
}

/** Plain text as Markdown of GitHub: no HTML, no links, no mention of a person, no reference to an issue. */
export function escapeText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll(/[@#](?=\w)/g, '$&\u200b');
}

/** As {@link escapeText}, with what is in backticks as code. */
export function prose(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeText(part)))
    .join('');
}

/** A block of code that nothing in it can end. */
export function fence(language: string, lines: readonly string[]): string {
  const longest = Math.max(
    0,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const marks = '`'.repeat(Math.max(3, longest + 1));
  return [
    `${marks}${language}`,
    ...lines.map((line) => line.replaceAll(/[\r\n\u2028\u2029]/g, ' ')),
    marks,
  ].join('\n');
}

/** As many texts as there is room for, and how many are left over. */
export function thatFit(texts: readonly string[], room: number): { texts: readonly string[]; left: number } {
  let used = 0;
  const count = texts.findIndex((text) => {
    used += size(text) + 1;
    return used > room;
  });
  const shown = count < 0 ? texts : texts.slice(0, count);
  return { texts: shown, left: texts.length - shown.length };
}
