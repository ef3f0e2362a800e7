import type { ComponentMetrics } from '../../../monitoring/promql';
import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/timeseries';
import { promql } from '../../query';
import type { CollectorMetrics, DashboardContext } from '../context';

/** Spans that the collector receives, drops and exports. */
export function collection(
  { expectedSpansPerSecond }: DashboardContext,
  { entrance, sampler, tiers }: CollectorMetrics,
): Row {
  const rate = (of: ComponentMetrics, metric: string, by = '') =>
    `sum${by}(rate(${of(metric)}[$__rate_interval]))`;
  // Some counters have no series before their first event.
  const lost = (of: ComponentMetrics, metric: string) => `${rate(of, metric)} or 0 * max(${of('up')} == 1)`;
  return {
    title: 'Collection',
    answers: 'What becomes of spans before they reach Tempo?',
    height: 9,
    panels: [
      timeseries({
        id: 10,
        title: 'Received spans',
        description:
          'Spans per second that applications send, by protocol. The dashed lines are the expected rate of tracing.sampling, and twice that.',
        width: 8,
        unit: 'count:spans/s',
        thresholds: expectedSpansPerSecond
          ? { warning: expectedSpansPerSecond, critical: 2 * expectedSpansPerSecond }
          : undefined,
        queries: [
          promql(
            rate(entrance, 'otelcol_receiver_accepted_spans', ' by (receiver, transport) '),
            '{{receiver}} {{transport}}',
          ),
        ],
      }),
      timeseries({
        id: 11,
        title: 'Lost spans',
        description:
          'Spans per second that the collector refused (senders retry), could not send to Tempo, or dropped because its queue was full.',
        width: 8,
        unit: 'count:spans/s',
        colors: { refused: 'orange', 'not sent': 'red', 'queue full': 'purple' },
        softMax: 1,
        queries: [
          promql(lost(entrance, 'otelcol_receiver_refused_spans'), 'refused'),
          promql(lost(sampler, 'otelcol_exporter_send_failed_spans'), 'not sent'),
          promql(lost(sampler, 'otelcol_exporter_enqueue_failed_spans'), 'queue full'),
        ],
      }),
      timeseries({
        id: 12,
        title: 'Export queue',
        description:
          tiers.length > 1
            ? 'Used part of the queues to Tempo, and of those to the sampling collectors. They fill up while their target is down or too slow.'
            : 'Used part of the queue to Tempo. It fills up while Tempo is down or too slow.',
        width: 8,
        unit: 'percentunit',
        softMax: 1,
        thresholds: { warning: 0.5, critical: 0.9 },
        queries: tiers.map((tier) =>
          promql(
            `max by (pod) (${tier('otelcol_exporter_queue_size')} / ${tier('otelcol_exporter_queue_capacity')})`,
            '{{pod}}',
          ),
        ),
      }),
    ],
  };
}
