import { type Dirent, readdirSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { z } from 'zod';
import { type Problem, ValuesError } from './problem';
import { type ReadValues, readValues, reason } from './read-values';

/** Clusters from which on each is printed in brief. */
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
  const problems: Problem[] = [];
  for (const fileName of valuesFiles(folder)) {
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

function valuesFiles(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw problem(folder, `cannot be read: ${reason(error)}`);
  }
  const names = entries.map(({ name }) => name).filter((name) => !name.startsWith('.'));
  const files = names.filter((name) => YAML_NAME.test(name)).sort();
  const nested = entries
    .filter((entry) => entry.isDirectory() && names.includes(entry.name) && !YAML_NAME.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((below) =>
        posix.join(name, below.replaceAll(sep, '/')),
      ),
    )
    .filter((path) => YAML_NAME.test(path));
  if (nested.length > 0)
    throw new ValuesError(
      nested.sort().map((path) => ({
        file: posix.join(folder, path),
        line: 1,
        column: 1,
        message: `is not read, because it is in a folder; rename it to ${posix.join(folder, path.replaceAll('/', '-'))}`,
      })),
    );
  if (files.length === 0)
    throw problem(folder, 'holds no values file; copy one from docs/examples to default.yaml');
  return files;
}

const YAML_NAME = /\.ya?ml$/;

/** The name of a cluster is the name of its folder in `dist/`. */
function clusterName(file: string, fileName: string): string {
  if (!fileName.endsWith('.yaml'))
    throw problem(file, 'must be renamed: the name of a values file ends in .yaml');
  const name = fileName.slice(0, -'.yaml'.length);
  if (/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  throw problem(file, 'must be renamed: the name of a values file is lower case letters, digits and "-"');
}

function problem(file: string, message: string): ValuesError {
  return new ValuesError([{ file, line: 1, column: 1, message }]);
}
