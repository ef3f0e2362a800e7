import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';
import { queryAlerts } from '../monitoring/query-alerts';
import type { AlertThresholds } from '../monitoring/settings';
import { volumeAlerts } from '../monitoring/volume-alerts';
import type { TempoSettings } from './settings';

/**
 * Alerts about Tempo.
 *
 * @param where Namespace of Tempo and the name of its Service, which is also the name of its volume.
 * @see https://grafana.com/docs/tempo/v3.0.x/operations/monitor/
 */
export function tempoAlerts(
  settings: TempoSettings,
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
): Alert[] {
  const { limits, blocklistPoll } = settings;
  const near = thresholds.limitPercent / 100;
  const tempo = metricsOf(name, namespace);
  const up = tempo('up');
  const total = (counters: readonly string[], range: string) =>
    counters
      .map((counter) => `sum by (namespace, job) (increase(${tempo(counter)}[${range}])) > 0`)
      .join(' or ');
  const failedJobs = (type: string) => {
    const counter = tempo('tempo_backend_scheduler_jobs_failed_total', `job_type="${type}"`);
    return `sum by (namespace, job) (${growth(counter, '1h', up)})`;
  };
  // Four polls, one of which may fail.
  const polls = `${Math.ceil((4 * blocklistPoll.seconds) / 60)}m`;
  const volume = volumeAlerts({
    namespace,
    claim: name,
    thresholds,
    // Beside a bucket, the volume holds the last hour only.
    retention: settings.storage.type === 'filesystem' ? settings.retention : undefined,
    consequence: 'On a full volume, Tempo stores no more traces.',
  });
  const queries = queryAlerts({
    store: 'Tempo',
    metrics: tempo,
    histogram: 'tempo_request_duration_seconds',
    routes: ['route=~"api_.+"', 'route!~"api_(echo|status_buildinfo)"'],
    thresholds,
  });
  return [
    {
      alert: 'TempoDown',
      expr: `absent(${up} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'Tempo does not respond',
      description: "Traces cannot be queried. Sampled traces wait in the collector's queue.",
    },
    {
      alert: 'TempoRefusesSpans',
      expr: `sum by (namespace, job) (rate(${tempo('tempo_receiver_refused_spans')}[5m])) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'Tempo rejects {{ $value | humanize }} spans per second',
      description: 'Senders retry, then give up and lose the spans.',
    },
    {
      alert: 'TempoDiscardsSpans',
      expr: `sum by (namespace, job, reason) (${growth(tempo('tempo_discarded_spans_total'), '10m', up)}) > 0`,
      for: '0m',
      severity: 'warning',
      summary: 'Tempo discarded {{ $value | humanize }} spans in 10 minutes: {{ $labels.reason }}',
      description: 'Traces are incomplete or missing, and senders receive no error.',
    },
    {
      alert: 'TempoTruncatesAttributes',
      expr: `sum by (namespace, job) (${growth(tempo('tempo_distributor_attributes_truncated_total'), '1h', up)}) > 0`,
      for: '0m',
      severity: 'warning',
      summary: 'Tempo truncated {{ $value | humanize }} attributes in an hour',
      description: `They exceed tempo.limits.maxAttributeSize (${limits.maxAttributeSize}), so a stack trace loses its end.`,
    },
    {
      alert: 'TempoLiveTracesNearLimit',
      expr: `sum by (namespace, job) (${tempo('tempo_live_store_live_traces')}) / ${limits.maxLiveTraces} > ${near}`,
      for: '5m',
      severity: 'warning',
      summary: `Tempo holds {{ $value | humanizePercentage }} of its limit of ${limits.maxLiveTraces} live traces`,
      description:
        'At tempo.limits.maxLiveTraces, Tempo discards new traces without an error for the sender.',
    },
    {
      alert: 'TempoIngestionNearLimit',
      expr: `sum by (namespace, job) (rate(${tempo('tempo_distributor_ingress_bytes_total')}[5m])) / ${limits.ingestionRate.value} > ${near}`,
      for: '15m',
      severity: 'warning',
      summary: `Tempo ingests {{ $value | humanizePercentage }} of its limit of ${limits.ingestionRate} per second`,
      description: 'At tempo.limits.ingestionRate, Tempo rejects spans.',
    },
    {
      alert: 'TempoLiveStoreNotReady',
      expr: `min by (namespace, job) (${tempo('tempo_live_store_ready')}) == 0`,
      for: '10m',
      severity: 'critical',
      summary: 'The live store of Tempo is not ready',
      description: 'Recent traces cannot be found, and searches fail.',
    },
    {
      alert: 'TempoFlushFails',
      expr: total(
        ['tempo_live_store_failed_completions_total', 'tempo_live_store_local_failed_flushes_total'],
        '15m',
      ),
      for: '5m',
      severity: 'critical',
      summary: 'Tempo cannot write recent traces as blocks',
      description: 'They stay in the write-ahead log, which grows, and searches become slow.',
    },
    {
      alert: 'TempoPollsFail',
      expr: `sum by (namespace, job) (${growth(tempo('tempodb_blocklist_poll_errors_total'), polls, up)}) > 1`,
      for: '0m',
      severity: 'critical',
      summary: 'Tempo cannot list its blocks',
      description: 'Queries miss new blocks and fail on deleted ones.',
    },
    {
      alert: 'TempoCompactionFails',
      // Not tempodb_compaction_errors_total, which stayed 0 while every merge failed.
      expr: `${failedJobs('JOB_TYPE_COMPACTION')} > 2`,
      for: '0m',
      severity: 'warning',
      summary: 'Tempo failed to merge blocks {{ $value | humanize }} times in an hour',
      description: 'Small blocks accumulate: queries become slow, and the volume fills faster.',
    },
    {
      alert: 'TempoRetentionFails',
      expr: `${total(['tempodb_retention_errors_total'], '1h')} or ${failedJobs('JOB_TYPE_RETENTION')} > 0`,
      for: '0m',
      severity: 'warning',
      summary: 'Tempo fails to delete old blocks',
      description: `Traces older than tempo.retention (${settings.retention}) remain, and the volume fills.`,
    },
    {
      alert: 'TempoRetentionNotRun',
      // It runs once an hour for a tenant that has blocks. Before the first trace there is none.
      expr:
        `sum by (namespace, job) (increase(${tempo('tempodb_retention_duration_seconds_count')}[3h])) == 0` +
        ` and sum by (namespace, job) (${tempo('tempodb_blocklist_length')}) > 0`,
      for: '2h',
      severity: 'warning',
      summary: 'Tempo has not applied its retention for 3 hours',
      description: `Traces older than tempo.retention (${settings.retention}) remain, and the volume fills.`,
    },
    { alert: 'TempoVolumeFillsUp', ...volume.fillsUp },
    { alert: 'TempoVolumeNearlyFull', ...volume.nearlyFull },
    { alert: 'TempoQueriesFail', ...queries.fail },
    { alert: 'TempoQueriesSlow', ...queries.slow },
  ];
}
