import { NOT_BEHIND_RELAY } from '../destinations/relay';
import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, growth } from '../monitoring/promql';
import { DELTA_FILTER } from './otlp-metrics';

/** What SDKs send besides spans: its name in metrics of the collector and in sentences, and its alerts. */
const SIGNALS = {
  logs: {
    counted: 'log_records',
    things: 'log records',
    fillingUp: { alert: 'OtlpLogQueueFillingUp' },
    lost: { alert: 'OtlpLogsLost' },
  },
  metrics: {
    counted: 'metric_points',
    things: 'metric points',
    fillingUp: { alert: 'OtlpMetricQueueFillingUp' },
    lost: { alert: 'OtlpMetricsLost' },
  },
} as const;

/** Logs or metrics of OpenTelemetry SDKs. */
export type OtlpSignal = keyof typeof SIGNALS;

/** Alert about metrics that Prometheus could not store. */
export function deltaAlert(collector: ComponentMetrics, up: string): Alert {
  const dropped = collector('otelcol_processor_filter_datapoints_filtered', `filter="${DELTA_FILTER}"`);
  return {
    alert: 'OtlpDeltasDropped',
    expr: `sum by (namespace, pod) (${growth(dropped, '10m', up)}) > 0`,
    for: '0m',
    severity: 'warning',
    summary: 'The collector dropped {{ $value | humanize }} delta data points in 10 minutes',
    description: 'An application sends deltas. Prometheus stores only cumulative metrics.',
  };
}

/** Alerts about logs or metrics of OpenTelemetry SDKs, on their way through the collector. */
export function otlpAlerts(signal: OtlpSignal, collector: ComponentMetrics, up: string): Alert[] {
  const { counted, things, ...alerts } = SIGNALS[signal];
  const [size, capacity] = ['size', 'capacity'].map((one) =>
    collector(`otelcol_exporter_queue_${one}`, `data_type="${signal}"`),
  );
  // The excluded exporter of logs also counts requests that the queue repeats.
  const matchers = signal === 'logs' ? [NOT_BEHIND_RELAY] : [];
  const grown = (counter: string) =>
    `sum by (namespace, pod, exporter) (${growth(collector(`otelcol_exporter_${counter}_${counted}`, ...matchers), '10m', up)}) > 0`;
  return [
    {
      ...alerts.fillingUp,
      expr: `max by (namespace, pod, exporter) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary: `The queue of ${things} of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full`,
      description: `Its destination is down or too slow. When the queue is full, ${things} of SDKs are lost.`,
    },
    {
      ...alerts.lost,
      expr: `${grown('enqueue_failed')} or ${grown('send_failed')}`,
      for: '0m',
      severity: 'critical',
      summary: `{{ $labels.exporter }} lost ${signal === 'logs' ? 'up to ' : ''}{{ $value | humanize }} ${things} in 10 minutes`,
      description:
        signal === 'logs'
          ? 'The queue is full, the destination rejects the records or the credentials, or a stream is above a limit of Loki, which stores the others of its request.'
          : 'The queue is full, or the destination rejects the metrics or the credentials.',
    },
  ];
}
