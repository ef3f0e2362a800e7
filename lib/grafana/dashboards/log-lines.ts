import type { Panel } from '../panel';
import { stat } from '../panels/stat';
import { logql, logqlNow, matches } from '../query';
import { logLabel, type Variable } from '../variable';
import type { DashboardContext } from './context';

/** Matcher of lines that report a failure, by the level that Loki detects in each line. */
export const FAILED = 'detected_level=~"error|critical|fatal"';

/** Lines that a dashboard selects. */
export interface LogLines {
  /** LogQL query that selects the lines. */
  readonly lines: string;
  /** The label that identifies a workload: `app`, or `container` if streams have no `app` label. */
  readonly workload: string;
}

/** The label that identifies a workload. */
export function workloadLabel({ streamLabels }: DashboardContext): string {
  return streamLabels.includes('app') ? 'app' : 'container';
}

/** Matchers of the selected namespaces and workloads. */
export const ofWorkloads = (workload: string) =>
  `${matches('namespace', 'namespace')}, ${matches(workload, 'workload')}`;

/** Variables for namespaces and for the workloads in them. */
export function workloadVariables(context: DashboardContext): Variable[] {
  const workload = logLabel(
    workloadLabel(context),
    'Workload',
    `{${matches('namespace', 'namespace')}}`,
    context.uids,
  );
  return [logLabel('namespace', 'Namespace', '', context.uids), { ...workload, name: 'workload' }];
}

/** Name of a workload's series. */
export const workloadName = (workload: string) => `{{namespace}} / {{${workload}}}`;

/** The workload with the most errors in the last five minutes. */
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
    // Grafana converts the response to a table, in which the name is a column.
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
 * Ratio of errors to all lines in the time range. Both counts use the steps of a range query, which Loki caches. The
 * sums are divided afterwards, because a mean of ratios would give a quiet minute the same weight as a busy one.
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
