import type { Row } from '../../dashboard';
import { stat } from '../../panels/stat';
import { logql } from '../../query';
import { errorRate, FAILED, type LogLines } from '../log-lines';

/**
 * Log volume and error ratio. Each number combines the steps of a range query, which Loki caches. An instant query over
 * the whole range would read every line again each time. A step without lines counts as 0.
 */
export function overview(chosen: LogLines): Row {
  const { lines } = chosen;
  return {
    title: 'Overview',
    answers: 'How much is logged, and how much of it reports errors?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Log rate',
        description: 'Mean lines per second in the time range. Follows the filters above.',
        width: 6,
        unit: 'count:lines/s',
        over: 'mean',
        queries: [logql(`sum(rate(${lines} [$__auto])) or vector(0)`)],
      }),
      stat({
        id: 2,
        title: 'Log volume',
        description: 'Mean bytes per second in the time range, uncompressed. Follows the filters above.',
        width: 6,
        unit: 'binBps',
        over: 'mean',
        queries: [logql(`sum(bytes_rate(${lines} [$__auto])) or vector(0)`)],
      }),
      stat({
        id: 3,
        title: 'Errors',
        description:
          'Lines of level error, critical or fatal in the time range. Follows the filters above, the level among them.',
        width: 6,
        unit: 'count:lines',
        over: 'sum',
        queries: [logql(`sum(count_over_time(${lines} | ${FAILED} [$__auto])) or vector(0)`)],
      }),
      errorRate(chosen, 4, 6),
    ],
  };
}
