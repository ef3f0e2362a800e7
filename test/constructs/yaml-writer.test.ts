import { describe, expect, test } from '@jest/globals';
import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { renderYaml } from '../../lib/constructs/config-file';
import { manifestYaml, yamlWriter } from '../../lib/constructs/yaml-writer';
import { CASE_NAMES, caseManifests } from '../support/render';
import { unicodeText } from '../support/unicode';

/** What starts or ends a document. It needs quotes only there, but this writer uses them everywhere. */
const isMarker = (text: string) => /^(?:---|\.\.\.|%)/m.test(text);

/** Text of every sort, with what YAML quotes, folds, or writes as a block. */
const anyText = fc.oneof(
  unicodeText(30),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', '\\', '{', 'ß', '\t', '$', '0'),
    maxLength: 30,
  }),
  // What looks like a number, a date, an address or a flag, with and without a unit.
  fc.string({ unit: fc.constantFrom(...'019.:/-_+eExobnaftyrulskKMGTiBmhwd$^('), maxLength: 9 }),
  fc.constantFrom(
    'on',
    'no',
    '0644',
    '1e3',
    'null',
    '~',
    '',
    ' x',
    'x ',
    '|',
    '- a',
    '? b',
    '&a',
    '*b',
    '!c',
    '%d',
    '@e',
    '`f',
  ),
);
const text = anyText.filter((one) => !isMarker(one));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('any'),
      { maxKeys: 4 },
    ),
  ),
}));
const data = fc.oneof(
  fc.array(value.any, { maxLength: 4 }),
  fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    value.any,
    { maxKeys: 4 },
  ),
);

/** The options of config files, as they are without a writer of our own. */
const CONFIG = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true } as const;

describe('the writer of YAML', () => {
  test.each(CASE_NAMES)('writes each object of case %s as cdk8s does', (name) => {
    const objects = caseManifests(name);

    for (const object of objects) expect(manifestYaml(object)).toBe(Yaml.stringify(object));
    for (const file of objects
      .filter(({ kind }) => kind === 'ConfigMap')
      .flatMap((one) => Object.values<string>(one.data))) {
      const config = parse(file);
      expect(renderYaml(config)).toBe(stringify(config, CONFIG));
    }
  });

  test('writes any data as the package yaml does', () => {
    fc.assert(
      fc.property(data, (some) => {
        const copy = JSON.parse(JSON.stringify(some));
        expect(manifestYaml(copy)).toBe(Yaml.stringify(copy));
        expect(renderYaml(copy)).toBe(stringify(copy, CONFIG));
      }),
      { numRuns: 500 },
    );
  });

  test('writes a long object that several keys have once, and a reader finds it at each of them', () => {
    const withAnchors = yamlWriter(CONFIG, { anchors: true });
    const long = 'x'.repeat(200);
    fc.assert(
      fc.property(data, value.any, (first, other) => {
        const [one, two] = [{ first, long }, [other, long]];
        const some = { a: one, b: { c: two, list: [{ a: one }] }, d: { c: two, a: two, e: one } };
        // The key `<<` would merge maps.
        const read = (text: string) => parse(text, { version: '1.1', maxAliasCount: -1, merge: false });

        expect(withAnchors(some)).toContain('*');
        expect(read(withAnchors(some))).toEqual(read(renderYaml(some)));
      }),
      { numRuns: 100 },
    );
    const short = [long.slice(10)];
    expect(withAnchors({ a: { of: short, end: 1 }, b: { of: short, end: 2 } })).not.toContain('*');
    const of = (end: string) => ({ of: [long, end] });
    expect(
      withAnchors({ a: of('p'), b: { ...of('p'), end: 1 }, c: of('q'), d: { ...of('q'), end: 2 } }),
    ).toBe(
      [
        'a:',
        '  of: &of',
        `    - ${long}`,
        '    - p',
        'b:',
        '  of: *of',
        '  end: 1',
        'c:',
        '  of: &of2',
        `    - ${long}`,
        '    - q',
        'd:',
        '  of: *of2',
        '  end: 2',
        '',
      ].join('\n'),
    );
  });

  test('writes an entry that several lists have once, named after a word in it, so that what differs stands out', () => {
    const withAnchors = yamlWriter(CONFIG, { anchors: true });
    const make = (target_label: string) => ({
      source_labels: [`__meta_of_the_${target_label}`],
      target_label,
    });
    const keep = (regex: string) => ({ source_labels: ['__format'], regex, action: 'keep' });
    const job = (regex: string) => ({
      rules: [make('__path__'), keep(regex), make('namespace'), make('path')],
    });
    const data = { jobs: [job('json'), job('text')] };

    expect(parse(withAnchors(data), { version: '1.1' })).toEqual(data);
    expect(withAnchors(data)).toBe(
      [
        'jobs:',
        '  - rules:',
        '      - &path',
        '        source_labels:',
        '          - __meta_of_the___path__',
        '        target_label: __path__',
        '      - source_labels:',
        '          - __format',
        '        regex: json',
        '        action: keep',
        '      - &namespace',
        '        source_labels:',
        '          - __meta_of_the_namespace',
        '        target_label: namespace',
        '      - &path2',
        '        source_labels:',
        '          - __meta_of_the_path',
        '        target_label: path',
        '  - rules:',
        '      - *path',
        '      - source_labels:',
        '          - __format',
        '        regex: text',
        '        action: keep',
        '      - *namespace',
        '      - *path2',
        '',
      ].join('\n'),
    );
  });
});
