import type { Row } from '../../dashboard';
import { dashboardUrl, ofRow } from '../../dashboard-link';
import { type Column, table } from '../../panels/table';
import { timeseries } from '../../panels/timeseries';
import { logql, logqlNow } from '../../query';
import { FAILED, type LogLines, workloadName } from '../log-lines';
import { MESSAGE, WORDS } from './message';

/** The errors, and which of them are new. */
export function errors({ lines, workload }: LogLines): Row {
  const counted = (range: string, offset = '') =>
    `sum by (namespace, ${workload}, message, words) (count_over_time(${lines} | ${FAILED} | ${MESSAGE} | ${WORDS} [${range}]${offset}))`;
  const columns: readonly Column[] = [
    { of: 'namespace', title: 'Namespace', width: 110 },
    { of: workload, title: 'Workload', width: 110 },
    { of: 'message', title: 'Message', link: toLines(workload) },
    { of: 0, title: 'Lines', unit: 'short', width: 70 },
    { of: 'words', title: 'Words', hidden: true },
  ];
  return {
    title: 'Errors',
    answers: 'What fails, and what is new?',
    height: 10,
    panels: [
      table({
        id: 11,
        title: 'New errors',
        description:
          'Messages of the time chosen in "New within" that did not occur in the same time before, up to twenty. Numbers and ids are shown as #. A message leads to its lines. Empty if none are new.',
        width: 12,
        queries: [
          logqlNow(
            `topk(20, approx_topk(100, ${counted('$recent')}) unless approx_topk(1000, ${counted('$recent', ' offset $recent')}))`,
          ),
        ],
        columns,
        sortBy: 'Lines',
      }),
      table({
        id: 12,
        title: 'Most frequent errors',
        description:
          'The twenty most frequent messages of error lines in the time range. Numbers and ids are shown as #; counts of many different messages are estimates. A message leads to its lines. Empty without errors.',
        width: 12,
        queries: [logqlNow(`approx_topk(20, ${counted('$__range')})`)],
        columns,
        sortBy: 'Lines',
      }),
    ],
  };
}

/** The workloads that fail, and when the failures started. */
export function errorRates({ lines, workload }: LogLines): Row {
  const counted = (of: string) => `sum by (namespace, ${workload}) (count_over_time(${of} [$__auto]))`;
  return {
    title: 'Error rates',
    answers: 'Which workload fails more often than before?',
    height: 8,
    panels: [
      timeseries({
        id: 10,
        title: 'Error rate by workload',
        description:
          'Error lines divided by all lines of the ten workloads with the highest rate, at each moment. Empty without errors.',
        width: 24,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        queries: [
          // A workload without errors has no error series. Without this, it would look like a workload without lines.
          logql(
            `topk(10, (${counted(`${lines} | ${FAILED}`)} or 0 * ${counted(lines)}) / ${counted(lines)})`,
            workloadName(workload),
          ),
        ],
      }),
    ],
  };
}

/** Lines of the workload that contain the same words in the same order. */
const toLines = (workload: string) => ({
  title: 'Lines with this message',
  url: dashboardUrl('loki-logs', {
    namespace: ofRow('namespace'),
    workload: ofRow(workload),
    search: ofRow('words'),
  }),
});
