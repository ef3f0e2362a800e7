import { type core, z } from 'zod';
import { requestRows } from '../lib/budget/print';
import { requestsOf } from '../lib/kubernetes/requests';
import { type Settings, stackSettings } from '../lib/settings';
import { extendsField } from '../lib/values/extends';
import { parseValues } from '../lib/values/read-values';
import { EXTENDS } from '../lib/values/values-file';
import { capacityTable } from './capacity-figures';
import { dashboardTables } from './dashboard-tables';
import { limitTables } from './limits';
import { code, table, withTables } from './markdown';
import { objectsOf, type RenderedObject } from './objects';
import { securityTables } from './security';

type JsonSchema = core.JSONSchema.BaseSchema;

/** A file that is generated from code, completely or between two marks. */
export interface GeneratedFile {
  readonly file: string;
  readonly content: string;
}

/** The cluster that the docs describe, regardless of values/. */
const EXAMPLE = 'docs/examples/eks.yaml';

/**
 * Every generated file with its expected content. None depends on `values/`.
 *
 * @param read Returns the current content of a file. Only the text between two marks is generated in Markdown.
 */
export function generated(read: (file: string) => string): GeneratedFile[] {
  const schema = jsonSchemaOf(stackSettings);
  const title = 'A cluster to which logs and traces are added';
  const settings = parseValues(EXAMPLE, read(EXAMPLE), stackSettings);
  const objects = objectsOf(settings);
  const others: Settings = {
    ...settings,
    logs: { ...settings.logs, agent: 'otel' },
    kubernetesEvents: { ...settings.kubernetesEvents, enabled: true },
  };
  const everyDaemon = [...objects, ...objectsOf(others)];
  return [
    {
      file: 'values/schema.json',
      content: `${JSON.stringify({ title, ...editorSchema(schema) }, null, 2)}\n`,
    },
    {
      file: 'README.md',
      content: withTables(read('README.md'), {
        cost: costTable(settings, objects),
      }),
    },
    {
      file: 'docs/settings.md',
      content: withTables(read('docs/settings.md'), { settings: settingsTables(schema) }),
    },
    {
      file: 'docs/grafana.md',
      content: withTables(read('docs/grafana.md'), { dashboards: dashboardTables(objects) }),
    },
    {
      file: 'docs/security.md',
      content: withTables(read('docs/security.md'), securityTables(objects)),
    },
    { file: 'docs/capacity.md', content: withTables(read('docs/capacity.md'), { sizes: capacityTable() }) },
    { file: 'docs/limits.md', content: withTables(read('docs/limits.md'), limitTables(everyDaemon)) },
  ];
}

/** A JSON schema in which a string that may also be a number is one type with two names instead of two alternatives. */
function jsonSchemaOf(settings: z.ZodType): JsonSchema {
  const whole = z.toJSONSchema(settings, { io: 'input', target: 'draft-7' });
  // Afterwards, because zod completes what several settings share only at the end.
  return JSON.parse(JSON.stringify(whole), (_, node) => {
    const [text, number, ...others] = (node?.anyOf ?? []) as JsonSchema[];
    if (text?.pattern === undefined || number?.type !== 'number' || others.length > 0) return node;
    const { anyOf, ...rest } = node;
    return { ...rest, ...text, type: ['string', 'number'] };
  });
}

/**
 * The schema for editors. It requires nothing, because a base file contains some settings and a file that extends it
 * contains the others. Only synth sees both. Items of lists keep their required keys, because lists are not merged.
 */
function editorSchema(schema: JsonSchema): JsonSchema {
  const { $schema, ...extendsSchema } = z.toJSONSchema(extendsField, { target: 'draft-7' });
  const whole = partial(schema);
  return { ...whole, properties: { [EXTENDS]: extendsSchema, ...whole.properties } };
}

function partial(node: JsonSchema): JsonSchema {
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'required') return [];
    if (key === 'oneOf' || key === 'anyOf') return [['anyOf', (value as JsonSchema[]).map(partial)]];
    if (key === 'properties')
      return [[key, Object.fromEntries(properties(node).map(([name, child]) => [name, partial(child)]))]];
    if (key === 'additionalProperties' && typeof value === 'object')
      return [[key, partial(value as JsonSchema)]];
    return [[key, value]];
  });
  return Object.fromEntries(entries);
}

