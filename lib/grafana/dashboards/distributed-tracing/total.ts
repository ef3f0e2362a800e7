import type { ComponentMetrics } from '../../../monitoring/promql';
import type { Row } from '../../dashboard';
import { stat } from '../../panels/metric';
import { promqlNow } from '../../query';
import { METER, redNow } from '../red';

/** Rate, errors and duration of everything, and how much of it is kept. */
export function total(collector: ComponentMetrics): Row {
  const { rate, errors, duration } = redNow();
  return {
    title: 'How is everything?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Requests per second',
        question: 'How much is going on, of the services chosen above?',
        empty: 'No spans are counted: do applications send traces?',
        width: 5,
        unit: 'reqps',
        queries: [rate],
      }),
      stat({
        id: 2,
        title: 'Share that fails',
        question: 'Do requests fail?',
        empty: 'No spans are counted',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        queries: [errors],
      }),
      stat({
        id: 3,
        title: 'Duration (95 %)',
        question: 'How long do all but the slowest 5 % take?',
        empty: 'No spans are counted',
        width: 5,
        unit: 's',
        queries: [duration],
      }),
      stat({
        id: 4,
        title: 'Services',
        question: 'How many services send traces?',
        empty: 'none',
        width: 4,
        unit: 'short',
        queries: [promqlNow(`count(count by (service) (${METER}))`)],
      }),
      stat({
        id: 5,
        title: 'Share of spans kept',
        question: 'How much is sampled? Of the spans that applications send, those that Tempo is given.',
        empty: 'No spans in this time range',
        width: 5,
        unit: 'percentunit',
        queries: [
          promqlNow(
            `sum(rate(${collector('otelcol_exporter_sent_spans')}[$__range])) / sum(rate(${collector('otelcol_receiver_accepted_spans')}[$__range]))`,
          ),
        ],
      }),
    ],
  };
}
