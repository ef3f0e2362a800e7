import type { Row } from '../../dashboard';
import { dashboardUrl, ofRow } from '../../dashboard-link';
import { type Column, table } from '../../panels/table';
import { redNow } from '../red';

const TO_TRACES = {
  title: 'Traces of the service',
  url: dashboardUrl('tempo-tracing', { service: ofRow('service') }),
};

const TO_OPERATION = {
  title: 'Traces of the operation',
  url: dashboardUrl('tempo-tracing', {
    service: ofRow('service'),
    query: [
      encodeURIComponent('{ resource.service.name = `'),
      ofRow('service'),
      encodeURIComponent('` && name = `'),
      ofRow('span_name'),
      encodeURIComponent('` }'),
    ].join(''),
  }),
};

const NUMBERS: readonly Column[] = [
  { of: 0, title: 'Requests per second', unit: 'reqps', width: 150 },
  { of: 1, title: 'Fail', unit: 'percentunit', width: 90 },
  { of: 2, title: '95 %', unit: 's', bar: true, width: 200 },
];

/** Every service in one row. */
export function byService(): Row {
  const { rate, errors, duration } = redNow('service');
  return {
    title: 'Which service is it?',
    height: 9,
    panels: [
      table({
        id: 20,
        title: 'Services',
        question:
          'All services over the time range. A click on a heading sorts by it, one on a service leads to its traces.',
        empty: 'No requests in this time range',
        width: 24,
        queries: [rate, errors, duration],
        columns: [{ of: 'service', title: 'Service', link: TO_TRACES }, ...NUMBERS],
        sortBy: '95 %',
      }),
    ],
  };
}

/** The slowest operations in one row each. */
export function byOperation(): Row {
  const { rate, errors, duration } = redNow('service', 'span_name');
  const limited = (expr: string) => `topk(50, ${expr})`;
  return {
    title: 'Which operation is slow?',
    height: 12,
    panels: [
      table({
        id: 40,
        title: 'Slowest operations',
        question:
          'The fifty slowest operations of the services chosen above. A click on one leads to its traces.',
        empty: 'No requests in this time range',
        width: 24,
        queries: [
          { ...rate, expr: `${rate.expr} and ${limited(duration.expr)}` },
          { ...errors, expr: `(${errors.expr}) and ${limited(duration.expr)}` },
          { ...duration, expr: limited(duration.expr) },
        ],
        columns: [
          { of: 'service', title: 'Service', width: 220, link: TO_TRACES },
          { of: 'span_name', title: 'Operation', link: TO_OPERATION },
          ...NUMBERS,
        ],
        sortBy: '95 %',
      }),
    ],
  };
}
