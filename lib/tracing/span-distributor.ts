import type { ConfigPart } from './config-part';
import type { TracingSettings } from './settings';
import { TRACE_PORTS } from './trace-protocols';

/** Exporter of the first tier. */
export const DISTRIBUTOR = 'load_balancing';

/**
 * Sends all spans of a trace to the same collector of the second tier.
 *
 * @param host Headless Service of these collectors. DNS returns the addresses of those that are ready. The resolver `k8s`
 *   would also return those that are not, such as one on a lost node, and its spans would block the queue.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/exporter/loadbalancingexporter
 */
export function spanDistributor(host: string, { queueSize }: TracingSettings['firstTier']): ConfigPart {
  return {
    exporters: {
      [DISTRIBUTOR]: {
        routing_key: 'traceID',
        resolver: {
          dns: { hostname: host, port: String(TRACE_PORTS.otlpGrpc.port), interval: '5s', timeout: '2s' },
        },
        protocol: {
          otlp: {
            tls: { insecure: true },
            timeout: '5s',
            // Only the spans of this collector are sent again. It covers a restart with the same address.
            retry_on_failure: {
              enabled: true,
              initial_interval: '500ms',
              max_interval: '2s',
              max_elapsed_time: '10s',
            },
            // No metric would show how full it is, and its spans could not move to another collector.
            sending_queue: { enabled: false },
          },
        },
        // Sends the whole request again, to the collectors that are ready by then.
        retry_on_failure: {
          enabled: true,
          initial_interval: '1s',
          max_interval: '5s',
          max_elapsed_time: '0s',
        },
        sending_queue: { enabled: true, sizer: 'bytes', queue_size: queueSize.value },
      },
    },
  };
}
