import type { Row } from '../../dashboard';
import { dashboardUrl, ofRow } from '../../dashboard-link';
import { timeseries } from '../../panels/metric';
import { type Column, table } from '../../panels/table';
import { logql, logqlNow } from '../../query';
import { FAILED_LINES } from '../context';

/** Finds the message in a line of JSON or logfmt, as its first group. */
const QUOTED_MESSAGE = String.raw`(?s)^.*?\\b(?:msg|message)\"?\\s*[:=]\\s*\"((?:[^\"\\\\]|\\\\.)+)\".*$`;

/** Finds what differs from line to line: numbers, ids, addresses. */
const VARYING = '[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*|[0-9]+';

/**
 * What a line says without what differs from line to line. There may be thousands of them, more than
 * loki.limits.maxQuerySeries: only `approx_topk` finds the most frequent ones nevertheless.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/query/metric_queries/#probabilistic-aggregation
 */
const MESSAGE = `label_format message=\`{{ regexReplaceAll "${VARYING}" (regexReplaceAll "${QUOTED_MESSAGE}" (trunc 1000 __line__) "$1") "#" | trunc 160 }}\``;

const toErrors = (workload: string) => ({
  title: 'Errors of the workload',
  url: dashboardUrl('loki-logs', {
    workload: ofRow(workload),
    level: ['error', 'critical', 'fatal'],
  }),
});

/** Which errors there are, and which of them are new. */
export function failures(selector: string, workload: string): Row {
  const failed = `${selector} | ${FAILED_LINES}`;
  const counted = (when: string) =>
    `sum by (${workload}, message) (count_over_time(${failed} | ${MESSAGE} [$__range]${when}))`;
  const columns: readonly Column[] = [
    { of: workload, title: 'Workload', width: 120, link: toErrors(workload) },
    { of: 'message', title: 'Message' },
    { of: 0, title: 'Lines', unit: 'short', width: 80 },
  ];
  return {
    title: 'What fails, and what is new?',
    height: 9,
    panels: [
      timeseries({
        id: 10,
        title: 'Share of errors by workload',
        question: 'Does the share of lines that tell of an error rise? The ten highest, at each moment.',
        empty: 'No line tells of an error',
        width: 8,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        queries: [
          logql(
            `topk(10, sum by (namespace, ${workload}) (count_over_time(${failed} [$__auto])) / sum by (namespace, ${workload}) (count_over_time(${selector} [$__auto])))`,
            `{{namespace}} / {{${workload}}}`,
          ),
        ],
      }),
      table({
        id: 11,
        title: 'Errors that are new',
        question:
          'Which of the hundred most frequent errors were not there in the time range before this one? Numbers and ids are left out.',
        empty: 'No error that was not there before',
        width: 8,
        queries: [
          logqlNow(
            `topk(20, approx_topk(100, ${counted('')}) unless approx_topk(1000, ${counted(' offset $__range')}))`,
          ),
        ],
        columns,
        sortBy: 'Lines',
      }),
      table({
        id: 12,
        title: 'Most frequent errors',
        question:
          'Which errors are most of them? Numbers and ids are left out; counts of many different ones are estimates.',
        empty: 'No line tells of an error',
        width: 8,
        queries: [logqlNow(`approx_topk(20, ${counted('')})`)],
        columns,
        sortBy: 'Lines',
      }),
    ],
  };
}
