import type { Duration } from '../../kubernetes/duration';
import { metricsOf } from '../../monitoring/promql';
import type { DatasourceUids } from '../query';

/** Names of components, which are the `job` of their metrics and the name of their volume. */
export interface ComponentNames {
  readonly loki: string;
  readonly tempo: string;
  /** The log agent, by its kind; undefined where the operator runs another one. */
  readonly agent: { readonly kind: 'promtail' | 'otel'; readonly name: string } | undefined;
  /** Counts spans and samples them; undefined where clients sample, and nobody counts. */
  readonly collector: string | undefined;
}

/** What the dashboards have to know of the stack, so that no panel of theirs asks in vain. */
export interface DashboardContext {
  readonly uids: DatasourceUids;
  /** Names of the components. */
  readonly names: ComponentNames;
  /** Which stores the stack has. */
  readonly stores: { readonly loki: boolean; readonly tempo: boolean };
  /** Namespace of the stack. */
  readonly namespace: string;
  /** Whether logs, spans and metrics have the name of their cluster. */
  readonly hasClusterName: boolean;
  /** Names of the alerts of the stack. */
  readonly alerts: readonly string[];
  /** Labels that log streams have; `namespace`, `pod` and `container` are always among them. */
  readonly streamLabels: readonly string[];
  /** Time that Loki keeps lines; it does not answer for earlier ones. */
  readonly logRetention: Duration;
  /** Streams that Loki holds at once. */
  readonly maxStreams: number;
  /** Number of Lokis that hold each stream. */
  readonly streamCopies: number;
  /** Bytes per second that Loki ingests. */
  readonly ingestionRate: number;
  /** Spans per second that the collector is sized for; undefined where it has no buffer to be sized. */
  readonly expectedSpansPerSecond: number | undefined;
}

/** Metrics of each component, by the labels that its ServiceMonitor gives them. */
export const metricsIn = ({ names, namespace }: DashboardContext) => ({
  loki: metricsOf(names.loki, namespace),
  tempo: metricsOf(names.tempo, namespace),
  agent: names.agent === undefined ? undefined : metricsOf(names.agent.name, namespace),
  collector: names.collector === undefined ? undefined : metricsOf(names.collector, namespace),
});

/** Used part of a volume, as the kubelet reports it. */
export function volumeUsage({ namespace }: DashboardContext, claim: string): string {
  const of = (metric: string) => `${metric}{namespace="${namespace}",persistentvolumeclaim="${claim}"}`;
  return `max(${of('kubelet_volume_stats_used_bytes')} / ${of('kubelet_volume_stats_capacity_bytes')})`;
}

/** A sum of counters that have no series before their first event: 0 until then, and nothing while their component is down. */
export const orZero = (sum: string, up: string) => `${sum} or 0 * max(${up} == 1)`;
