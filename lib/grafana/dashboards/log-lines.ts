import type { Panel } from '../panel';
import { stat } from '../panels/stat';
import { logql, logqlNow, matches } from '../query';
import { logLabel, type Variable } from '../variable';
import type { DashboardContext } from './context';

/** Matcher of lines that report a failure, by the level that Loki finds in each. */
export const FAILED = 'detected_level=~"error|critical|fatal"';

/** Lines as a dashboard chooses them. */
export interface LogLines {
  /** LogQL of the lines. */
  readonly lines: string;
  /** The label that names a workload: `app`, or what is left of it. */
  readonly workload: string;
}

/** The label that names a workload. */
export function workloadLabel({ streamLabels }: DashboardContext): string {
  return streamLabels.includes('app') ? 'app' : 'container';
}

/** Matchers of the chosen namespaces and workloads. */
export const ofWorkloads = (workload: string) =>
  `${matches('namespace', 'namespace')}, ${matches(workload, 'workload')}`;

/** Choice of namespaces, and of the workloads in them. */
export function workloadVariables(context: DashboardContext): Variable[] {
  const workload = logLabel(
    workloadLabel(context),
    'Workload',
    `{${matches('namespace', 'namespace')}}`,
    context.uids,
  );
  return [logLabel('namespace', 'Namespace', '', context.uids), { ...workload, name: 'workload' }];
}

/** Name of a series that belongs to a workload. */
export const workloadName = (workload: string) => `{{namespace}} / {{${workload}}}`;

/** The workload with the most errors of the last five minutes. */
export function worstWorkload({ lines, workload }: LogLines): Panel {
  const named = `label_format name=\`{{.namespace}} / {{.${workload}}}\``;
  const counted = `sum by (name) (count_over_time(${lines} | ${FAILED} | ${named} [5m]))`;
  const none = 'label_replace(vector(0), "name", "No errors", "", "")';
  return stat({
    id: 92,
    title: 'Worst workload',
    description:
      'The workload with the most error lines in the last 5 minutes, and their number. Follows the filters above.',
    width: 5,
    unit: 'count:lines',
    tiles: true,
    thresholds: { warning: 1, critical: 10 },
    queries: [logqlNow(`topk(1, ${counted}) or on () ${none}`)],
    // Grafana makes a table of the answer, in which the name is a column.
    transformations: [
      { id: 'filterFieldsByName', options: { include: { names: ['name', 'Value #A'] } } },
      {
        id: 'rowsToFields',
        options: {
          mappings: [
            { fieldName: 'name', handlerKey: 'field.name' },
            { fieldName: 'Value #A', handlerKey: 'field.value' },
          ],
        },
      },
    ],
  });
}

/**
 * Errors among the lines of the time range. Both are counted in the steps of a range, which Loki keeps in its cache,
 * and divided once they are summed up: a mean of shares would let a quiet minute count as much as a busy one.
 */
export function errorRate({ lines }: LogLines, id: number, width: number): Panel {
  const counted = (of: string) => `sum(count_over_time(${of} [$__auto])) or vector(0)`;
  return stat({
    id,
    title: 'Error rate',
    description: 'Error lines divided by all lines in the time range. Follows the filters above.',
    width,
    unit: 'percentunit',
    thresholds: { warning: 0.01, critical: 0.05 },
    mappings: [{ type: 'special', options: { match: 'nan', result: { text: 'No lines' } } }],
    queries: [logql(counted(`${lines} | ${FAILED}`), 'errors'), logql(counted(lines), 'lines')],
    transformations: [
      { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
      { id: 'reduce', options: { mode: 'reduceFields', reducers: ['sum'] } },
      {
        id: 'calculateField',
        options: {
          mode: 'binary',
          binary: { left: 'errors', operator: '/', right: 'lines' },
          alias: 'Error rate',
          replaceFields: true,
        },
      },
    ],
  });
}
