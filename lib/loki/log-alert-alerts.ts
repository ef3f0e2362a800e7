import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, growth } from '../monitoring/promql';

/** Alerts about log alerts. Without them, an alert that cannot fire looks like one that has no reason to fire. */
export function logAlertAlerts(loki: ComponentMetrics): Alert[] {
  const failures = (metric: string, by: string) =>
    `sum by (namespace, job${by}) (${growth(loki(metric), '15m', loki('up'))}) > 0`;
  return [
    {
      alert: 'LokiLogAlertsFail',
      expr: failures('loki_prometheus_rule_evaluation_failures_total', ', rule_group'),
      for: '15m',
      severity: 'warning',
      summary: 'Loki has failed to evaluate log alerts for 15 minutes: {{ $labels.rule_group }}',
      description: 'These alerts cannot fire.',
    },
    {
      alert: 'LokiLogAlertsNotSent',
      expr: failures('loki_prometheus_notifications_errors_total', ''),
      for: '15m',
      severity: 'critical',
      summary: 'Loki has failed to send log alerts to Alertmanager for 15 minutes',
      description: 'Nobody is notified of log alerts.',
    },
  ];
}
