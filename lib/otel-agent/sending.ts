import type { LogDestination } from '../destinations/destination';
import { authExtension } from '../destinations/exporter';
import { allOf, entranceOf, wayToOther, wayToOwnLoki } from '../destinations/relay';
import { tenantRouting } from '../tenants/routing';
import { forTenant, type Tenant } from '../tenants/tenants';
import type { OtelAgentSettings } from './settings';

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
  const queue = diskQueue({ bytes: Math.floor(size.value / Math.max(1, tenants.length)), whenFull });
  const wayOf = (one: LogDestination, index: number) =>
    one.isOwn
      ? wayToOwnLoki(one, { queue, port: FIRST_PORT + index, maxRequestBytes: BATCH_BYTES + maxLineBytes })
      : wayToOther(one, queue);
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
      : tenantRouting('logs', tenants, 'namespace', ({ name }) => (byTenant.get(name) ?? []).map(entranceOf));
  return {
    entrances: routing ? Object.keys(routing.connectors) : ways.map(entranceOf),
    connectors: routing?.connectors,
    receivers: allOf(ways, 'receivers'),
    exporters: allOf(ways, 'exporters'),
    pipelines: { ...routing?.pipelines, ...allOf(ways, 'pipelines') },
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
