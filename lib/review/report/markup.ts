/** Length of a string in UTF-8 bytes. */
export function size(text: string): number {
  return Buffer.byteLength(text);
}

/** A string without its middle if it is too long to read. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 1) / 2);
  // A character outside the basic plane has two units, which must stay together.
  const [start, end] = [text.slice(0, half), text.slice(-half)].map((part) =>
    part.replace(/[\uD800-\uDBFF]$/, '').replace(/^[\uDC00-\uDFFF]/, ''),
  );
  return `${start}…${end} (${text.length} characters)`;
}

/** Plain text as GitHub Markdown: no HTML, links, mentions or issue references. */
export function escapeText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll(/[@#](?=\w)/g, '$&\u200b');
}

/** As {@link escapeText}, but text in backticks is code. */
export function prose(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeText(part)))
    .join('');
}

/** A code block that its content cannot end. */
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

/** As many strings as fit, and the number of omitted ones. */
export function thatFit(texts: readonly string[], room: number): { texts: readonly string[]; left: number } {
  let used = 0;
  const count = texts.findIndex((text) => {
    used += size(text) + 1;
    return used > room;
  });
  const shown = count < 0 ? texts : texts.slice(0, count);
  return { texts: shown, left: texts.length - shown.length };
}
