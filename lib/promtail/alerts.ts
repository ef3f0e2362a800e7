import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';

/**
 * What pages somebody about the agents. They keep no logs: what one of them does not send before the node
 * rotates it away is lost.
 *
 * @param where Namespace that Promtail is in, and name of its DaemonSet and Service.
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/troubleshooting/
 */
export function promtailAlerts(
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
): Alert[] {
  const promtail = metricsOf(name, namespace);
  const daemonSet = (metric: string) =>
    `kube_daemonset_status_${metric}{namespace="${namespace}",daemonset="${name}"}`;
  const requests = (...matchers: string[]) =>
    `sum by (namespace, pod, node) (rate(${promtail('promtail_request_duration_seconds_count', ...matchers)}[5m]))`;
  const [size, read] = ['promtail_file_bytes_total', 'promtail_read_bytes_total'].map((one) => promtail(one));
  return [
    {
      alert: 'PromtailDown',
      expr: `absent(${promtail('up')} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'No Promtail answers',
      description: 'No log is collected; what nodes rotate away meanwhile is lost.',
    },
    {
      alert: 'PromtailMissingOnNode',
      expr: `${daemonSet('desired_number_scheduled')} - ${daemonSet('number_ready')} > 0`,
      for: '15m',
      severity: 'warning',
      summary: 'Promtail is not ready on {{ $value }} nodes',
      description:
        'Logs of their pods are not collected. Lines that these nodes rotate away in the meantime are lost.',
    },
    {
      alert: 'PromtailUnreachable',
      expr: `${promtail('up')} == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'Promtail on {{ $labels.node }} does not answer Prometheus',
      description: 'Nothing tells whether it collects the logs of its node.',
    },
    {
      alert: 'PromtailPushFails',
      // Promtail counts a request that got no answer under the status -1. Loki answers 400 and 429 for single lines and
      // streams, stores the rest, and counts what it rejects: its own alerts are about those.
      expr: `${requests('status_code!~"2..|400|429"')} / ${requests()} > 0.1`,
      for: '10m',
      severity: 'critical',
      summary: 'Promtail on {{ $labels.node }} fails to send {{ $value | humanizePercentage }} of the time',
      description:
        'It sends the same lines again until Loki takes them; what its node rotates away meanwhile is lost.',
    },
    {
      alert: 'PromtailFallsBehind',
      // A file that is found and not read has no series of what was read. The mean, as a file that rotates quickly is small
      // now and then.
      expr: `max by (namespace, pod, node, path) (avg_over_time(clamp_min(${size} - (${read} or 0 * ${size}), 0)[5m:])) > ${thresholds.agentLag.value}`,
      for: '5m',
      severity: 'warning',
      summary: 'Promtail on {{ $labels.node }} is {{ $value | humanize1024 }}B behind in {{ $labels.path }}',
      description:
        'Its lines come late, and are lost if the node rotates the file twice before they are read.',
    },
    {
      alert: 'PromtailLimitsContainer',
      expr: `sum by (namespace, pod, node, label_value) (${growth(promtail('logentry_dropped_lines_by_label_total'), '10m', promtail('up'))}) > 0`,
      for: '0m',
      severity: 'warning',
      summary: 'Promtail dropped {{ $value | humanize }} lines of {{ $labels.label_value }} in 10 minutes',
      description:
        'The container writes more than promtail.rateLimit allows. Lines of other containers are not affected.',
    },
  ];
}
