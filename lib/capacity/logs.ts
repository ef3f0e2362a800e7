import type { ClusterSettings } from '../cluster/settings';
import type { LogAgentKind, StreamLabel } from '../logs/settings';
import { COPIES } from '../loki/ring-config';
import { logQueueBytes } from './collectors';
import type { Loaded } from './loaded';
import { AGENT_BYTES_PER_SECOND, FILL, LIVE, LOKI, LOKI_AWAY_SECONDS, PEAK } from './measured';

const DAY_SECONDS = 86_400;
const DAY_HOURS = 24;

/** Active streams of a cluster: normally, and at most while every pod is replaced. */
export interface Streams {
  readonly usual: number;
  readonly most: number;
}

/**
 * Estimates the streams of a cluster. The pod determines namespace, app, node and job, so a stream is a container, or
 * one of its two outputs. A restarted container continues its streams. A new pod has new streams, and those of the
 * old pod count until they are idle.
 */
export function expectedStreams(cluster: ClusterSettings, labels: readonly StreamLabel[]): Streams {
  const outputs = labels.includes('stream') ? 2 : 1;
  const running = cluster.nodes * cluster.podsPerNode;
  const gone = Math.ceil((cluster.newPodsPerHour * LOKI.idleMinutes) / 60);
  const each = cluster.containersPerPod * outputs;
  return { usual: (running + gone) * each, most: (2 * running + gone) * each };
}

/** The load of Loki: average bytes of log lines per day, and streams. */
export interface LogLoad {
  readonly logsPerDay: number;
  readonly streams: number;
}

/** The part of a load that one of several replicas ingests: three of them store each line. */
export function ofOneReplica(load: LogLoad, { replicas }: { readonly replicas: number }): LogLoad {
  const part = Math.min(1, COPIES / replicas);
  return { logsPerDay: load.logsPerDay * part, streams: load.streams * part };
}

/** Bytes of log lines that Loki holds in memory, uncompressed and compressed. */
function linesInMemory({ logsPerDay, streams }: LogLoad) {
  const lines = (logsPerDay * LOKI.chunkHours) / DAY_HOURS;
  return {
    uncompressed: Math.min(lines, streams * LOKI.blockBytes),
    compressed: Math.min(lines * LOKI.diskRatio, streams * LOKI.chunkBytes),
  };
}

/** Whether Loki keeps patterns of lines in memory. */
type Patterns = { readonly patterns: boolean };

/** Heap of Loki after a garbage collection, in bytes. */
export function lokiHeapBytes(load: LogLoad, { patterns }: Patterns): number {
  const { uncompressed, compressed } = linesInMemory(load);
  const streams = load.streams * (patterns ? LOKI.patternStreamBytes : LOKI.streamBytes);
  return LOKI.idleBytes + streams + uncompressed * LOKI.blockRatio + compressed;
}

/** The memory limit that Loki requires, in bytes. */
export function lokiMemoryBytes(load: LogLoad, patterns: Patterns): number {
  return lokiHeapBytes(load, patterns) / LIVE;
}

/** Bytes of chunks and index on the volume. */
export function chunkBytes({ logsPerDay, streams }: LogLoad, retentionHours: number): number {
  const days = (retentionHours + LOKI.deletionLagHours) / DAY_HOURS;
  const files = streams * days * (DAY_HOURS / LOKI.chunkHours);
  return Math.max(logsPerDay * days * LOKI.diskRatio, files * LOKI.chunkFileBytes);
}

/** Bytes of the write-ahead log: recent lines, and two checkpoints of the data in memory. */
export function walBytes(load: LogLoad): number {
  const { uncompressed, compressed } = linesInMemory(load);
  const lately = ((load.logsPerDay * PEAK) / DAY_SECONDS) * LOKI.walMinutes * 60;
  return (lately + 2 * uncompressed) * LOKI.entryRatio + 2 * compressed;
}

/** The volume size that Loki requires, in bytes. */
export function lokiVolumeBytes(load: LogLoad, retentionHours: number): number {
  return (chunkBytes(load, retentionHours) + walBytes(load)) / FILL;
}

/** The volume size that Loki requires beside a bucket, in bytes: what is not there yet, and a copy of the index. */
export function lokiRecentBytes(load: LogLoad, retentionHours: number): number {
  return (walBytes(load) + LOKI.indexPart * chunkBytes(load, retentionHours)) / FILL;
}

/** The ingestion rate that Loki needs, in bytes per second: all that agents can send, and at least the logs of busy minutes. */
export function lokiIngestionBytes({
  cluster: { nodes },
  logs: { agent },
  capacity: { logsPerDay },
}: Pick<Loaded, 'cluster' | 'logs' | 'capacity'>): number {
  const logs = ((logsPerDay?.value ?? 0) * PEAK) / DAY_SECONDS;
  return Math.max(nodes * LOKI.agentBytes[agent], logs * LOKI.entryRatio);
}

/** Bytes that the log files of a container hold: the current one, and one that is rotated and still being read. */
function logFileBytes({ alerts }: Loaded['monitoring']): number {
  return 4 * alerts.agentLag.value;
}

/** Maximum number of lines that an agent sends from one container when it catches up after an outage. */
export function backlogLines(monitoring: Loaded['monitoring']): number {
  return Math.ceil(logFileBytes(monitoring) / LOKI.shortLineBytes);
}

/** Bytes of one stream that Loki must ingest at once: what an agent and the collectors send when they catch up, and the longest line. */
export function streamBurstBytes({
  loki,
  logs,
  otelAgent,
  monitoring,
  ...settings
}: Pick<Loaded, 'loki' | 'logs' | 'otelAgent' | 'monitoring' | 'capacity' | 'tracing'>): number {
  const { streamRate, maxLineSize } = loki.limits;
  const queued = logs.agent === 'otel' ? otelAgent.queue.size.value : 0;
  const backlog = queued + logFileBytes(monitoring) * LOKI.entryRatio + logQueueBytes({ ...settings, logs });
  return Math.max(backlog, streamRate.value, maxLineSize.value);
}

/**
 * The CPU request that Loki requires, in millicores: idle, plus ingestion at the average rate. Peaks use spare CPU of
 * the node.
 */
export function lokiMillicores(logsPerDay: number): number {
  return LOKI.idleMillicores + (1_000 * LOKI.cpuSecondsPerMegabyte * logsPerDay) / 1e6 / DAY_SECONDS;
}

/** Bytes of log lines per day that the agents of all nodes can read, if every node writes the same amount. */
export function agentsBytesPerDay(nodes: number, agent: LogAgentKind): number {
  return Math.floor((nodes * AGENT_BYTES_PER_SECOND[agent] * DAY_SECONDS) / PEAK);
}

/** Bytes that wait in the queue of an agent while Loki is down, if every node writes the same. */
export function agentQueueBytes(logsPerDay: number, nodes: number): number {
  return ((logsPerDay * PEAK) / DAY_SECONDS / nodes) * LOKI_AWAY_SECONDS * LOKI.entryRatio;
}
