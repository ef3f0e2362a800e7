import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, growth } from '../monitoring/promql';

/** Alerts about log records of OpenTelemetry SDKs, on their way through the collector. */
export function otlpLogAlerts(collector: ComponentMetrics, up: string): Alert[] {
  const [size, capacity] = ['size', 'capacity'].map((one) =>
    collector(`otelcol_exporter_queue_${one}`, 'data_type="logs"'),
  );
  const lost = (counter: string) => `(${growth(collector(counter), '10m', up)})`;
  return [
    {
      alert: 'OtlpLogQueueFillingUp',
      expr: `max by (namespace, pod, exporter) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary: 'The queue of log records of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full',
      description:
        'Its destination is down or too slow. When the queue is full, log records of SDKs are lost.',
    },
    {
      alert: 'OtlpLogsLost',
      expr: `sum by (namespace, pod, exporter) (${lost('otelcol_exporter_enqueue_failed_log_records')} or ${lost('otelcol_exporter_send_failed_log_records')}) > 0`,
      for: '0m',
      severity: 'critical',
      summary: '{{ $labels.exporter }} lost {{ $value | humanize }} log records in 10 minutes',
      description: 'The queue is full, or the destination rejects the records or the credentials.',
    },
  ];
}
