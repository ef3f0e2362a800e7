// What docs/capacity.md explains, each with where it comes from. Measured: `npm run test:real -- --only capacity`, which
// fails when a figure of the real programs exceeds its prediction.

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** The busiest minutes of a day, as a multiple of its average. An assumption, as is each other factor of safety. */
export const PEAK = 4;

/** What a limit is more than the most that was counted. */
export const HEADROOM = 1.25;

/** Part of a volume that may be in use. At 0.9 Loki rejects every line (`wal.disk_full_threshold`), and alerts need time. */
export const FILL = 0.8;

/** Part of a memory limit that living data may take: Go collects when the heap is twice that, and queries need room. */
export const LIVE = 0.5;

/** Facts about Loki 3.7. */
export const LOKI = {
  /** Bytes on the volume for a byte of log lines, gzip and structured metadata included. */
  diskRatio: 0.4,
  /** Bytes that count against the ingestion rate, and are in the write-ahead log, for a byte of log lines. */
  entryRatio: 1.4,
  /** A chunk is a file, and a file system has an inode for each 16 KiB. */
  chunkFileBytes: 16 * KIB,
  /** A chunk is written when its stream is idle for 30 minutes, or at this age (`max_chunk_age`). */
  chunkHours: 2,
  /** Lines are deleted this much after their retention: age of the chunk, `retention_delete_delay`, compaction. */
  deletionLagHours: 6,
  /** Minutes of lines in the write-ahead log: since the checkpoint before the last, one each 5 minutes, to its end. */
  walMinutes: 15,
  /** CPU of a Loki that only answers probes and runs its compactor. An assumption. */
  idleMillicores: 100,
  /** CPU seconds to ingest 1 MB of lines with gzip and the pattern ingester, as measured. */
  cpuSecondsPerMegabyte: 0.113,
  /** Heap of a Loki that has nothing to do. */
  idleBytes: 64 * MIB,
  /** Heap of a stream: labels, index, and what the pattern ingester learns of its lines, which is most of it. */
  streamBytes: 160 * KIB,
  /** Lines of a stream that are not compressed yet (`chunk_block_size`). */
  blockBytes: 256 * KIB,
  /** Heap for a byte of them. */
  blockRatio: 2,
  /** Compressed size at which a chunk is written (`chunk_target_size`). */
  chunkBytes: 1.5 * MIB,
  /** Minutes that a stream counts after its last line (`chunk_idle_period`, and the next flush). */
  idleMinutes: 31,
} as const;

/**
 * Log lines per day that this product runs on one Loki. Upstream recommends its monolithic mode up to about 20 GB; ingestion
 * alone would allow more, but a query over a week of more than this takes minutes.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/deployment-modes/
 */
export const ONE_LOKI_BYTES_PER_DAY = 100 * 2 ** 30;

/** Facts about Promtail 3.6. */
export const AGENT = {
  /** Bytes that one agent reads per second through the rendered pipeline, as measured on one core. */
  bytesPerSecond: 0.5 * MIB,
} as const;

/** Facts about Tempo 3.0. */
export const TEMPO = {
  /** Bytes of blocks for a byte of spans as they are sent. */
  diskRatio: 0.5,
  /** Further hours that a block counts: retention job, copies while blocks are merged, the live store. */
  extraHours: 8,
  /** The longest that a trace is in memory (`max_trace_live`). */
  traceSeconds: 30,
  /** The longest that a trace of one span is: `max_trace_idle`, and the next check. */
  spanSeconds: 10,
} as const;

/**
 * What the OpenTelemetry Collector 0.158 needs of its memory limit, garbage included: its limiter refuses spans when
 * the heap has 60 % of that. Measured with spans of 300 bytes to 16 KiB.
 */
export const COLLECTOR = {
  /** Spans per second that one collector was run with for 35 s without rejecting one (docs/traces.md). */
  spansPerSecond: 6_000,
  /** CPU seconds per span with span metrics and tail sampling: 17 µs measured without `k8s_attributes`, which is as much again. */
  cpuSecondsPerSpan: 34e-6,
  /** CPU of a collector that only answers probes. An assumption. */
  idleMillicores: 50,
  /** A collector that has nothing to do. */
  idleBytes: 96 * MIB,
  /** An undecided span and its end of a call, without their content. */
  spanBytes: 8 * KIB,
  /** A byte of an undecided span. */
  contentRatio: 4,
  /** A byte of the queue, where that is in memory. */
  queueRatio: 4,
} as const;

/** Seconds that Tempo may take to stop and to start. */
export const TEMPO_AWAY_SECONDS = 120;