/** Resource requests of the default cluster, as synth prints them. */
function costTable(settings: Settings, objects: readonly RenderedObject[]): string {
  const requests = requestsOf(objects, { nodes: settings.cluster.nodes });
  const [headings = [], ...rows] = requestRows({ name: 'default', requests, settings });
  return table(headings, rows);
}

/** One table per map of a values file. */
function settingsTables(schema: JsonSchema): string {
  return properties(schema)
    .map(([section, node]) => [
      '<details>',
      `<summary><code>${section}</code>: ${node.description ?? ''}</summary>`,
      '',
      table(['setting', 'value', 'default', 'what it decides'], rows(section, node)),
      '',
      '</details>',
    ])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The rows of a setting and of all settings below it: path, allowed values, default, description. */
function rows(path: string, node: JsonSchema, required = false): string[][] {
  if (node.oneOf) return alternativeRows(path, node, node.oneOf as JsonSchema[]);
  const below = properties(node).flatMap(([key, child]) =>
    rows(`${path}.${key}`, child, node.required?.includes(key)),
  );
  if (below.length > 0) return below;
  return [[`\`${path}\``, allowed(node), required ? 'required' : code(node.default), node.description ?? '']];
}

/**
 * The rows of a map with alternatives: first the key that selects one, then the keys of each. Keys shared by several
 * appear once.
 */
function alternativeRows(path: string, node: JsonSchema, alternatives: readonly JsonSchema[]): string[][] {
  const tags = alternatives.map((one) => properties(one).find(([, { const: only }]) => only !== undefined));
  const [key = ''] = tags[0] ?? [];
  const docs = tags.map((tag) => `${code(tag?.[1].const)}: ${tag?.[1].description}`);
  const chosen = (node.default as Record<string, unknown> | undefined)?.[key];
  const byDefault = chosen ?? tags.find((tag) => tag?.[1].default !== undefined)?.[1].default;
  const merged = new Map<string, { row: string[]; of: unknown[] }>();
  for (const [index, one] of alternatives.entries()) {
    const others = properties(one).filter(([name]) => name !== key);
    for (const row of others.flatMap(([name, child]) =>
      rows(`${path}.${name}`, child, one.required?.includes(name)),
    )) {
      const entry = merged.get(row.join()) ?? { row, of: [] };
      merged.set(row.join(), { row, of: [...entry.of, tags[index]?.[1].const] });
    }
  }
  return [
    [
      `\`${path}.${key}\``,
      tags.map((tag) => code(tag?.[1].const)).join(', '),
      byDefault === undefined ? 'required' : code(byDefault),
      [...(path.includes('.') ? [node.description ?? ''] : []), ...docs].join(' '),
    ],
    ...[...merged.values()].map(({ row: [name = '', value = '', usual = '', doc = ''], of }) => [
      name,
      value,
      of.length === alternatives.length
        ? usual
        : `${usual} ${usual.includes(' if ') ? 'and' : 'if'} ${path}.${key} = ${of.join(' or ')}`,
      doc,
    ]),
  ];
}

/** Describes the values that a setting accepts. */
function allowed(node: JsonSchema): string {
  if (typeof node['patternErrorMessage'] === 'string')
    return node['patternErrorMessage'].replace('must be ', '');
  const alternatives = (node.anyOf ?? []) as JsonSchema[];
  if (alternatives.length > 0) return alternatives.map(allowed).join(', or ');
  if (Array.isArray(node.type)) return node.type.map((type) => allowed({ ...node, type })).join(', or ');
  if (node.$ref) return `\`${node.$ref.split('/').at(-1)}\` of Kubernetes`;
  if (node.enum) return node.enum.map(code).join(', ');
  if (node.const !== undefined) return code(node.const);
  if (node.type === 'integer') return `${node.minimum} to ${node.maximum}`;
  if (node.type === 'number') return `above ${node.exclusiveMinimum} to ${node.maximum}`;
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'array') return `list of: ${allowed(node.items as JsonSchema)}`;
  if (node.type === 'null') return '`null`';
  const entry = node.additionalProperties as JsonSchema | undefined;
  return entry?.type === 'number' || entry?.enum ? `a map of: ${allowed(entry)}` : 'a map of strings';
}

function properties(node: JsonSchema): [string, JsonSchema][] {
  return Object.entries(node.properties ?? {}) as [string, JsonSchema][];
}
