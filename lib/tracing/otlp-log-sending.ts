import { batchingQueue, ENDLESS_RETRIES } from '../collector/parts';
import type { LogDestination } from '../destinations/destination';
import { authExtension } from '../destinations/exporter';
import { allOf, entranceOf, wayToOther, wayToOwnLoki } from '../destinations/relay';
import { tenantRouting } from '../tenants/routing';
import { forTenant, type Tenant } from '../tenants/tenants';

/** Bytes of log records that wait for each destination in one collector. */
export const LOG_QUEUE_BYTES = 32 * 2 ** 20;

/** Bytes of records that are sent together. */
const BATCH_BYTES = 2 ** 20;

/** Port of the receiver that only the collector itself connects to; those of further tenants follow. */
const FIRST_PORT = 14_317;

/** Properties of {@link logSending}. */
export interface LogSendingProps {
  readonly destinations: readonly LogDestination[];
  readonly tenants: readonly Tenant[];
  /** Size of the longest body in bytes. */
  readonly maxLineBytes: number;
  /** The storage extension of the queues. @default they are in memory */
  readonly storage: string | undefined;
}

/** Builds what sends log records to each destination, with a queue for each of them and each tenant. */
export function logSending({ destinations, tenants, maxLineBytes, storage }: LogSendingProps) {
  const queue = {
    retry_on_failure: ENDLESS_RETRIES,
    sending_queue: batchingQueue({ bytes: LOG_QUEUE_BYTES, batchBytes: BATCH_BYTES, storage }),
  };
  const maxRequestBytes = BATCH_BYTES + maxLineBytes;
  const waysOf = (tenant: Tenant | undefined, port: number) =>
    destinations
      .map((one) => (tenant ? forTenant(one, tenant) : one))
      .map((one) =>
        one.isOwn ? wayToOwnLoki(one, { queue, port, maxRequestBytes }) : wayToOther(one, queue),
      );
  const byTenant = new Map(tenants.map((tenant, index) => [tenant, waysOf(tenant, FIRST_PORT + index)]));
  const ways = tenants.length > 0 ? [...byTenant.values()].flat() : waysOf(undefined, FIRST_PORT);
  const routing =
    tenants.length > 0
      ? tenantRouting('logs', tenants, 'namespace', (tenant) => (byTenant.get(tenant) ?? []).map(entranceOf))
      : undefined;
  return {
    /** Exporters and connectors that receive records from the pipeline. */
    entrances: routing ? Object.keys(routing.connectors) : ways.map(entranceOf),
    receivers: allOf(ways, 'receivers'),
    exporters: allOf(ways, 'exporters'),
    extensions: Object.assign({}, ...destinations.map(authExtension)) as Record<string, object>,
    connectors: routing?.connectors ?? {},
    pipelines: { ...routing?.pipelines, ...allOf(ways, 'pipelines') },
  };
}
