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
