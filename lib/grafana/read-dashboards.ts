import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type Problem, ValuesError } from '../values/problem';
import { type ExtraDashboard, extraDashboardProblems, OWN_DASHBOARDS } from './extra-dashboard';

/**
 * Reads every `*.json` file in a folder. A missing folder is treated as empty.
 *
 * @param uids Uids of the datasources in each cluster's Grafana.
 * @throws ValuesError that lists every file that is not a dashboard or would not work in a cluster.
 */
export function readDashboards(folder: string, uids: ReadonlyArray<readonly string[]>): ExtraDashboard[] {
  if (!existsSync(folder)) return [];
  const problems: Problem[] = [];
  const dashboards = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((fileName) => {
      const file = posix.join(folder, fileName);
      const read = readDashboard(file, fileName.slice(0, -'.json'.length));
      if (typeof read !== 'string') return [read];
      problems.push({ file, line: 1, column: 1, message: read });
      return [];
    });
  for (const problem of uids.flatMap((known) => extraDashboardProblems(dashboards, known))) {
    // Most errors are the same in every cluster.
    if (!problems.some(({ file, message }) => file === problem.file && message === problem.message))
      problems.push(problem);
  }
  if (problems.length > 0) throw new ValuesError(problems);
  return dashboards;
}

/** The dashboard in a file, or the error. */
function readDashboard(file: string, name: string): ExtraDashboard | string {
  if (!/^[a-z0-9](?:[-a-z0-9]{0,60}[a-z0-9])?$/.test(name))
    return 'must be renamed: the name of a dashboard consists of lower case letters, digits and "-"';
  if (name in OWN_DASHBOARDS) return `must be renamed: this product has a dashboard ${name}`;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `not valid JSON: ${(error as Error).message}`;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'must contain one dashboard';
  if ('dashboard' in json)
    return 'must contain the dashboard itself, which is below "dashboard" in this export';
  if ('spec' in json || 'elements' in json)
    return 'must be exported with the model "Classic"; resource files and schema V2 are not supported';
  if ('__inputs' in json)
    return 'must be exported without "Export for sharing externally", because such a file requests datasources at each import';
  // Grafana numbers dashboards itself and rejects an unknown number.
  return { name, file, json: { ...json, id: null } };
}
