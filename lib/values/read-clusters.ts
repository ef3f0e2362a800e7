import { readdirSync } from 'node:fs';
import { posix, sep } from 'node:path';
import type { z } from 'zod';
import { isBase, type KnownBases } from './extends';
import { type Problem, ValuesError } from './problem';
import { reason } from './read-text';
import { type ReadValues, readValues } from './read-values';

/** Minimum number of clusters for the brief output. */
export const MANY_CLUSTERS = 4;

/** The settings of one cluster. */
export interface ClusterValues<S> extends ReadValues<S> {
  /** Path of the values file below the folder, without its extension: `default`, `eu/prod`. */
  readonly name: string;
}

/**
 * Reads every `<name>.yaml` in a folder and its subfolders, except files that others extend.
 *
 * @throws ValuesError with every mistake in all files.
 */
export function readClusters<S extends z.ZodType>(folder: string, schema: S): ClusterValues<z.output<S>>[] {
  const clusters: ClusterValues<z.output<S>>[] = [];
  const problems: Problem[] = [];
  const known: KnownBases = new Map();
  const names = new Map<string, string>();
  for (const path of valuesFiles(folder)) {
    const file = posix.join(folder, path);
    try {
      const name = clusterName(file, path);
      const twin = names.get(flatName(name));
      if (twin !== undefined)
        throw problem(file, `must be renamed: ${twin} has the same name in GitOps objects`);
      names.set(flatName(name), file);
      clusters.push({ name, ...readValues(file, schema, known) });
    } catch (error) {
      if (!(error instanceof ValuesError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ValuesError(problems);
  return clusters;
}

/** Names of the clusters that have a values file, in order. */
export function clusterNames(folder: string): string[] {
  return valuesFiles(folder).map((path) => path.replace(YAML_NAME, ''));
}

/** The name of a cluster for contexts that do not allow `/`, such as names of Kubernetes objects. */
export function flatName(name: string): string {
  return name.replaceAll('/', '-');
}

const YAML_NAME = /\.ya?ml$/;

/** Paths of the values files below the folder, in order. */
function valuesFiles(folder: string): string[] {
  let paths: string[];
  try {
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll(sep, '/'))
      .filter((path) => YAML_NAME.test(path) && !path.split('/').some((part) => part.startsWith('.')));
  } catch (error) {
    throw problem(folder, `cannot be read: ${reason(error)}`);
  }
  const files = paths.filter((path) => !isBase(path)).sort();
  if (files.length === 0)
    throw problem(folder, 'contains no values file; copy one from docs/examples to default.yaml');
  return files;
}

/** The name of a cluster is the path of its folder in `dist/`. */
function clusterName(file: string, path: string): string {
  if (!path.endsWith('.yaml'))
    throw problem(file, 'must be renamed: the name of a values file ends in .yaml');
  const name = path.slice(0, -'.yaml'.length);
  if (name.split('/').every((part) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(part))) return name;
  throw problem(
    file,
    'must be renamed: the names of a values file and its folders consist of lower case letters, digits and "-"',
  );
}

function problem(file: string, message: string): ValuesError {
  return new ValuesError([{ file, line: 1, column: 1, message }]);
}
