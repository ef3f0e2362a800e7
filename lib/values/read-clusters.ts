import { type Dirent, readdirSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { z } from 'zod';
import { type Problem, ValuesError } from './problem';
import { type ReadValues, readValues, reason } from './read-values';

/** Number of clusters from which each is printed in brief. */
export const MANY_CLUSTERS = 4;

/** The settings of one cluster. */
export interface ClusterValues<S> extends ReadValues<S> {
  /** Name of the values file, without its ending. */
  readonly name: string;
}

/**
 * Reads every `<name>.yaml` in a folder.
 *
 * @throws ValuesError with every mistake in all of the files.
 */
export function readClusters<S extends z.ZodType>(folder: string, schema: S): ClusterValues<z.output<S>>[] {
  const clusters: ClusterValues<z.output<S>>[] = [];
  const { files, problems } = valuesFiles(folder);
  for (const fileName of files) {
    const file = posix.join(folder, fileName);
    try {
      clusters.push({ name: clusterName(file, fileName), ...readValues(file, schema) });
    } catch (error) {
      if (!(error instanceof ValuesError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ValuesError(problems);
  return clusters;
}

const YAML_NAME = /\.ya?ml$/;

/** Names of the values files, and a problem for each file in a subfolder, which is not read. */
function valuesFiles(folder: string): { files: string[]; problems: Problem[] } {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  } catch (error) {
    throw problem(folder, `cannot be read: ${reason(error)}`);
  }
  const files = entries.map(({ name }) => name).filter((name) => YAML_NAME.test(name));
  const problems = entries
    .filter((entry) => entry.isDirectory() && !YAML_NAME.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((below) =>
        join(name, below),
      ),
    )
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => YAML_NAME.test(path))
    .sort()
    .map((path) => {
      const moved = posix.join(folder, path.replaceAll('/', '-'));
      return problemOf(posix.join(folder, path), `is in a folder, where it is not read; move it to ${moved}`);
    });
  if (files.length + problems.length === 0)
    throw problem(folder, 'contains no values file; copy one from docs/examples to default.yaml');
  return { files: files.sort(), problems };
}

/** The name of a cluster is the name of its folder in `dist/`. */
function clusterName(file: string, fileName: string): string {
  if (!fileName.endsWith('.yaml'))
    throw problem(file, 'must be renamed: the name of a values file ends in .yaml');
  const name = fileName.slice(0, -'.yaml'.length);
  if (/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  throw problem(file, 'must be renamed: the name of a values file is lower case letters, digits and "-"');
}

function problem(file: string, message: string): ValuesError {
  return new ValuesError([problemOf(file, message)]);
}

function problemOf(file: string, message: string): Problem {
  return { file, line: 1, column: 1, message };
}
