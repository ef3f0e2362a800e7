import type { Alert } from '../monitoring/prometheus-rule';
import { metricsOf } from '../monitoring/promql';
import { COPIES } from './ring-config';
import type { LokiSettings } from './settings';

/** Alerts about replicas that lost contact with each other; none for a single replica. */
export function ringAlerts(
  { replicas }: Pick<LokiSettings, 'replicas'>,
  { name, namespace }: { name: string; namespace: string },
): Alert[] {
  if (replicas === 1) return [];
  const loki = metricsOf(name, namespace);
  return [
    {
      alert: 'LokiReplicaMissing',
      expr: `(count(${loki('up')} == 1) or vector(0)) < ${replicas}`,
      for: '15m',
      severity: 'warning',
      summary: `{{ $value }} of ${replicas} Loki replicas respond`,
      description: `Each line is stored ${COPIES} times. While one replica is down, no other may fail.`,
    },
    {
      alert: 'LokiRingIncomplete',
      // Each replica counts separately. Two replicas with the same name are one member, although both are ready.
      expr: `min by (namespace, job) (${loki('loki_ring_members', 'name="ingester"', 'state="ACTIVE"')}) < ${replicas}`,
      for: '15m',
      severity: 'critical',
      summary: `A Loki replica sees {{ $value }} of ${replicas} members in its ring`,
      description: 'With fewer than two of the three that store a line, Loki rejects it and agents wait.',
    },
    {
      alert: 'LokiMembersApart',
      expr: `min by (namespace, job) (${loki('loki_memberlist_client_cluster_members_count')}) < ${replicas}`,
      for: '15m',
      severity: 'warning',
      summary: `A Loki replica reaches {{ $value }} of ${replicas} replicas`,
      description:
        'Replicas that cannot reach each other form separate rings and return results without the data of the others.',
    },
    {
      alert: 'LokiNoCompactor',
      expr: `sum by (namespace, job) (${loki('loki_boltdb_shipper_compactor_running')}) != 1`,
      for: '30m',
      severity: 'warning',
      summary: '{{ $value }} Loki replicas compact the index instead of one',
      description: 'Without a compactor, retention does not run. With two, both write the same index.',
    },
  ];
}
