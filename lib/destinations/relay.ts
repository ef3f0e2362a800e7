import type { Destination } from './destination';
import { exporterId, httpClient } from './exporter';

const MIB = 2 ** 20;

/** Exporters except those behind a queue that sends to its own process: these also count requests that the queue repeats. */
export const NOT_BEHIND_RELAY = 'exporter!~"otlp_http/loki(-.+)?"';

/** The way of log records from the pipeline of a collector to a destination. */
export interface Way {
  /** Exporters. The first receives records from the pipeline. */
  readonly exporters: Readonly<Record<string, object>>;
  readonly receivers?: Readonly<Record<string, object>>;
  readonly pipelines?: Readonly<Record<string, object>>;
}

/** Properties of {@link wayToOwnLoki}. */
export interface RelayProps {
  /** The queue and the retries. */
  readonly queue: object;
  /** Port of the receiver, to which only the collector itself connects. */
  readonly port: number;
  /** Maximum size of a request, in bytes. */
  readonly maxRequestBytes: number;
}

/**
 * An exporter for HTTP retries a request that Loki answers with 429, so one stream above a limit would hold up all records
 * of the collector. An exporter for gRPC drops such a request, of which Loki has stored all other streams. Therefore the queue
 * belongs to an exporter for gRPC that sends to a receiver of the same process, which passes on what Loki answers. The
 * queue repeats every other request that may succeed later.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector/blob/v0.158.0/exporter/otlpexporter/otlp.go
 */
export function wayToOwnLoki(loki: Destination, { queue, port, maxRequestBytes }: RelayProps): Required<Way> {
  const exporter = exporterId(loki);
  const name = exporter.replace(/^.*?\//, '');
  const receiver = `otlp/${name}`;
  const endpoint = `127.0.0.1:${port}`;
  return {
    exporters: {
      [`otlp_grpc/${name}`]: {
        endpoint,
        tls: { insecure: true },
        compression: 'none',
        // Longer than that of the request to Loki.
        timeout: '45s',
        ...queue,
      },
      [exporter]: {
        ...httpClient(loki),
        retry_on_failure: { enabled: false },
        sending_queue: { enabled: false },
      },
    },
    receivers: {
      [receiver]: {
        protocols: { grpc: { endpoint, max_recv_msg_size_mib: Math.ceil((2 * maxRequestBytes) / MIB) } },
      },
    },
    pipelines: { [`logs/${name}`]: { receivers: [receiver], exporters: [exporter] } },
  };
}

/** Limits of another store are not known, nor what it keeps of a rejected request. */
export function wayToOther(destination: Destination, queue: object, id = exporterId(destination)): Way {
  return { exporters: { [id]: { ...httpClient(destination), ...queue } } };
}

/** A part of several ways together. */
export function allOf(ways: readonly Way[], part: keyof Way): Record<string, object> {
  return Object.assign({}, ...ways.map((way) => way[part] ?? {}));
}

/** The exporter of a way that receives records from the pipeline. */
export const entranceOf = ({ exporters }: Way) => Object.keys(exporters)[0] ?? '';
