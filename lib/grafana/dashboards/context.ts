import type { Duration } from '../../kubernetes/duration';
import { type ComponentMetrics, metricsOf } from '../../monitoring/promql';
import type { DatasourceUids } from '../query';

/** Names of components. Each name is the `job` of the component's metrics and the name of its volume. */
export interface ComponentNames {
  readonly loki: string;
  readonly tempo: string;
  /** The log agent and its kind. Undefined if the operator runs a different agent. */
  readonly agent: { readonly kind: 'promtail' | 'otel'; readonly name: string } | undefined;
  /** The collector, which receives spans. Undefined if clients sample; spans are not counted then. */
  readonly collector: string | undefined;
  /** The collectors that count and sample spans, if they are a second tier. */
  readonly sampler: string | undefined;
}

/** The facts about the stack that dashboards need to query only data that exists. */
export interface DashboardContext {
  readonly uids: DatasourceUids;
  /** Names of the components. */
  readonly names: ComponentNames;
  /** Label `app` of Kubernetes events. Undefined if they are not collected. */
  readonly eventsApp: string | undefined;
  /** The stores in the stack. */
  readonly stores: { readonly loki: boolean; readonly tempo: boolean };
  /** Namespace of the stack. */
  readonly namespace: string;
  /** Whether logs, spans and metrics carry the name of their cluster. */
  readonly hasClusterName: boolean;
  /** Names of the alerts of the stack. */
  readonly alerts: readonly string[];
  /** Labels of log streams. They always include `namespace`, `pod` and `container`. */
  readonly streamLabels: readonly string[];
  /** Retention of log lines. Loki does not answer queries for earlier times. */
  readonly logRetention: Duration;
  /** Maximum number of active streams in Loki. */
  readonly maxStreams: number;
  /** Number of Loki replicas that store each stream. */
  readonly streamCopies: number;
  /** Ingestion rate limit of Loki, in bytes per second. */
  readonly ingestionRate: number;
  /** Spans per second that the collector is sized for. Undefined if it has no buffer to size. */
  readonly expectedSpansPerSecond: number | undefined;
}

/** Metrics of each component, selected by the labels that its ServiceMonitor sets. */
export const metricsIn = ({ names, namespace }: DashboardContext) => ({
  loki: metricsOf(names.loki, namespace),
  tempo: metricsOf(names.tempo, namespace),
  agent: names.agent === undefined ? undefined : metricsOf(names.agent.name, namespace),
  collector: names.collector === undefined ? undefined : collectorMetrics(names.collector, names, namespace),
});

/** Metrics of the collectors that receive spans, and of those that sample and export them. Often they are the same. */
export interface CollectorMetrics {
  readonly entrance: ComponentMetrics;
  readonly sampler: ComponentMetrics;
  /** Both, or the only one. */
  readonly tiers: readonly ComponentMetrics[];
}

function collectorMetrics(name: string, { sampler }: ComponentNames, namespace: string): CollectorMetrics {
  const tiers = [name, ...(sampler === undefined ? [] : [sampler])].map((one) => metricsOf(one, namespace));
  const [entrance, last] = [tiers[0], tiers.at(-1)] as [ComponentMetrics, ComponentMetrics];
  return { entrance, sampler: last, tiers };
}

/** Used fraction of a volume, as reported by the kubelet. */
export function volumeUsage({ namespace }: DashboardContext, claim: string): string {
  const of = (metric: string) => `${metric}{namespace="${namespace}",persistentvolumeclaim="${claim}"}`;
  return `max(${of('kubelet_volume_stats_used_bytes')} / ${of('kubelet_volume_stats_capacity_bytes')})`;
}

/**
 * A sum of counters that have no series before their first event. Returns 0 until then, and no data while the component
 * is down.
 */
export const orZero = (sum: string, up: string) => `${sum} or 0 * max(${up} == 1)`;
