import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';
import { queryAlerts } from '../monitoring/query-alerts';
import type { AlertThresholds } from '../monitoring/settings';
import { logAlertAlerts } from './log-alert-alerts';
import { ringAlerts } from './ring-alerts';
import { copiesOf } from './ring-config';
import type { LokiSettings } from './settings';
import { storageAlerts } from './storage-alerts';

/** Reasons with their own alert. */
const OLD = 'too_far_behind|greater_than_max_sample_age';
const LIMITS = 'stream_limit|per_stream_rate_limit|rate_limited';

/**
 * Alerts about Loki.
 *
 * @param where Namespace of Loki and the name of its Service, which is also the name of its volume.
 * @param evaluatesLogAlerts Whether Loki evaluates alerts on log lines.
 * @see https://grafana.com/docs/loki/v3.7.x/operations/observability/
 */
export function lokiAlerts(
  settings: LokiSettings,
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
  evaluatesLogAlerts = false,
): Alert[] {
  const { limits } = settings;
  // With several replicas, three of them store each stream, and the limit applies to each replica.
  const copies = copiesOf(settings);
  const busiest = (rate: string) =>
    settings.replicas > 1
      ? `max by (namespace, job) (sum by (namespace, job, pod) (${rate}))`
      : `sum by (namespace, job) (${rate})`;
  const near = thresholds.limitPercent / 100;
  const loki = metricsOf(name, namespace);
  const up = loki('up');
  const received = loki('loki_distributor_lines_received_total');
  const pushes = (...matchers: string[]) =>
    `sum by (namespace, job) (rate(${loki(
      'loki_request_duration_seconds_count',
      // Promtail, and senders that use the protocol of OpenTelemetry.
      'route=~"loki_api_v1_push|otlp_v1_logs"',
      ...matchers,
    )}[5m]))`;
  const discarded = (matcher: string, range: string) =>
    `sum by (namespace, job, reason) (${growth(loki('loki_discarded_samples_total', matcher), range, up)})`;
  const queries = queryAlerts({
    store: 'Loki',
    metrics: loki,
    histogram: 'loki_request_duration_seconds',
    routes: ['route=~"loki_api_v1_.+"', 'route!~"loki_api_v1_(push|tail|status_buildinfo)"'],
    thresholds,
  });
  return [
    {
      alert: 'LokiDown',
      expr: `absent(${up} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'Loki does not respond',
      description:
        'Logs cannot be queried, and agents wait. Lines that nodes rotate away in the meantime are lost.',
    },
    {
      alert: 'LokiReceivesNothing',
      // The counter has no series before the first line.
      expr: `(sum(rate(${received}[5m])) or vector(0)) == 0 and on () ${up} == 1`,
      for: '15m',
      severity: 'critical',
      summary: 'Loki has not received a line for 15 minutes',
      description: 'Agents are not running, find no files, or cannot reach Loki. No logs arrive.',
    },
    {
      alert: 'LokiPushesFail',
      expr: `${pushes('status_code=~"5.."')} / ${pushes()} > 0.1`,
      for: '5m',
      severity: 'critical',
      summary: 'Loki fails to ingest {{ $value | humanizePercentage }} of the pushes',
      description: 'Agents retry and wait. Lines that nodes rotate away in the meantime are lost.',
    },
    {
      alert: 'LokiRejectsNewStreams',
      expr: `${discarded('reason="stream_limit"', '5m')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `Loki has ${limits.maxStreams} streams and dropped {{ $value | humanize }} lines of new streams in 5 minutes`,
      description: 'Logs of new pods are lost. Existing streams are not affected.',
    },
    {
      alert: 'LokiLimitsStream',
      expr: `${discarded('reason="per_stream_rate_limit"', '10m')} > 0`,
      for: '0m',
      severity: 'warning',
      summary: `Loki dropped {{ $value | humanize }} lines of streams above ${limits.streamRate} per second in 10 minutes`,
      description: 'A container exceeds loki.limits.streamRate. Other streams are not affected.',
    },
    {
      alert: 'LokiRateLimited',
      expr: `${discarded('reason="rate_limited"', '5m')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `Loki dropped {{ $value | humanize }} lines in 5 minutes because more than ${limits.ingestionRate} per second arrives`,
      description: 'Above loki.limits.ingestionRate, lines of all containers are lost.',
    },
    {
      alert: 'LokiDropsLines',
      expr: `${discarded(`reason!~"${LIMITS}|${OLD}"`, '10m')} > 0`,
      for: '0m',
      severity: 'warning',
      summary: 'Loki dropped {{ $value | humanize }} lines in 10 minutes: {{ $labels.reason }}',
      description: 'The lines are lost: agents do not retry lines that Loki rejects as invalid.',
    },
    {
      alert: 'LokiRejectsOldLines',
      expr: `${discarded(`reason=~"${OLD}"`, '10m')} > 0`,
      // Not on the first day: a new agent reads existing files from their start.
      for: '1h',
      severity: 'warning',
      summary: 'Loki has rejected old lines for an hour: {{ $labels.reason }}',
      description: 'The lines are lost. Lines that arrive in order are not affected.',
    },
    {
      alert: 'LokiStreamsNearLimit',
      expr: `sum by (namespace, job) (${loki('loki_ingester_memory_streams')}) / ${limits.maxStreams * copies} > ${near}`,
      for: '15m',
      severity: 'warning',
      summary: `Loki uses {{ $value | humanizePercentage }} of its limit of ${limits.maxStreams} streams`,
      description: 'At loki.limits.maxStreams, Loki drops lines of new streams.',
    },
    {
      alert: 'LokiIngestionNearLimit',
      expr: `${busiest(`rate(${loki('loki_distributor_bytes_received_total')}[5m])`)} / ${limits.ingestionRate.value} > ${near}`,
      for: '15m',
      severity: 'warning',
      summary: `Loki ingests {{ $value | humanizePercentage }} of its limit of ${limits.ingestionRate} per second`,
      description: 'Above loki.limits.ingestionRate, Loki drops lines of all containers.',
    },
    ...storageAlerts(settings, { name, namespace }, thresholds),
    ...(evaluatesLogAlerts ? logAlertAlerts(loki) : []),
    { alert: 'LokiQueriesFail', ...queries.fail },
    { alert: 'LokiQueriesSlow', ...queries.slow },
    ...ringAlerts(settings, { name, namespace }),
  ];
}
