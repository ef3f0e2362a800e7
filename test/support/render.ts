import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Additions, NO_ADDITIONS, readAdditions } from '../../lib/additions';
import { type Settings, stackSettings } from '../../lib/settings';
import { ValuesError } from '../../lib/values/problem';
import { parseValues } from '../../lib/values/read-values';
import { objectsOf } from '../../scripts/objects';

/** A Kubernetes object, as a test reads it. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into any kind of object, and fails where it is wrong
export type Manifest = any;

/** Settings of the smallest values file, and what a test adds to it. */
export function settings(values: object = {}): Settings {
  const merged = {
    ...values,
    cluster: { domain: 'example.com', ...('cluster' in values ? (values.cluster as object) : {}) },
  };
  return parseValues('values/test.yaml', JSON.stringify(merged), stackSettings);
}

/** The messages about mistakes in values, without file, line and column. */
export function mistakes(values: object): string[] {
  try {
    settings(values);
    return [];
  } catch (error) {
    if (!(error instanceof ValuesError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

/** What this test file rendered before, as text: nothing but settings decides it. */
const rendered = new Map<string, string>();

/** Every object of a cluster; a copy, which a test may change. */
export function manifests(of: Settings, additions: Additions = NO_ADDITIONS): Manifest[] {
  const key = JSON.stringify([of, additions]);
  const text = rendered.get(key) ?? JSON.stringify(objectsOf(of, additions));
  rendered.set(key, text);
  return JSON.parse(text);
}

/** The only object of a kind and name. */
export function manifest(values: object, kind: string, name: string, additions?: Additions): Manifest {
  const found = manifests(settings(values), additions).filter(
    (one) => one.kind === kind && one.metadata.name === name,
  );
  if (found.length !== 1) throw new Error(`${found.length} objects ${kind}/${name}`);
  return found[0];
}

/** The parsed configuration file of a daemon, among the objects of a cluster. */
export function configOf(objects: readonly Manifest[], name: string): Manifest {
  const found = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  return parse(Object.values<string>(found.data)[0] ?? '');
}

/** The parsed configuration file of a daemon. */
export function config(
  values: object,
  name: 'loki' | 'tempo' | 'promtail' | 'otel-agent' | 'otel-collector' | 'otel-sampler' | 'event-collector',
): Manifest {
  return configOf(manifests(settings(values)), name);
}

/** Values files of the cases, by name: the examples of the docs, and files that only tests need. */
const CASE_FILES: ReadonlyMap<string, string> = new Map([
  // The cluster of the order, which dist/ pins in full.
  ['default', join('docs', 'examples', 'eks.yaml')],
  ...['gke', 'k3s', 'minimal'].map((name) => [name, join('docs', 'examples', `${name}.yaml`)] as const),
  ...readdirSync(join('test', 'cases')).map(
    (name) => [name, join('test', 'cases', name, 'values.yaml')] as const,
  ),
]);

/** Names of all cases. */
export const CASE_NAMES: readonly string[] = [...CASE_FILES.keys()].sort();

/** Path of the values file of a case, below the root of the project, where jest and npm scripts are run. */
export function caseFile(name: string): string {
  const file = CASE_FILES.get(name);
  if (file === undefined) throw new Error(`there is no case ${name}`);
  return file;
}

/** The values file of a case. */
export function caseValues(name: string): string {
  return readFileSync(caseFile(name), 'utf8');
}

/** Settings of a case. */
export function caseSettings(name: string): Settings {
  return parseValues(caseFile(name), caseValues(name), stackSettings);
}

/** What a case adds to this product: the one that has everything, the examples of the docs. */
export function caseAdditions(name: string): Additions {
  return name === 'everything' ? readAdditions(join('docs', 'examples'), [caseSettings(name)]) : NO_ADDITIONS;
}

/** Every object of a case. */
export function caseManifests(name: string): Manifest[] {
  return manifests(caseSettings(name), caseAdditions(name));
}
