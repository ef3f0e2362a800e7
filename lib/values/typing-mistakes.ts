/** A mistake in the text of a file that makes YAML errors misleading. */
export interface TypingMistake {
  readonly offset: number;
  readonly message: string;
}

/** The first group of each pattern captures the mistake. */
const PATTERNS: ReadonlyArray<readonly [RegExp, (found: string) => string]> = [
  [/^(<{7} )/m, () => 'unresolved merge conflict; keep one side and remove the markers'],
  [/(\r)(?!\n)/, () => 'the line ends with a carriage return only; save the file with line feeds'],
  [/^ *(?:- )?[\w.-]+ *([\uff1a\ufe55\ua789])/m, (found) => lookalike(found, 'colon', ':')],
  [
    /^ *(?:- )?(?:[\w.-]+: +)?([\u2018-\u201f\u00ab\u300c\uff02\uff07])/m,
    (found) => lookalike(found, 'quote', '"'),
  ],
];

/** Mistakes caused by an editor or a keyboard. The YAML parser would report them with other words or elsewhere. */
export function typingMistakes(text: string): TypingMistake[] {
  return PATTERNS.flatMap(([pattern, message]) => {
    const [whole = '', found] = pattern.exec(text) ?? [];
    const start = text.search(pattern);
    return found === undefined ? [] : [{ offset: start + whole.lastIndexOf(found), message: message(found) }];
  });
}

/** Spaces other than the ASCII space, and zero-width characters. */
export const ODD_SPACE = /[\u00a0\u2000-\u200d\u202f\u205f\u3000\ufeff]/;

/** The code point of a character, as in `U+00A0`. */
export const codePoint = (character: string) =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

function lookalike(found: string, name: string, meant: string): string {
  return `${found} (${codePoint(found)}) is not a ${name} in YAML; type ${meant}`;
}
