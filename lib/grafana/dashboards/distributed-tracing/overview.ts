import type { Row } from '../../dashboard';
import { stat } from '../../panels/stat';
import { promqlNow } from '../../query';
import type { CollectorMetrics } from '../context';
import { METER, redNow } from '../red';

/** Rate, errors and duration across all services, and the fraction of traces that is kept. */
export function overview({ entrance, sampler }: CollectorMetrics): Row {
  const { rate, errors, duration } = redNow('$__range');
  const [sent, received] = [
    sampler('otelcol_exporter_sent_spans'),
    entrance('otelcol_receiver_accepted_spans'),
  ].map((metric) => `sum(rate(${metric}[$__range]))`);
  return {
    title: 'Overview',
    answers: 'How much is going on, how much of it fails, and how long does it take?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Request rate',
        description: 'Requests per second to the chosen services in the time range.',
        width: 5,
        unit: 'reqps',
        queries: [rate],
      }),
      stat({
        id: 2,
        title: 'Error rate',
        description: 'Failed requests to the chosen services, divided by all of them, in the time range.',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        queries: [errors],
      }),
      stat({
        id: 3,
        title: 'Duration (p95)',
        description: 'Time within which 95% of the requests to the chosen services are answered.',
        width: 5,
        unit: 's',
        queries: [duration],
      }),
      stat({
        id: 4,
        title: 'Services',
        description: 'Services that send traces. Ignores the filter.',
        width: 4,
        unit: 'short',
        queries: [promqlNow(`count(count by (service) (${METER}{})) or vector(0)`)],
      }),
      stat({
        id: 5,
        title: 'Sampled spans',
        description: 'Spans that the collector sends to Tempo, divided by those that applications send.',
        width: 5,
        unit: 'percentunit',
        queries: [promqlNow(`${sent} / ${received}`)],
      }),
    ],
  };
}
