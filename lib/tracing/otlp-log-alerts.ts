import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, growth } from '../monitoring/promql';
import { LOG_EXPORTER } from './otlp-logs';

/** Alerts about log records of OpenTelemetry SDKs, on their way through the collector. */
export function otlpLogAlerts(collector: ComponentMetrics, up: string): Alert[] {
  const exporter = `exporter="${LOG_EXPORTER}"`;
  const [size, capacity] = ['size', 'capacity'].map((one) =>
    collector(`otelcol_exporter_queue_${one}`, exporter),
  );
  const lost = (counter: string) => `(${growth(collector(counter), '10m', up)})`;
  return [
    {
      alert: 'OtlpLogQueueFillingUp',
      expr: `max by (namespace, pod) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary: 'The queue of log records is {{ $value | humanizePercentage }} full',
      description: 'Loki is down or too slow. When the queue is full, log records of SDKs are lost.',
    },
    {
      alert: 'OtlpLogsLost',
      expr: `sum by (namespace, pod) (${lost('otelcol_exporter_enqueue_failed_log_records')} or ${lost('otelcol_exporter_send_failed_log_records')}) > 0`,
      for: '0m',
      severity: 'critical',
      summary: 'The collector lost {{ $value | humanize }} log records in 10 minutes',
      description: 'Its queue is full, or Loki rejected the records.',
    },
  ];
}
