// Measured figures. docs/capacity.md explains them and their sources. They come from `npm run test:real -- --only
// capacity`, which fails when a figure of the real programs exceeds its prediction.

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Peak load as a multiple of the daily average. An assumption, like the other safety factors. */
export const PEAK = 4;

/** Ratio of a limit to the highest observed count. */
export const HEADROOM = 1.25;

/**
 * Ratio of a volume that may be used. At 0.9 Loki rejects every line (`wal.disk_full_threshold`), and alerts must
 * fire earlier.
 */
export const FILL = 0.8;

/** Ratio of a memory limit for live data: Go collects when the heap is twice that size, and queries need memory too. */
export const LIVE = 0.5;

/** Facts about Loki 3.7. */
export const LOKI = {
  /** Bytes on the volume per byte of log lines, including gzip and structured metadata. */
  diskRatio: 0.4,
  /** Bytes of index on a volume per byte of chunks in a bucket. An assumption; the index of days that nobody queries is not there. */
  indexPart: 0.01,
  /** Bytes that count towards the ingestion rate, and in the write-ahead log, per byte of log lines. */
  entryRatio: 1.4,
  /** Upper bound of the bytes per second from one agent, which waits for each response: one request, or two with `otel`. */
  agentBytes: { promtail: 16 * MIB, otel: 32 * MIB, none: 16 * MIB },
  /** A short line in a log file, with its timestamp. */
  shortLineBytes: 60,
  /** A chunk is a file, and a file system has one inode per 16 KiB. */
  chunkFileBytes: 16 * KIB,
  /** A chunk is written when its stream is idle for 30 minutes, or at this age (`max_chunk_age`). */
  chunkHours: 2,
  /** Delay until lines are deleted after their retention: age of the chunk, `retention_delete_delay`, compaction. */
  deletionLagHours: 6,
  /** Minutes of lines in the write-ahead log: everything since the second-last checkpoint, one every 5 minutes. */
  walMinutes: 15,
  /** CPU of a Loki that only answers probes and runs its compactor. An assumption. */
  idleMillicores: 100,
  /** CPU seconds to ingest 1 MB of lines with gzip and the pattern ingester, as measured. */
  cpuSecondsPerMegabyte: 0.113,
  /** Heap of an idle Loki. */
  idleBytes: 64 * MIB,
  /** Heap of a stream: labels and index. */
  streamBytes: 32 * KIB,
  /** Heap of a stream with `loki.patterns: true`: mostly the patterns. */
  patternStreamBytes: 160 * KIB,
  /** Lines of a stream that are not compressed yet (`chunk_block_size`). */
  blockBytes: 256 * KIB,
  /** Heap per byte of uncompressed lines. */
  blockRatio: 2,
  /** Compressed size at which a chunk is written (`chunk_target_size`). */
  chunkBytes: 1.5 * MIB,
  /** Minutes that a stream counts after its last line (`chunk_idle_period`, and the next flush). */
  idleMinutes: 31,
} as const;

/**
 * Log lines per day that this product runs on so many replicas of Loki. Upstream recommends its monolithic mode up to about
 * 20 GB; ingestion alone would allow more, but a query over a week of more than 100Gi per replica takes minutes. The figures
 * for several replicas are assumptions from the table of upstream, 1.5 TB per day on an ingester of 2 CPU and 4Gi.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/deployment-modes/
 * @see https://grafana.com/docs/loki/v3.7.x/setup/size/
 */
export const MOST_LOGS_PER_DAY = { 1: 100 * 2 ** 30, 3: 500 * 2 ** 30, 5: 1_000 * 2 ** 30 } as const;

/** Seconds that Loki may be down before the queue of an agent is full: an upgrade of a node, a volume that moves. */
export const LOKI_AWAY_SECONDS = 900;

/**
 * Bytes per second that one agent reads with the rendered pipeline on one core: about 60% of what it handled per
 * CPU-second in `npm run test:real -- --only agent-cost`, which leaves out the metadata of pods.
 */
export const AGENT_BYTES_PER_SECOND = {
  /** Promtail 3.6. */
  promtail: 2 * MIB,
  /** OpenTelemetry Collector 0.158. */
  otel: 4 * MIB,
} as const;

/** Facts about Tempo 3.0. */
export const TEMPO = {
  /** Bytes of blocks per byte of spans as sent. */
  diskRatio: 0.5,
  /** Bytes per second that one Tempo without Kafka ingests, the lower end of what upstream states. */
  mostBytes: 25 * MIB,
  /** Additional hours that a block counts: retention job, copies while blocks are merged, the live store. */
  extraHours: 8,
  /** Maximum time that a trace is in memory (`max_trace_live`). */
  traceSeconds: 30,
  /** Maximum time that a trace of one span is in memory: `max_trace_idle` plus the interval of the check. */
  spanSeconds: 10,
} as const;

/**
 * Memory limit that the OpenTelemetry Collector 0.158 requires, including garbage. Its limiter rejects spans when the
 * heap reaches 60% of the limit. Measured with spans of 300 bytes to 16 KiB.
 */
export const COLLECTOR = {
  /** Spans per second that one collector handled for 35 s without rejecting a span (docs/traces.md). */
  spansPerSecond: 6_000,
  /**
   * CPU seconds per span with span metrics and tail sampling: 17 µs measured without `k8s_attributes`, which costs
   * about as much again.
   */
  cpuSecondsPerSpan: 34e-6,
  /** CPU of a collector that only answers probes. An assumption. */
  idleMillicores: 50,
  /** An idle collector. */
  idleBytes: 96 * MIB,
  /** An undecided span and its entry in the service graph, without their content. */
  spanBytes: 8 * KIB,
  /** A byte of an undecided span. */
  contentRatio: 4,
  /** A byte of the queue, if the queue is in memory. */
  queueRatio: 4,
} as const;

/** The first of two tiers of collectors. */
export const FIRST_TIER = {
  /** Spans per second for one collector, at which it takes less than half a CPU. */
  spansPerSecond: 20_000,
  /** CPU seconds to receive a span, name its pod and pass it on: 14 to 16 µs measured. */
  cpuSecondsPerSpan: 20e-6,
  /** Seconds of spans that wait while a sampling collector restarts, until DNS no longer returns its address. */
  waitSeconds: 20,
} as const;

/** Seconds that Tempo may take to stop and start. */
export const TEMPO_AWAY_SECONDS = 120;
