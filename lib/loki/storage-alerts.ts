import type { Alert } from '../monitoring/prometheus-rule';
import { metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';
import { volumeAlerts } from '../monitoring/volume-alerts';
import { REFUSES_AT_PERCENT } from './config';
import type { LokiSettings } from './settings';

/** Alerts about Loki's volume, and about the work that Loki does on it. */
export function storageAlerts(
  { retention }: LokiSettings,
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
): Alert[] {
  const loki = metricsOf(name, namespace);
  // A start resets the time of the last success to 0, and the next success follows 10 minutes later. A Loki that was not
  // scraped 3 hours ago is new or was down, and had no time to run.
  const noSuccess = (operation: string) =>
    `time() - max by (namespace, job) (max_over_time(${loki(`${operation}_last_successful_run_timestamp_seconds`)}[3h])) > 10800` +
    ` and on (namespace, job) (max_over_time(${loki('up')}[1h] offset 3h) == 1)`;
  const consequence = `From ${REFUSES_AT_PERCENT}% on, Loki rejects every line, and agents wait.`;
  const volume = volumeAlerts({
    namespace,
    claim: name,
    thresholds,
    fullPercent: REFUSES_AT_PERCENT,
    retention,
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
      summary: 'Loki cannot write to its volume',
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
      description: `Logs older than loki.retention (${retention}) remain, and the volume fills.`,
    },
  ];
}
