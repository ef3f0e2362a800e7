import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type Problem, ValuesError } from '../values/problem';
import { type ExtraDashboard, extraDashboardProblems, OWN_DASHBOARDS } from './extra-dashboard';

/**
 * Reads every `*.json` in a folder; a folder that is not there holds none.
 *
 * @param uids Uids of the datasources that the Grafana of each cluster has.
 * @throws ValuesError with every file that is no dashboard, or one that would not work in a cluster.
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
    // Most of them are the same in every cluster.
    if (!problems.some(({ file, message }) => file === problem.file && message === problem.message))
      problems.push(problem);
  }
  if (problems.length > 0) throw new ValuesError(problems);
  return dashboards;
}

/** The dashboard of a file, or what is wrong with it. */
function readDashboard(file: string, name: string): ExtraDashboard | string {
  if (!/^[a-z0-9](?:[-a-z0-9]{0,60}[a-z0-9])?$/.test(name))
    return 'must be renamed: the name of a dashboard is lower case letters, digits and "-"';
  if (name in OWN_DASHBOARDS) return `must be renamed: there is a dashboard ${name} of this product`;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `not valid JSON: ${(error as Error).message}`;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'must hold one dashboard';
  if ('dashboard' in json) return 'must hold the dashboard itself, which is below "dashboard" in this export';
  if ('spec' in json || 'elements' in json)
    return 'must be exported with the model "Classic": files of a resource, or of schema V2, are not read here';
  if ('__inputs' in json)
    return 'must be exported without "Export for sharing externally": it asks for datasources at each import';
  // Grafana numbers dashboards by itself, and refuses a number that it did not give.
  return { name, file, json: { ...json, id: null } };
}
