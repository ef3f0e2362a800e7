import { type core, z } from 'zod';
import { type Settings, stackSettings } from '../lib/settings';
import { parseValues } from '../lib/values/read-values';
import { withTables } from './markdown';
import { objectsOf } from './objects';
import { securityTables } from './security';

type JsonSchema = core.JSONSchema.BaseSchema;

/** A file that is made from code, in whole or between two marks. */
export interface GeneratedFile {
  readonly file: string;
  readonly content: string;
}

/**
 * Every generated file of the repository but `dist/`, with its content as it should be.
 *
 * @param read Returns what a file holds now; Markdown is generated between two marks only.
 */
export function generated(read: (file: string) => string): GeneratedFile[] {
  const schema = z.toJSONSchema(stackSettings, { io: 'input', target: 'draft-7' });
  const title = 'A cluster that logs and traces are added to';
  const settings = parseValues('values/default.yaml', read('values/default.yaml'), stackSettings);
  return [
    { file: 'values/schema.json', content: `${JSON.stringify({ title, ...schema }, null, 2)}\n` },
    {
      file: 'README.md',
      content: withTables(read('README.md'), { cost: costTable(settings), settings: settingsTables(schema) }),
    },
    {
      file: 'docs/security.md',
      content: withTables(read('docs/security.md'), securityTables(objectsOf(settings))),
    },
  ];
}

/** Nodes that the total of the table is for. */
const EXAMPLE_NODES = 3;

/** What each workload of the default cluster asks for. */
function costTable({ loki, tempo, tracing, promtail }: Settings): string {
  const workloads = [
    { name: 'StatefulSet `loki`', pods: 1, resources: loki.resources, volume: loki.storage.size },
    { name: 'Deployment `tempo`', pods: 1, resources: tempo.resources, volume: tempo.storage.size },
    // The default cluster has a collector, and its queue in memory.
    { name: 'Deployment `otel-collector`', pods: 1, resources: tracing.resources, volume: undefined },
    {
      name: 'DaemonSet `promtail`, on each node',
      pods: EXAMPLE_NODES,
      resources: promtail.resources,
      volume: undefined,
    },
  ];
  const sum = (amount: (workload: (typeof workloads)[number]) => number) =>
    workloads.reduce((total, workload) => total + amount(workload), 0);
  const gibibytes = (bytes: number) => `${Math.round((bytes / 2 ** 30) * 1000) / 1000}Gi`;
  const rows = workloads.map(({ name, resources, volume }) => [
    name,
    resources.cpu,
    resources.memory,
    resources.memoryLimit,
    volume ?? '',
  ]);
  const total = [
    `requests in all, on ${EXAMPLE_NODES} nodes: ${sum(({ pods }) => pods)} pods`,
    `${Math.round(sum(({ pods, resources }) => pods * resources.cpu.value) * 1000)}m`,
    gibibytes(sum(({ pods, resources }) => pods * resources.memory.value)),
    '',
    gibibytes(sum(({ volume }) => volume?.value ?? 0)),
  ];
  return ['| workload | CPU | memory | memory limit | volume |', '| --- | --- | --- | --- | --- |']
    .concat([...rows, total].map((row) => `| ${row.join(' | ')} |`))
    .join('\n');
}

/** One table per section of a values file. */
function settingsTables(schema: JsonSchema): string {
  return properties(schema)
    .map(([section, node]) => [
      '<details>',
      `<summary><code>${section}</code>: ${node.description ?? ''}</summary>`,
      '',
      '| setting | value | default | what it decides |',
      '| --- | --- | --- | --- |',
      ...rows(section, node).map((row) => `| ${row.join(' | ').replaceAll('\n', ' ')} |`),
      '',
      '</details>',
    ])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The rows of a setting and of all below it: path, allowed values, default, doc. */
function rows(path: string, node: JsonSchema, required = false): string[][] {
  const choices = (node.oneOf ?? []) as JsonSchema[];
  const below = [
    ...properties(node).map(([key, child]) => rows(`${path}.${key}`, child, node.required?.includes(key))),
    ...choices.map((one) => {
      const [type = ['', one] as const, ...others] = properties(one);
      const when = `${path}.type = ${type[1].const}`;
      return others.flatMap(([key, child]) =>
        rows(`${path}.${key}`, child, one.required?.includes(key)).map(
          ([name = '', value = '', byDefault = '', doc = '']) => [
            name,
            value,
            `${byDefault} if ${when}`,
            doc,
          ],
        ),
      );
    }),
  ].flat();
  if (properties(node).length > 0) return below;
  const byDefault = required ? 'needed' : code(node.default);
  return [[`\`${path}\``, allowed(node), byDefault, node.description ?? ''], ...below];
}

/** What may be written for a setting, in words. */
function allowed(node: JsonSchema): string {
  const alternatives = (node.anyOf ?? node.oneOf ?? []) as JsonSchema[];
  if (node.oneOf)
    return `a section whose \`type\` is ${alternatives.map((one) => code(properties(one)[0]?.[1].const)).join(', ')}`;
  if (alternatives.length > 0) return alternatives.map(allowed).join(', or ');
  if (typeof node['patternErrorMessage'] === 'string')
    return node['patternErrorMessage'].replace('must be ', '');
  if (node.$ref) return `\`${node.$ref.split('/').at(-1)}\` of Kubernetes`;
  if (node.enum) return node.enum.map(code).join(', ');
  if (node.const !== undefined) return code(node.const);
  if (node.type === 'integer') return `${node.minimum} to ${node.maximum}`;
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'array') return `list of: ${allowed(node.items as JsonSchema)}`;
  if (node.type === 'null') return '`null`';
  return 'a section of texts';
}

function properties(node: JsonSchema): [string, JsonSchema][] {
  return Object.entries(node.properties ?? {}) as [string, JsonSchema][];
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
