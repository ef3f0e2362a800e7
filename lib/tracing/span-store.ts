import type { ConfigPart } from './config-part';
import type { TracingSettings } from './settings';

/** Exporter of sampled spans. */
export const TEMPO_EXPORTER = 'otlp_grpc/tempo';

/** Location of a persistent queue. */
export const QUEUE_DIRECTORY = '/var/lib/otelcol';

/** Extension that stores a persistent queue. */
export const QUEUE_STORAGE = 'file_storage/queue';

/** The store that receives sampled spans. */
export interface TraceStore {
  /** Host and port of its OTLP receiver over gRPC. */
  readonly address: string;
  /** Maximum request size that it accepts, in bytes. */
  readonly maxRequestBytes: number;
}

/** Sends sampled spans to Tempo, from a queue in memory or on a volume. */
export function spanStore(
  { address, maxRequestBytes }: TraceStore,
  queue: TracingSettings['queue'],
): ConfigPart {
  return {
    exporters: {
      [TEMPO_EXPORTER]: {
        endpoint: address,
        tls: { insecure: true },
        // 0 retries without end: what cannot be sent waits in the queue.
        retry_on_failure: { enabled: true, max_interval: '10s', max_elapsed_time: '0s' },
        sending_queue: {
          enabled: true,
          sizer: 'bytes',
          queue_size: queue.size.value,
          ...(queue.persistent ? { storage: QUEUE_STORAGE } : {}),
          // Splits by bytes. Tempo would always reject a larger request, and the queue would stall.
          batch: { sizer: 'bytes', min_size: 0, max_size: maxRequestBytes, flush_timeout: '1s' },
        },
      },
    },
    extensions: queue.persistent
      ? { [QUEUE_STORAGE]: { directory: QUEUE_DIRECTORY, create_directory: true } }
      : {},
  };
}
