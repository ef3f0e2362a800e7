import type { LogDestination } from '../destinations/destination';
import { authExtension, exporterId, httpClient } from '../destinations/exporter';
import { tenantRouting } from '../tenants/routing';
import { forTenant, type Tenant } from '../tenants/tenants';
import type { OtelAgentSettings } from './settings';

/** The exporter that makes requests to the Loki of this stack. The queue repeats those that fail. */
export const LOKI_EXPORTER = 'otlp_http/loki';

const MIB = 2 ** 20;

/** Maximum size of a batch of lines, in bytes. */
const BATCH_BYTES = MIB;

/** Port of the receiver that only the agent itself connects to; those of further tenants follow. */
const FIRST_PORT = 4317;

/** Space of a queue on the disk of the node. */
interface QueueSpace {
  readonly bytes: number;
  readonly whenFull: OtelAgentSettings['queue']['whenFull'];
}

/** The way of lines from the pipeline to a destination. */
interface Way {
  readonly exporters: Readonly<Record<string, object>>;
  readonly receivers?: Readonly<Record<string, object>>;
  readonly pipelines?: Readonly<Record<string, object>>;
}

/**
 * Builds what sends lines to each destination: a queue on the disk of the node, and a request for each of its batches.
 * Each destination has a queue of its own, so that lines for one wait while others are sent.
 *
 * @param limits Size of the longest line in bytes, and the folder for queues.
 * @returns Parts of the configuration. `entrances` are the exporters that receive lines from the pipeline.
 */
export function sendingParts(
  destinations: readonly LogDestination[],
  tenants: readonly Tenant[],
  settings: OtelAgentSettings,
  { maxLineBytes, directory }: { readonly maxLineBytes: number; readonly directory: string },
) {
  // Tenants share the space, so that none takes that of another.
  const { size, whenFull } = settings.queue;
  const own: QueueSpace = { bytes: Math.floor(size.value / Math.max(1, tenants.length)), whenFull };
  const wayOf = (one: LogDestination, index: number) =>
    one.isOwn ? wayToOwnLoki(one, own, maxLineBytes, FIRST_PORT + index) : wayToOther(one, own);
  const entrance = ({ exporters }: Way) => Object.keys(exporters)[0] ?? '';
  // Each tenant has queues of its own.
  const byTenant = new Map(
    tenants.map((tenant, index) => [
      tenant.name,
      destinations.map((one) => wayOf(forTenant(one, tenant), index)),
    ]),
  );
  const ways =
    tenants.length === 0 ? destinations.map((one) => wayOf(one, 0)) : [...byTenant.values()].flat();
  const routing =
    tenants.length === 0
      ? undefined
      : tenantRouting('logs', tenants, 'namespace', ({ name }) => (byTenant.get(name) ?? []).map(entrance));
  const all = (part: keyof Way): Record<string, object> =>
    Object.assign({}, ...ways.map((way) => way[part] ?? {}));
  return {
    entrances: routing ? Object.keys(routing.connectors) : ways.map(entrance),
    connectors: routing?.connectors,
    receivers: all('receivers'),
    exporters: all('exporters'),
    pipelines: { ...routing?.pipelines, ...all('pipelines') },
    extensions: {
      'file_storage/queue': {
        ...stateFolder(directory),
        // Returns disk space to the node after a long outage.
        compaction: {
          directory,
          on_start: true,
          on_rebound: true,
          cleanup_on_start: true,
          rebound_needed_threshold_mib: 100,
          rebound_trigger_threshold_mib: 10,
        },
      },
      ...Object.assign({}, ...destinations.map(authExtension)),
    },
  };
}

/**
 * An exporter for HTTP retries a request that Loki answers with 429, so one stream above a limit would hold up all lines
 * of the node. An exporter for gRPC drops such a request, of which Loki has stored all other streams. Therefore the queue
 * belongs to an exporter for gRPC that sends to a receiver of the same process, which passes on what Loki answers. The
 * queue repeats every other request that may succeed later.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector/blob/v0.158.0/exporter/otlpexporter/otlp.go
 */
function wayToOwnLoki(loki: LogDestination, queue: QueueSpace, maxLineBytes: number, port: number): Way {
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
        ...diskQueue(queue),
      },
      [exporter]: {
        ...httpClient(loki),
        retry_on_failure: { enabled: false },
        sending_queue: { enabled: false },
      },
    },
    receivers: {
      [receiver]: {
        protocols: {
          grpc: {
            endpoint,
            max_recv_msg_size_mib: Math.ceil((2 * (BATCH_BYTES + maxLineBytes)) / MIB),
          },
        },
      },
    },
    pipelines: { [`logs/${name}`]: { receivers: [receiver], exporters: [exporter] } },
  };
}

/** Limits of another store are not known, nor what it keeps of a rejected request. */
function wayToOther(destination: LogDestination, queue: QueueSpace): Way {
  return {
    exporters: { [exporterId(destination)]: { ...httpClient(destination), ...diskQueue(queue) } },
  };
}

function diskQueue({ bytes, whenFull }: QueueSpace) {
  return {
    // 0 retries indefinitely. Lines that cannot be sent stay in the queue.
    retry_on_failure: {
      enabled: true,
      initial_interval: '500ms',
      max_interval: '5s',
      max_elapsed_time: '0s',
    },
    sending_queue: {
      enabled: true,
      storage: 'file_storage/queue',
      sizer: 'bytes',
      queue_size: bytes,
      block_on_overflow: whenFull === 'wait',
      num_consumers: 2,
      batch: { sizer: 'bytes', min_size: BATCH_BYTES / 2, max_size: BATCH_BYTES, flush_timeout: '1s' },
    },
  };
}

/** A database on the node. If a node crash corrupts it, it is moved aside so that the agent can start. */
export function stateFolder(directory: string) {
  return { directory, create_directory: true, recreate: true };
}
