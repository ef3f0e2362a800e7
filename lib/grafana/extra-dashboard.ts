import type { Problem } from '../values/problem';
import { dashboardUid } from './dashboard';
import { hint } from './settings';

/** A dashboard that the user adds. */
export interface ExtraDashboard {
  /** File name without its extension. It is also the suffix of the ConfigMap's name. */
  readonly name: string;
  /** File that contains the dashboard, for messages. */
  readonly file: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Titles of the dashboards of this product, by name. */
export const OWN_DASHBOARDS: Readonly<Record<string, string>> = {
  'loki-logs': 'Loki Logs Dashboard',
  'tempo-tracing': 'Tempo Tracing Dashboard',
  'log-analysis': 'Log Analysis Dashboard',
  'distributed-tracing': 'Distributed Tracing Overview',
};

/**
 * Maximum size of a dashboard in bytes. The dashboard and the object around it must fit into the annotation of a
 * client-side apply.
 */
const MAX_BYTES = 200_000;

/** Built-in datasources of Grafana, which can be referenced as a string. The last one evaluates expressions. */
const BUILT_IN = ['-- Grafana --', '-- Mixed --', '-- Dashboard --', 'grafana', '__expr__'];

/** Plugins that use `datasource` for something else. In the alert list it is a name. */
const OF_PLUGINS = ['options', 'fieldConfig', 'transformations'];

/**
 * Errors in the user's dashboards that would leave panels empty or replace another dashboard.
 *
 * @param uids Uids of the datasources in Grafana.
 */
export function extraDashboardProblems(
  dashboards: readonly ExtraDashboard[],
  uids: readonly string[],
): Problem[] {
  const own = Object.entries(OWN_DASHBOARDS);
  const uidOwners = new Map<unknown, string>(own.map(([name]) => [dashboardUid(name), 'of this product']));
  const titleOwners = new Map<unknown, string>(own.map(([, title]) => [title, 'of this product']));
  return dashboards.flatMap(({ file, json }) => {
    const problems = [
      ...uidProblems(json, uidOwners),
      ...titleProblems(json, titleOwners),
      ...sizeProblems(json),
      ...datasourceProblems(json, uids),
    ];
    uidOwners.set(json['uid'], file);
    titleOwners.set(json['title'], file);
    return problems.map((message): Problem => ({ file, line: 1, column: 1, message }));
  });
}

function uidProblems({ uid }: ExtraDashboard['json'], owners: ReadonlyMap<unknown, string>): string[] {
  if (typeof uid !== 'string' || !/^[A-Za-z0-9_-]{1,40}$/.test(uid))
    return [
      'must have a uid of at most 40 letters, digits, "-" and "_"; without one, Grafana creates another uid at every start',
    ];
  const owner = owners.get(uid);
  return owner === undefined
    ? []
    : [`must have another uid than "${uid}", which belongs to the dashboard ${owner}`];
}

/**
 * Two dashboards with the same title in one folder prevent Grafana from updating all dashboards of that provider.
 *
 * @see https://github.com/grafana/grafana/blob/v13.0.0/pkg/services/provisioning/dashboards/validator.go
 */
function titleProblems({ title }: ExtraDashboard['json'], owners: ReadonlyMap<unknown, string>): string[] {
  if (typeof title !== 'string' || title === '') return ['must have a title'];
  const owner = owners.get(title);
  return owner === undefined
    ? []
    : [`must have another title than "${title}", which belongs to the dashboard ${owner}`];
}

function sizeProblems(json: ExtraDashboard['json']): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(json));
  return bytes <= MAX_BYTES
    ? []
    : [
        `must be at most ${MAX_BYTES} bytes without white space, not ${bytes}: split it, because kubectl apply would fail`,
      ];
}

/** Every `datasource` in panels, queries, variables and annotations, at any depth. */
function datasourceProblems(json: unknown, uids: readonly string[], place = ''): string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, item]) => {
    const at = Array.isArray(json) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;
    if (OF_PLUGINS.includes(key)) return [];
    return key === 'datasource' ? datasourceProblem(item, at, uids) : datasourceProblems(item, uids, at);
  });
}

function datasourceProblem(datasource: unknown, at: string, uids: readonly string[]): string[] {
  if (typeof datasource === 'string' && !BUILT_IN.includes(datasource))
    return [
      `${at} must be an object such as {"type": "loki", "uid": "loki"}, not the string "${datasource}", which Grafana no longer supports`,
    ];
  const { uid } = Object(datasource) as { uid?: unknown };
  // If the uid is a dashboard variable, the user selects the datasource in Grafana.
  if (typeof uid !== 'string' || uid.startsWith('$') || [...BUILT_IN, ...uids].includes(uid)) return [];
  return [
    `${at}.uid must be the uid of a datasource of this stack or in grafana.existingDatasources, not "${uid}"${hint(uid, uids)}`,
  ];
}
