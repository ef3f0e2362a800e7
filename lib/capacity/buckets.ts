import { COPIES } from '../loki/ring-config';
import type { Loaded } from './loaded';
import { chunkBytes, expectedStreams } from './logs';
import { LOKI, TEMPO } from './measured';
import { keptPercentage } from './traces';

const DAY_SECONDS = 86_400;
const MONTH_DAYS = 30;

/** Objects of a block of traces: columns, index, bloom filter, and what describes them. */
const BLOCK_OBJECTS = 5;

/** Seconds after which a block of traces is written (`max_block_duration`). */
const BLOCK_SECONDS = 30;

/** What a store makes of its bucket. */
export interface BucketUse {
  /** Bytes once the retention has passed. */
  readonly bytes: number;
  /** Requests that write, in 30 days. */
  readonly puts: number;
}

/** What Loki makes of its bucket, at most; undefined if the values do not state how much is logged. */
export function lokiBucketUse({ capacity, cluster, logs, loki }: Loaded): BucketUse | undefined {
  if (capacity.logsPerDay === undefined) return undefined;
  const streams = capacity.activeStreams ?? expectedStreams(cluster, logs.labels).usual;
  const load = { logsPerDay: capacity.logsPerDay.value, streams };
  // Each replica writes its chunks. Those that are cut alike have the same name, and are stored once.
  const copies = loki.replicas > 1 ? COPIES : 1;
  const chunksPerDay = Math.max(
    (streams * 24) / LOKI.chunkHours,
    (load.logsPerDay * LOKI.diskRatio) / LOKI.chunkBytes,
  );
  return {
    bytes: chunkBytes(load, loki.retention.seconds / 3_600) * copies,
    puts: chunksPerDay * MONTH_DAYS * copies,
  };
}

/** What Tempo makes of its bucket, before it merges blocks; undefined if the values do not state how many spans there are. */
export function tempoBucketUse({ capacity, tracing, tempo }: Loaded): BucketUse | undefined {
  if (capacity.spansPerSecond === undefined) return undefined;
  const kept = (capacity.spansPerSecond * keptPercentage(capacity, tracing.sampling)) / 100;
  const seconds = tempo.retention.seconds + tempo.compactedBlockRetention.seconds;
  return {
    bytes: kept * capacity.spanSize.value * TEMPO.diskRatio * seconds,
    puts: (DAY_SECONDS / BLOCK_SECONDS) * BLOCK_OBJECTS * MONTH_DAYS,
  };
}
