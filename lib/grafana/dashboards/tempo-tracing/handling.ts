import type { ComponentMetrics } from '../../../monitoring/promql';
import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/metric';
import { promql } from '../../query';
import type { DashboardContext } from '../context';

const NO_COLLECTOR = 'Prometheus has no metrics of the collector: see its ServiceMonitor';

/** What the collector takes, loses and hands on. */
export function handling({ expectedSpansPerSecond }: DashboardContext, collector: ComponentMetrics): Row {
  return {
    title: 'What becomes of spans before Tempo?',
    height: 8,
    panels: [
      timeseries({
        id: 10,
        title: 'Spans that applications send',
        question: 'By which way do spans come, and are they as many as tracing.sampling expects?',
        empty: NO_COLLECTOR,
        width: 8,
        unit: 'cps',
        thresholds: expectedSpansPerSecond
          ? { warning: expectedSpansPerSecond, critical: 2 * expectedSpansPerSecond }
          : undefined,
        queries: [
          promql(
            `sum by (receiver, transport) (rate(${collector('otelcol_receiver_accepted_spans')}[$__rate_interval]))`,
            '{{receiver}} {{transport}}',
          ),
        ],
      }),
      timeseries({
        id: 11,
        title: 'Refused, or lost',
        question: 'Are spans lost before they are sampled, or after?',
        empty: NO_COLLECTOR,
        width: 8,
        unit: 'cps',
        queries: [
          promql(`sum(rate(${collector('otelcol_receiver_refused_spans')}[$__rate_interval]))`, 'refused'),
          promql(
            `sum(rate(${collector('otelcol_exporter_send_failed_spans')}[$__rate_interval]))`,
            'not sent',
          ),
          promql(
            `sum(rate(${collector('otelcol_exporter_enqueue_failed_spans')}[$__rate_interval]))`,
            'queue full',
          ),
        ],
      }),
      timeseries({
        id: 12,
        title: 'Queue to Tempo',
        question: 'Does Tempo keep up? What waits for it, of what may wait.',
        empty: NO_COLLECTOR,
        width: 8,
        unit: 'percentunit',
        thresholds: { warning: 0.5, critical: 0.9 },
        queries: [
          promql(
            `max by (pod) (${collector('otelcol_exporter_queue_size')} / ${collector('otelcol_exporter_queue_capacity')})`,
            '{{pod}}',
          ),
        ],
      }),
    ],
  };
}
