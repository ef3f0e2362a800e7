import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';
import { volumeAlerts } from '../monitoring/volume-alerts';
import { REFUSES_AT_PERCENT } from './config';
import { periodsOf } from './periods';
import type { LokiSettings } from './settings';

/** Alerts about Loki's volume, and about the work that Loki does on it. */
export function storageAlerts(
  settings: LokiSettings,
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
): Alert[] {
  const { retention, storage, replicas } = settings;
  const loki = metricsOf(name, namespace);
  const usesBucket = storage.type !== 'filesystem';
  const keepsOnVolume = periodsOf(settings).some(({ store }) => store === 'filesystem');
  // A start resets the time of the last success to 0, and the next success follows 10 minutes later. A Loki that was not
  // scraped 3 hours ago is new or was down, and had no time to run.
  const noSuccess = (operation: string) =>
    `time() - max by (namespace, job) (max_over_time(${loki(`${operation}_last_successful_run_timestamp_seconds`)}[3h])) > 10800` +
    ` and on (namespace, job) (max_over_time(${loki('up')}[1h] offset 3h) == 1)`;
  const consequence = `From ${REFUSES_AT_PERCENT}% on, Loki rejects every line, and agents wait.`;
  const volume = volumeAlerts({
    namespace,
    claim: name,
    claims: replicas > 1 ? `data-${name}-[0-9]+` : undefined,
    thresholds,
    fullPercent: REFUSES_AT_PERCENT,
    // Beside a bucket, the volume holds the last hours only.
    retention: keepsOnVolume ? retention : undefined,
    consequence,
  });
  return [
    {
      alert: 'LokiFlushFails',
      expr: ['loki_ingester_chunks_flush_failures_total', 'loki_ingester_checkpoint_creations_failed_total']
        .map((counter) => `sum by (namespace, job) (increase(${loki(counter)}[15m])) > 0`)
        .join(' or '),
      for: '5m',
      severity: 'critical',
      summary: `Loki cannot write to its ${usesBucket ? 'bucket or its ' : ''}volume`,
      description: 'Lines stay in memory and are lost when the pod stops.',
    },
    {
      alert: 'LokiVolumeFull',
      expr:
        `${loki('loki_ingester_wal_disk_usage_percent')} >= ${REFUSES_AT_PERCENT / 100}` +
        ` or increase(${loki('loki_ingester_wal_disk_full_failures_total')}[5m]) > 0`,
      for: '0m',
      severity: 'critical',
      summary: 'The Loki volume is full',
      description: consequence,
    },
    { alert: 'LokiVolumeFillsUp', ...volume.fillsUp },
    { alert: 'LokiVolumeNearlyFull', ...volume.nearlyFull },
    {
      alert: 'LokiCompactionNotRun',
      expr: noSuccess('loki_boltdb_shipper_compact_tables_operation'),
      for: '1h',
      severity: 'warning',
      summary: 'Loki has not compacted its index for 3 hours',
      description: 'Queries become slower, and retention does not run.',
    },
    {
      alert: 'LokiRetentionNotRun',
      expr: noSuccess('loki_compactor_apply_retention'),
      for: '1h',
      severity: 'warning',
      summary: 'Loki has not deleted old logs for 3 hours',
      description: `Logs older than loki.retention (${retention}) remain, and the ${usesBucket ? 'bucket grows' : 'volume fills'}.`,
    },
    ...(usesBucket ? [bucketAlert(loki)] : []),
  ];
}

function bucketAlert(loki: ComponentMetrics): Alert {
  return {
    alert: 'LokiBucketFails',
    // Without queries, Loki asks for its index every 5 minutes. A new bucket lacks one object at each start.
    expr: `max by (namespace, job) (sum by (namespace, job, pod) (increase(${loki('loki_objstore_bucket_operation_failures_total')}[15m]))) > 1`,
    for: '5m',
    severity: 'critical',
    summary: 'Loki does not reach its bucket, or may not use it',
    description:
      'Queries of stored logs fail. New lines stay in memory and in the write-ahead log on the volume.',
  };
}
