import type { Problem } from '../values/problem';
import { dashboardUid } from './dashboard';
import { hint } from './settings';

/** A dashboard that an operator adds. */
export interface ExtraDashboard {
  /** Name of its file without the ending, and end of the name of its ConfigMap. */
  readonly name: string;
  /** Where it was read, for messages. */
  readonly file: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Names of the dashboards of this product. */
export const OWN_DASHBOARDS = ['loki-logs', 'tempo-tracing', 'log-analysis', 'distributed-tracing'] as const;

/** Bytes of a dashboard that fit, with the object around it, into the annotation of a client-side apply. */
const MAX_BYTES = 200_000;

/** Datasources that Grafana has by itself. */
const BUILT_IN = ['-- Grafana --', '-- Mixed --', '-- Dashboard --', 'grafana'];

/**
 * Mistakes in the dashboards that an operator adds, which would leave panels empty or replace another dashboard.
 *
 * @param uids Uids of the datasources that Grafana has.
 */
export function extraDashboardProblems(
  dashboards: readonly ExtraDashboard[],
  uids: readonly string[],
): Problem[] {
  const owners = new Map<unknown, string>(
    OWN_DASHBOARDS.map((name) => [dashboardUid(name), 'of this product']),
  );
  return dashboards.flatMap(({ file, json }) => {
    const problem = (message: string): Problem => ({ file, line: 1, column: 1, message });
    const problems = [...uidProblems(json, owners), ...sizeProblems(json), ...datasourceProblems(json, uids)];
    owners.set(json['uid'], file);
    return problems.map(problem);
  });
}

function uidProblems({ uid, title }: ExtraDashboard['json'], owners: ReadonlyMap<unknown, string>): string[] {
  if (typeof title !== 'string' || title === '') return ['must have a title'];
  if (typeof uid !== 'string' || !/^[A-Za-z0-9_-]{1,40}$/.test(uid))
    return [
      'must have a uid of at most 40 letters, digits, "-" and "_", or each start of Grafana makes another',
    ];
  const owner = owners.get(uid);
  return owner === undefined
    ? []
    : [`must have another uid than "${uid}", which is the one of the dashboard ${owner}`];
}

function sizeProblems(json: ExtraDashboard['json']): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(json));
  return bytes <= MAX_BYTES
    ? []
    : [
        `must be at most ${MAX_BYTES} bytes without white space, not ${bytes}: split it, as kubectl apply would fail`,
      ];
}

/** Every `datasource` of panels, queries, variables and annotations, however deep. */
function datasourceProblems(json: unknown, uids: readonly string[], place = ''): string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, item]) => {
    const at = Array.isArray(json) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;
    if (key !== 'datasource') return datasourceProblems(item, uids, at);
    if (typeof item !== 'string') return unknownUid(item, at, uids);
    return [`${at} must be an object of type and uid, not the text "${item}", which Grafana no longer reads`];
  });
}

/** A uid that is a variable of the dashboard is chosen in Grafana. */
function unknownUid(datasource: unknown, at: string, uids: readonly string[]): string[] {
  const { uid } = (datasource ?? {}) as { uid?: unknown };
  if (typeof uid !== 'string' || uid.startsWith('$') || [...BUILT_IN, ...uids].includes(uid)) return [];
  return [`${at}.uid must not be "${uid}", as there is no such datasource${hint(uid, uids)}`];
}
