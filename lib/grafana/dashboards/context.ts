import type { DatasourceUids } from '../query';

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
