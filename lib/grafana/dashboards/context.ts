import { metricsOf } from '../../monitoring/promql';
import type { DatasourceUids } from '../query';
import { logLabel, type Variable } from '../variable';

/** Names of components, which are the `job` of their metrics and the name of their volume. */
export interface ComponentNames {
  readonly loki: string;
  readonly tempo: string;
  readonly promtail: string;
  /** Counts spans and samples them; undefined where clients sample, and nobody counts. */
  readonly collector: string | undefined;
}

/** What the dashboards have to know of the stack, so that no panel of theirs asks in vain. */
export interface DashboardContext {
  readonly uids: DatasourceUids;
  /** Names of the components. */
  readonly names: ComponentNames;
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

/** Metrics of each component, by the labels that its ServiceMonitor gives them. */
export const metricsIn = ({ names, namespace }: DashboardContext) => ({
  loki: metricsOf(names.loki, namespace),
  tempo: metricsOf(names.tempo, namespace),
  promtail: metricsOf(names.promtail, namespace),
  collector: names.collector === undefined ? undefined : metricsOf(names.collector, namespace),
});

/** Share of a volume that is used, as the kubelet tells it. */
export function volumeUsed({ namespace }: DashboardContext, claim: string): string {
  const of = (metric: string) => `${metric}{namespace="${namespace}",persistentvolumeclaim="${claim}"}`;
  return `max(${of('kubelet_volume_stats_used_bytes')} / ${of('kubelet_volume_stats_capacity_bytes')})`;
}
