import { NOT_BEHIND_RELAY } from '../destinations/relay';
import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';

/**
 * Alerts about the OpenTelemetry Collector as the log agent. Its queue keeps lines while Loki is down, so the alerts
 * are based on how full the queue is.
 *
 * @param where Namespace of the agent, and the name of its DaemonSet and Service.
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export function otelAgentAlerts({ name, namespace }: { name: string; namespace: string }): Alert[] {
  const agent = metricsOf(name, namespace);
  const up = agent('up');
  const daemonSet = (metric: string) =>
    `kube_daemonset_status_${metric}{namespace="${namespace}",daemonset="${name}"}`;
  const grown = (counter: string) =>
    `sum by (namespace, pod, node, exporter) (${growth(agent(counter), '10m', up)})`;
  // The excluded exporter also counts requests that the queue repeats.
  const records = (outcome: string, range: string) =>
    `sum by (namespace, pod, node, exporter) (rate(${agent(`otelcol_exporter_${outcome}_log_records`, NOT_BEHIND_RELAY)}[${range}]))`;
  const [failed, sent] = [records('send_failed', '5m'), records('sent', '5m')];
  const [rejected, accepted] = [records('send_failed', '2m'), records('sent', '2m')];
  const [size, capacity] = ['size', 'capacity'].map((one) => agent(`otelcol_exporter_queue_${one}`));
  return [
    {
      alert: 'OtelAgentDown',
      expr: `absent(${up} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'No log agent is up',
      description: 'No logs are collected. Lines that nodes rotate away in the meantime are lost.',
    },
    {
      alert: 'OtelAgentMissingOnNode',
      expr: `${daemonSet('desired_number_scheduled')} - ${daemonSet('number_ready')} > 0`,
      for: '15m',
      severity: 'warning',
      summary: 'The log agent is not ready on {{ $value }} nodes',
      description:
        'Logs of their pods are not collected. Lines that these nodes rotate away in the meantime are lost.',
    },
    {
      alert: 'OtelAgentUnreachable',
      expr: `${up} == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'Prometheus cannot scrape the log agent on {{ $labels.node }}',
      description: 'It is unknown whether the agent collects the logs of its node.',
    },
    {
      alert: 'OtelAgentReadsNothing',
      expr: `sum by (namespace, pod, node) (rate(${agent('otelcol_receiver_accepted_log_records', 'receiver=~"file_log/.*"')}[15m])) == 0`,
      for: '15m',
      severity: 'warning',
      summary: 'The log agent on {{ $labels.node }} has not read a line for 15 minutes',
      description: 'Its queue is full, it finds no files, or it lacks permission to read them.',
    },
    {
      alert: 'OtelAgentFallsBehind',
      expr: `min by (namespace, pod, node) (min_over_time(${agent('otelcol_fileconsumer_reading_files')}[1m])) > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'The log agent on {{ $labels.node }} has not reached the end of its log files for 10 minutes',
      description:
        'A container writes faster than the agent reads, or the queue is full. Lines that the node rotates away are lost, and nothing counts them. Some other containers wait too.',
    },
    {
      alert: 'OtelAgentQueueFillingUp',
      expr: `max by (namespace, pod, node, exporter) (${size} / ${capacity}) > 0.5`,
      for: '1m',
      severity: 'critical',
      summary:
        'The queue of {{ $labels.exporter }} on {{ $labels.node }} is {{ $value | humanizePercentage }} full',
      description:
        'Its destination is down or too slow. When the queue is full, the agent stops reading, and lines that its node rotates away are lost.',
    },
    {
      alert: 'OtelAgentExportFails',
      // If Loki rejects a line, all lines of its request count, although Loki stores the others. Loki also counts the
      // rejected line, and its own alerts cover it.
      expr: `${failed} / (${failed} + (${sent} or 0 * ${failed})) > 0.1`,
      for: '15m',
      severity: 'critical',
      summary:
        '{{ $labels.exporter }} on {{ $labels.node }} loses {{ $value | humanizePercentage }} of its lines, because the destination rejects them',
      description:
        'The agent does not retry lines that the destination rejects as invalid, nor those above a limit of Loki.',
    },
    {
      alert: 'OtelAgentLosesEntries',
      expr: `${grown('otelcol_exporter_enqueue_failed_log_records')} > 0`,
      for: '0m',
      severity: 'critical',
      summary:
        'The log agent on {{ $labels.node }} could not queue {{ $value | humanize }} entries in 10 minutes',
      description:
        'Its queue is full and drops entries (otelAgent.queue.whenFull), or the disk of the node is full or failing.',
    },
    {
      alert: 'OtelAgentDestinationRejects',
      expr: `${rejected} > 0 unless ${accepted} > 0`,
      for: '1m',
      severity: 'critical',
      summary: '{{ $labels.exporter }} on {{ $labels.node }} loses {{ $value | humanize }} lines per second',
      description:
        'The destination rejects everything, for example because the credentials are wrong. The agent does not retry.',
    },
  ];
}
