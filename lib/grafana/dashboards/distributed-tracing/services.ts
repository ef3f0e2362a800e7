import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/metric';
import type { DashboardContext } from '../context';
import { redQueries } from '../red';

/** Rate, errors and duration of each service over time. */
export function services(context: DashboardContext): Row {
  const { rate, errors, duration } = redQueries(context);
  const empty = 'No requests in this time range: do applications send traces?';
  const share = context.names.collector !== undefined;
  return {
    title: 'How are the services?',
    height: 9,
    panels: [
      timeseries({
        id: 10,
        title: 'Requests per second',
        question: 'Which service has more, or fewer, requests than usual?',
        empty,
        width: 8,
        unit: 'reqps',
        queries: [rate],
      }),
      timeseries({
        id: 11,
        title: share ? 'Share that fails' : 'Failures per second',
        question: 'Which service fails, and since when?',
        empty: 'No request has failed',
        width: 8,
        unit: share ? 'percentunit' : 'reqps',
        thresholds: share ? { warning: 0.01, critical: 0.05 } : undefined,
        queries: [errors],
      }),
      timeseries({
        id: 12,
        title: 'Duration (95 %)',
        question: 'Which service got slower?',
        empty,
        width: 8,
        unit: 's',
        queries: [duration],
      }),
    ],
  };
}
