import { LEVELS } from '../../colors';
import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/timeseries';
import { logql } from '../../query';
import { FAILED, type LogLines, workloadName } from '../log-lines';

/** Sources of errors. */
export function errorSources({ lines, workload }: LogLines): Row {
  return {
    title: 'Levels and errors',
    answers: 'Did the mix of levels change? Which workload fails, and since when?',
    height: 8,
    panels: [
      timeseries({
        id: 10,
        title: 'Lines by level',
        description: 'Lines of each level that Loki detected.',
        width: 12,
        unit: 'short',
        stacked: true,
        colors: LEVELS,
        queries: [
          logql(`sum by (detected_level) (count_over_time(${lines} [$__auto]))`, '{{detected_level}}'),
        ],
      }),
      timeseries({
        id: 11,
        title: 'Errors by workload',
        description:
          'Error lines of the ten workloads with most of them, at each moment. Empty without errors.',
        width: 12,
        unit: 'short',
        stacked: true,
        queries: [
          logql(
            `topk(10, sum by (namespace, ${workload}) (count_over_time(${lines} | ${FAILED} [$__auto])))`,
            workloadName(workload),
          ),
        ],
      }),
    ],
  };
}

/** Sources of log lines. */
export function sources({ lines, workload }: LogLines): Row {
  return {
    title: 'Sources',
    answers: 'Who logs how much?',
    height: 8,
    panels: [
      timeseries({
        id: 12,
        title: 'Lines by namespace',
        description: 'Lines of each namespace.',
        width: 12,
        unit: 'short',
        stacked: true,
        queries: [logql(`sum by (namespace) (count_over_time(${lines} [$__auto]))`, '{{namespace}}')],
      }),
      timeseries({
        id: 13,
        title: 'Lines by workload',
        description: 'Lines of the ten workloads with most of them, at each moment.',
        width: 12,
        unit: 'short',
        stacked: true,
        queries: [
          logql(
            `topk(10, sum by (namespace, ${workload}) (count_over_time(${lines} [$__auto])))`,
            workloadName(workload),
          ),
        ],
      }),
    ],
  };
}
