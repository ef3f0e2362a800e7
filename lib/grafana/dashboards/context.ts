import { metricsOf } from '../../monitoring/promql';
import type { DatasourceUids } from '../query';
import { logLabel, type Variable } from '../variable';

/** What the dashboards have to know of the stack, so that no panel of theirs asks in vain. */
export interface DashboardContext {
  readonly uids: DatasourceUids;
  /** Namespace of the stack. */
  readonly namespace: string;
  /** Labels that log streams have; `namespace`, `pod` and `container` are always among them. */
  readonly streamLabels: readonly string[];
  /** Streams that Loki holds at once. */
  readonly maxStreams: number;
  /** Bytes per second that Loki takes in. */
  readonly ingestionRate: number;
  /** Spans per second that the collector is sized for; undefined where it has no buffer to be sized. */
  readonly expectedSpansPerSecond: number | undefined;
  /** Whether a collector counts spans and samples them; without it, clients sample and nobody counts. */
  readonly collector: boolean;
}

/** The label that names a workload: `app`, or what is left of it. */
export function workloadLabel({ streamLabels }: DashboardContext): string {
  return streamLabels.includes('app') ? 'app' : 'container';
}

/** Matcher of lines that tell of a failure, by the level that Loki finds in each. */
export const FAILED_LINES = 'detected_level=~"error|critical|fatal"';

/** Choice of namespaces, and of the workloads in them. */
export function workloadVariables(context: DashboardContext): Variable[] {
  const workload = logLabel(workloadLabel(context), 'Workload', '{namespace=~"$namespace"}');
  return [logLabel('namespace', 'Namespace', ''), { ...workload, name: 'workload' }];
}

/** Metrics of each program, by the labels that its ServiceMonitor gives them. */
export const metricsIn = ({ namespace }: DashboardContext) => ({
  loki: metricsOf('loki', namespace),
  tempo: metricsOf('tempo', namespace),
  promtail: metricsOf('promtail', namespace),
  collector: metricsOf('otel-collector', namespace),
});

/** Share of a volume that is used, as the kubelet tells it. */
export function volumeUsed(namespace: string, claim: string): string {
  const of = (metric: string) => `${metric}{namespace="${namespace}",persistentvolumeclaim="${claim}"}`;
  return `max(${of('kubelet_volume_stats_used_bytes')} / ${of('kubelet_volume_stats_capacity_bytes')})`;
}
