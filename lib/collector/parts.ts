// Parts that every OpenTelemetry Collector of the stack has.

/** A processor that rejects data, which senders retry, before the kernel kills the process. */
export function memoryLimiter(memoryMiB: number) {
  return {
    check_interval: '1s',
    limit_mib: Math.floor(memoryMiB * 0.8),
    spike_limit_mib: Math.floor(memoryMiB * 0.2),
  };
}

/** Log and metrics of the collector itself. */
export function ownTelemetry(logLevel: string, metricsPort: number) {
  return {
    logs: { level: logLevel },
    metrics: { readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: metricsPort } } } }] },
  };
}

/** What cannot be sent waits in the queue: 0 retries without end. */
export const ENDLESS_RETRIES = { enabled: true, max_interval: '10s', max_elapsed_time: '0s' } as const;

/** A queue limited in bytes that sends what it has at least once a second, in memory unless it has a storage. */
export function batchingQueue(queue: { bytes: number; batchBytes: number; storage: string | undefined }) {
  const { bytes, batchBytes, storage } = queue;
  return {
    enabled: true,
    sizer: 'bytes',
    queue_size: bytes,
    ...(storage === undefined ? {} : { storage }),
    batch: { sizer: 'bytes', min_size: 0, max_size: batchBytes, flush_timeout: '1s' },
  };
}
