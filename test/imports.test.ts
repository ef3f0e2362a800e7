import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

// What Biome holds: no cycles, the vocabulary of Kubernetes imports nothing, and only test/ imports test/ (biome.json).

const ROOT = join(__dirname, '..');

/** What every folder with a workload may import. */
const WORKLOAD = ['cluster', 'constructs', 'images', 'kubernetes', 'monitoring', 'review', 'values'];

/** What each folder of `lib/` may import besides itself; the data flows one way. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  access: ['values'],
  gateway: ['access', 'cluster', 'constructs', 'kubernetes', 'review', 'values'],
  kubernetes: [],
  values: ['kubernetes'],
  cluster: ['values'],
  images: ['values'],
  constructs: ['cluster', 'images', 'kubernetes', 'values'],
  monitoring: ['cluster', 'constructs', 'kubernetes', 'review', 'values'],
  budget: ['kubernetes', 'values'],
  capacity: [
    'cluster',
    'kubernetes',
    'logs',
    'loki',
    'otel-agent',
    'promtail',
    'tempo',
    'tracing',
    'tenants',
    'values',
  ],
  'storage-class': ['cluster', 'constructs', 'kubernetes', 'values'],
  'object-storage': ['constructs', 'values'],
  destinations: ['constructs', 'values'],
  collector: ['kubernetes', 'review'],
  tenants: ['kubernetes', 'review', 'values'],
  loki: [...WORKLOAD, 'destinations', 'object-storage', 'tenants'],
  tempo: [...WORKLOAD, 'object-storage', 'tenants'],
  tracing: [...WORKLOAD, 'collector', 'destinations', 'logs', 'otel-agent', 'tenants'],
  logs: [...WORKLOAD, 'destinations'],
  promtail: [...WORKLOAD, 'destinations', 'logs', 'tenants'],
  'otel-agent': [...WORKLOAD, 'collector', 'destinations', 'logs', 'tenants'],
  'kubernetes-events': [...WORKLOAD, 'collector', 'destinations'],
  grafana: ['constructs', 'kubernetes', 'monitoring', 'review', 'tenants', 'values'],
  ingress: ['access', 'cluster', 'constructs', 'kubernetes', 'review', 'values'],
  'network-policies': ['constructs', 'kubernetes', 'values'],
  files: [],
  gitops: ['constructs', 'files', 'values'],
  preflight: ['kubernetes'],
  review: ['kubernetes'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const FILES = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('lib', name))
  .sort();

const IMPORTS: Import[] = FILES.flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, target = '']) => ({
    file,
    target: target.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), target)) : target,
  })),
);

/** What is no component: it makes no objects of its own, or is shared by those that do. */
const SHARED = [
  'access',
  'budget',
  'capacity',
  'cluster',
  'constructs',
  'destinations',
  'files',
  'gitops',
  'images',
  'kubernetes',
  'logs',
  'object-storage',
  'preflight',
  'review',
  'tenants',
  'values',
];

const components = Object.keys(MAY_IMPORT).filter((folder) => !SHARED.includes(folder));

const folderOf = (path: string) => path.split('/').at(1) ?? '';
const show = ({ file, target }: Import) => `${file} imports ${target}`;

describe('imports', () => {
  test('of a component are limited to its folder and the shared ones', () => {
    const wrong = IMPORTS.filter(({ file, target }) => {
      const inFolder = file.split('/').length > 2 && target.startsWith('lib/');
      // What to paste is typed by the schema of a values file.
      if (folderOf(file) === 'preflight' && target === 'lib/settings') return false;
      const allowed = [folderOf(file), ...(MAY_IMPORT[folderOf(file)] ?? [])];
      return inFolder && !(target.split('/').length > 2 && allowed.includes(folderOf(target)));
    });

    expect(wrong.map(show)).toEqual([]);
  });

  test('of settings in preflight are types', () => {
    const sources = FILES.filter((file) => folderOf(file) === 'preflight').map((file) =>
      readFileSync(join(ROOT, file), 'utf8'),
    );
    const imports = sources.flatMap((source) => source.match(/^import .+ from '\.\.\/settings';$/gm) ?? []);

    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([]);
  });

  test('of every folder have a rule here', () => {
    const folders = FILES.filter((file) => file.split('/').length > 2).map(folderOf);

    expect([...new Set(folders)].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test('of component classes are in lib/stack.ts only', () => {
    const classes = IMPORTS.filter(({ target }) => target === 'constructs').map(({ file }) => file);
    const outside = IMPORTS.filter(({ file }) => file.split('/').length === 2 && file !== 'lib/stack.ts');
    const wrong = outside.filter(({ target }) => classes.includes(`${target}.ts`));

    expect(
      IMPORTS.some(({ file, target }) => file === 'lib/stack.ts' && classes.includes(`${target}.ts`)),
    ).toBe(true);
    expect(wrong.map(show)).toEqual([]);
  });

  test('of plain data include neither cdk8s nor YAML', () => {
    const constructs = IMPORTS.filter(({ target }) => target === 'constructs').map(({ file }) => file);
    const wrong = IMPORTS.filter(
      ({ file, target }) =>
        [...components, 'budget', 'capacity', 'cluster', 'images'].includes(folderOf(file)) &&
        !constructs.includes(file) &&
        /^(cdk8s|constructs|yaml)/.test(target),
    );

    expect(constructs.length).toBeGreaterThan(components.length - 1);
    expect(wrong.map(show)).toEqual([]);
  });

  test('are all written with `from`, which these tests parse', () => {
    const others = FILES.filter((file) =>
      /\b(?:require|import)\(|^import '/m.test(readFileSync(join(ROOT, file), 'utf8')),
    );

    // One loads classes without copying their names, the other a grammar only for the few clusters with log alerts.
    expect(others).toEqual(['lib/constructs/k8s.ts', 'lib/loki/logql.ts']);
  });
});

test('YAML is written in one place', () => {
  const writers = FILES.filter((file) =>
    /\bstringify\(/.test(readFileSync(join(ROOT, file), 'utf8').replaceAll('JSON.stringify(', '')),
  );

  expect(writers).toEqual(['lib/constructs/yaml-writer.ts']);
});
