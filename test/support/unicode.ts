import fc from 'fast-check';

const codePoint = fc.oneof(
  fc.integer({ min: 0, max: 0xd7ff }),
  // Half a pair of surrogates is not text.
  fc.integer({ min: 0xe000, max: 0x10ffff }),
);

/** Text of any code points, and of what often breaks programs. `unit: 'binary'` does the same, but needs two seconds. */
export function unicodeText(maxLength: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(codePoint, { maxLength }).map((points) => String.fromCodePoint(...points)),
    fc.string({ maxLength }),
  );
}
