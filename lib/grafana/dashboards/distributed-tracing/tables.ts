import type { Row } from '../../dashboard';
import { dashboardUrl, ofRow } from '../../dashboard-link';
import { type Column, table } from '../../panels/table';
import { redNow } from '../red';

/** Links a service name in a column to the traces of that service. */
export const toTraces = (column: string) => ({
  title: 'Traces of the service',
  url: dashboardUrl('tempo-tracing', { service: ofRow(column) }),
  // The link of the service graph would open a new tab.
  targetBlank: false,
});

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
  { of: 0, title: 'Request rate', unit: 'reqps', width: 120 },
  {
    of: 1,
    title: 'Error rate',
    unit: 'percentunit',
    thresholds: { warning: 0.01, critical: 0.05 },
    width: 110,
  },
  { of: 2, title: 'Duration (p95)', unit: 's', bar: true, width: 220 },
];

/** All services, one per row. */
export function byService(): Row {
  const { rate, errors, duration } = redNow('$__range', 'service');
  return {
    title: 'Services',
    answers: 'Which service fails or is slow?',
    height: 10,
    panels: [
      table({
        id: 20,
        title: 'Services',
        description:
          'The chosen services in the time range, those with the highest error rate first. A service leads to its traces.',
        width: 24,
        queries: [rate, errors, duration],
        columns: [{ of: 'service', title: 'Service', link: toTraces('service') }, ...NUMBERS],
        sortBy: 'Error rate',
      }),
    ],
  };
}

/** The operations with the highest error rate or duration, one per row. */
export function byOperation(): Row {
  const { rate, errors, duration } = redNow('$__range', 'service', 'span_name');
  const most = `(topk(25, ${errors.expr}) or topk(25, ${duration.expr}))`;
  const limited = (expr: string) => `(${expr}) and ${most}`;
  return {
    title: 'Operations',
    answers: 'Which operation fails or is slow?',
    height: 12,
    panels: [
      table({
        id: 40,
        title: 'Failing and slow operations',
        description:
          'The 25 operations of the chosen services with the highest error rate, and the 25 slowest ones, in the time range. An operation leads to its traces.',
        width: 24,
        queries: [rate, errors, duration].map((query) => ({ ...query, expr: limited(query.expr) })),
        columns: [
          { of: 'service', title: 'Service', width: 220, link: toTraces('service') },
          { of: 'span_name', title: 'Operation', link: TO_OPERATION },
          ...NUMBERS,
        ],
        sortBy: 'Error rate',
      }),
    ],
  };
}
