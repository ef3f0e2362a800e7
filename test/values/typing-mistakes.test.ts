import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { stackSettings } from '../../lib/settings';
import { ValuesError } from '../../lib/values/problem';
import { parseValues } from '../../lib/values/read-values';

/** The errors of a values file, without its name. */
function errors(text: string): string[] {
  try {
    parseValues('x', text, stackSettings);
    return [];
  } catch (error) {
    if (error instanceof ValuesError) return error.message.split('\n').map((line) => line.slice(2));
    throw error;
  }
}

const CLUSTER = 'cluster: {domain: example.com}\n';

describe('a values file with a typing mistake', () => {
  test.each([
    [
      `<<<<<<< HEAD\n${CLUSTER}=======\n${CLUSTER}>>>>>>> feature\n`,
      '1:1: unresolved merge conflict; keep one side and remove the markers',
    ],
    [
      `${CLUSTER}<<<<<<< ours\nloki: {}\n`,
      '2:1: unresolved merge conflict; keep one side and remove the markers',
    ],
    [
      'cluster:\r  domain: example.com\r',
      '1:9: the line ends with a carriage return only; save the file with line feeds',
    ],
    ['cluster：\n  domain: example.com\n', '1:8: ： (U+FF1A) is not a colon in YAML; type :'],
    ['cluster:\n  domain: “example.com”\n', '2:11: “ (U+201C) is not a quote in YAML; type "'],
    [
      `${CLUSTER}logs:\n  excludedNamespaces:\n    - ‘default’\n`,
      '4:7: ‘ (U+2018) is not a quote in YAML; type "',
    ],
    [
      'cluster:\n  domain: example.com\n  nodes:\u00a03\n',
      '3:9: this is not a space, but the character U+00A0, which YAML treats as a letter; type a space',
    ],
    [
      'cluster: {domain: example.com, nodes: 010}\n',
      '1:39: 010 is octal for some YAML parsers; remove the leading zero, or quote a string',
    ],
    [
      'cluster: {domain: example.com, podsPerNode: 0o20}\n',
      '1:45: 0o20 is octal for some YAML parsers; remove the leading zero, or quote a string',
    ],
    ['cluster:\n  domain: {{ .Values.domain }}\n', '2:12: templates are not evaluated; write the value out'],
    [
      'cluster:\n  domain: *.example.com\n',
      '2:11: the alias "*.example.com" is not allowed in a values file; write the value out, or quote a string that begins with *',
    ],
    [
      'cluster:\n  domain:example.com\n',
      '2:3: cluster must be a map of settings, got "domain:example.com"; type a space after the colon',
    ],
    [
      'cluster:\n domain: example.com\n  nodes: 3\n',
      '2:10: not valid YAML: nested mappings are not allowed in compact mappings',
    ],
  ])('gets one error, which names the fix: %j', (text, error) => {
    expect(errors(text)).toEqual([error]);
  });

  test.each([
    ['cluster: {nodes: "3"}', '3'],
    ['cluster: {nodes: "1,000"}', '1000'],
    ['cluster: {domain: "https://Example.com:443/path"}', '"example.com"'],
    ['cluster: {domain: "example.com. "}', '"example.com"'],
    ['cluster: {namespace: My_Team}', '"my-team"'],
    ['cluster: {storageClassName: GP3}', '"gp3"'],
    ['ingress: {enabled: no}', 'false'],
    ['networkPolicies: {enabled: On}', 'true'],
    ['networkPolicies: {enabled: 0}', 'false'],
    ['tracing: {sampling: {type: tail, percentage: 5%}}', '5'],
    ['loki: {logLevel: INFO}', '"info"'],
    ['images: {pullPolicy: always}', '"Always"'],
    ['ingress: {controller: Nginx}', '"nginx"'],
    ['logs: {agent: Promtail}', '"promtail"'],
  ])('gets the value that was meant: %s', (text, meant) => {
    expect(errors(text).join('\n')).toContain(`; did you mean ${meant}?`);
  });

  test.each([
    'cluster: {nodes: 0}',
    'cluster: {nodes: "20000"}',
    'ingress: {enabled: maybe}',
    'loki: {logLevel: loud}',
    'loki: {retention: 0}',
  ])('gets no suggestion that would be rejected in turn: %s', (text) => {
    expect(errors(text).join('\n')).not.toMatch(/did you mean|in quotes/);
  });
});

/** Paths of the keys that choose between alternatives. */
function discriminators(schema: unknown, path: readonly string[] = []): string[] {
  const { def } = schema as { def: Record<string, unknown> & { type: string } };
  if (schema instanceof z.ZodDiscriminatedUnion)
    return [
      [...path, String(def['discriminator'])].join('.'),
      ...(def['options'] as unknown[]).flatMap((option) => discriminators(option, path)),
    ];
  if (def.type === 'object')
    return Object.entries(def['shape'] as object).flatMap(([key, child]) =>
      discriminators(child, [...path, key]),
    );
  return [def['innerType'], def['in']].flatMap((inner) => (inner ? discriminators(inner, path) : []));
}

describe('an alternative that does not exist', () => {
  const paths = [...new Set(discriminators(stackSettings))];

  test('can be written in these settings', () => {
    expect(paths).toEqual(
      expect.arrayContaining(['ingress.controller', 'ingress.authentication.type', 'tracing.sampling.type']),
    );
  });

  test.each(paths)('is one error at %s', (path) => {
    const nested = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'unheard-of');

    expect(errors(JSON.stringify({ cluster: { domain: 'example.com' }, ...(nested as object) }))).toEqual([
      expect.stringMatching(
        `${path.replaceAll('.', '\\.')} must be one of .+, got "unheard-of"$|applies only to .+; remove it$`,
      ),
    ]);
  });
});
