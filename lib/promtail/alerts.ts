import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';

/**
 * Alerts about the agents. Agents do not store logs: lines that an agent has not sent before the node rotates the
 * file are lost.
 *
 * @param where Namespace of Promtail, and the name of its DaemonSet and Service.
 * @param hasDestinations Whether lines go to a store outside the stack, which may reject the credentials.
 * @param readsJournal Whether the agent reads the journal of its node.
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/troubleshooting/
 */
export function promtailAlerts(
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
  hasDestinations = false,
  readsJournal = false,
): Alert[] {
  const promtail = metricsOf(name, namespace);
  const daemonSet = (metric: string) =>
    `kube_daemonset_status_${metric}{namespace="${namespace}",daemonset="${name}"}`;
  const requests = (...matchers: string[]) =>
    `sum by (namespace, pod, node) (rate(${promtail('promtail_request_duration_seconds_count', ...matchers)}[5m]))`;
  const [size, read] = ['promtail_file_bytes_total', 'promtail_read_bytes_total'].map((one) => promtail(one));
  const refused = promtail(
    'promtail_request_duration_seconds_count',
    'status_code=~"4..",status_code!~"400|429"',
  );
  const destinationRejects: Alert = {
    alert: 'PromtailDestinationRejects',
    expr: `sum by (namespace, pod, node, host) (rate(${refused}[2m])) > 0`,
    for: '1m',
    severity: 'critical',
    summary: '{{ $labels.host }} rejects the requests of Promtail on {{ $labels.node }}',
    description:
      'Lines are lost, for example because the credentials are wrong. Promtail does not retry after such an answer.',
  };
  const readsNoJournal: Alert = {
    alert: 'PromtailReadsNoJournal',
    // Promtail stops reading a corrupt journal, and only its log says so.
    expr: `sum by (namespace, pod, node) (increase(${promtail('promtail_journal_target_lines_total')}[6h])) == 0`,
    for: '30m',
    severity: 'warning',
    summary: 'Promtail on {{ $labels.node }} has read nothing from the journal for 6 hours',
    description: 'The folder has no journal, its units have other names, or the journal is corrupt.',
  };
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
      // Promtail counts requests without a response under the status -1. Loki returns 400 and 429 for individual
      // lines and streams, stores the rest, and counts what it rejects. Loki's own alerts cover those.
      expr: `${requests('status_code!~"2..|400|429"')} / ${requests()} > 0.1`,
      for: '10m',
      severity: 'critical',
      summary: 'Promtail on {{ $labels.node }} fails to send {{ $value | humanizePercentage }} of the time',
      description:
        'It sends the same lines again until Loki takes them; what its node rotates away meanwhile is lost.',
    },
    {
      alert: 'PromtailFallsBehind',
      // A file that is discovered but not read has no series for the bytes read. Uses the mean, because a file that
      // rotates quickly is sometimes small.
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
    ...(hasDestinations ? [destinationRejects] : []),
    ...(readsJournal ? [readsNoJournal] : []),
  ];
}
