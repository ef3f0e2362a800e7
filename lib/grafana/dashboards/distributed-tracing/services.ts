import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/timeseries';
import type { DashboardContext } from '../context';
import { redQueries } from '../red';

/** Rate, errors and duration of each service over time. */
export function services(context: DashboardContext): Row {
  const { rate, errors, duration } = redQueries(context);
  const counted = context.names.collector !== undefined;
  return {
    title: 'Services over time',
    answers: 'Since when does a service have more requests, fail, or take longer?',
    height: 9,
    panels: [
      timeseries({
        id: 10,
        title: 'Request rate',
        description: 'Requests per second to each chosen service.',
        width: 8,
        unit: 'reqps',
        queries: [rate],
      }),
      timeseries({
        id: 11,
        title: counted ? 'Error rate' : 'Failed requests',
        description: counted
          ? 'Failed requests to each chosen service, divided by all of them.'
          : 'Failed requests per second to each chosen service. Empty without failures.',
        width: 8,
        unit: counted ? 'percentunit' : 'reqps',
        thresholds: counted ? { warning: 0.01, critical: 0.05 } : undefined,
        queries: [errors],
      }),
      timeseries({
        id: 12,
        title: 'Duration (p95)',
        description: 'Time within which 95% of the requests to each chosen service are answered.',
        width: 8,
        unit: 's',
        queries: [duration],
      }),
    ],
  };
}
