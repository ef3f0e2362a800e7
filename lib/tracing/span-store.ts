import { type Destination, otlpUrl } from '../destinations/destination';
import { authExtension, clientSettings, exporterId } from '../destinations/exporter';
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

/** Maximum size of a request to another store. Gateways often reject larger ones, and the collector would drop them. */
const DESTINATION_BATCH_BYTES = 2 ** 20;

/** Where sampled spans go. */
export interface TraceStores {
  /** The Tempo of the stack. */
  readonly tempo: TraceStore | undefined;
  readonly destinations: readonly Destination[];
}

/** The exporters of sampled spans. */
export function spanExporters({ tempo, destinations }: TraceStores): string[] {
  return [...(tempo ? [TEMPO_EXPORTER] : []), ...destinations.map(exporterId)];
}

/** Sends sampled spans to Tempo and to other stores, from a queue for each of them, in memory or on a volume. */
export function spanStores(
  { tempo, destinations }: TraceStores,
  queue: TracingSettings['queue'],
): ConfigPart {
  const sending = (maxRequestBytes: number) => ({
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
  });
  return {
    exporters: {
      ...(tempo
        ? {
            [TEMPO_EXPORTER]: {
              endpoint: tempo.address,
              tls: { insecure: true },
              ...sending(tempo.maxRequestBytes),
            },
          }
        : {}),
      ...Object.fromEntries(
        destinations.map((one) => [
          exporterId(one),
          {
            endpoint: otlpUrl(one),
            ...clientSettings(one),
            compression: 'gzip',
            timeout: '30s',
            ...sending(DESTINATION_BATCH_BYTES),
          },
        ]),
      ),
    },
    extensions: {
      ...(queue.persistent
        ? { [QUEUE_STORAGE]: { directory: QUEUE_DIRECTORY, create_directory: true } }
        : {}),
      ...Object.assign({}, ...destinations.map(authExtension)),
    },
  };
}
