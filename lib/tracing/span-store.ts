import { batchingQueue, ENDLESS_RETRIES } from '../collector/parts';
import type { Destination } from '../destinations/destination';
import { authExtension, exporterId, httpClient } from '../destinations/exporter';
import { routerOf, tenantHeaders, tenantRouting } from '../tenants/routing';
import { forTenant, type Tenant } from '../tenants/tenants';
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
  /** Tenants of the stores, each with queues of its own. */
  readonly tenants: readonly Tenant[];
}

/** The exporters of sampled spans, or the connector that distributes them to tenants. */
export function spanExporters(stores: TraceStores): string[] {
  return stores.tenants.length > 0 ? [routerOf('traces')] : exportersOf(stores);
}

function exportersOf({ tempo, destinations }: Omit<TraceStores, 'tenants'>, tenant?: Tenant): string[] {
  return [
    ...(tempo ? [tempoExporter(tenant)] : []),
    ...destinations.map((one) => exporterId(tenant ? forTenant(one, tenant) : one)),
  ];
}

const tempoExporter = (tenant: Tenant | undefined) =>
  tenant === undefined ? TEMPO_EXPORTER : `${TEMPO_EXPORTER}-${tenant.name}`;

/** Sends sampled spans to Tempo and to other stores, from a queue for each of them, in memory or on a volume. */
export function spanStores(stores: TraceStores, queue: TracingSettings['queue']): ConfigPart {
  const { destinations, tenants } = stores;
  const routing =
    tenants.length === 0
      ? undefined
      : tenantRouting('traces', tenants, 'k8s.namespace.name', (tenant) => exportersOf(stores, tenant));
  const exporters = (tenants.length === 0 ? [undefined] : tenants).map((tenant) =>
    storeExporters(stores, queue, tenant),
  );
  return {
    exporters: Object.assign({}, ...exporters),
    connectors: routing?.connectors ?? {},
    pipelines: routing?.pipelines ?? {},
    extensions: {
      ...(queue.persistent
        ? { [QUEUE_STORAGE]: { directory: QUEUE_DIRECTORY, create_directory: true } }
        : {}),
      ...Object.assign({}, ...destinations.map(authExtension)),
    },
  };
}

function storeExporters(
  { tempo, destinations, tenants }: TraceStores,
  queue: TracingSettings['queue'],
  tenant: Tenant | undefined,
) {
  // Tenants share the space, so that none takes that of another.
  const queueBytes = Math.floor(queue.size.value / Math.max(1, tenants.length));
  const sending = (maxRequestBytes: number) => ({
    retry_on_failure: ENDLESS_RETRIES,
    sending_queue: batchingQueue({
      bytes: queueBytes,
      // Tempo would always reject a larger request, and the queue would stall.
      batchBytes: Math.min(maxRequestBytes, queueBytes),
      storage: queue.persistent ? QUEUE_STORAGE : undefined,
    }),
  });
  const others = destinations.map((one) => (tenant ? forTenant(one, tenant) : one));
  return {
    ...(tempo
      ? {
          [tempoExporter(tenant)]: {
            endpoint: tempo.address,
            tls: { insecure: true },
            ...tenantHeaders(tenant),
            ...sending(tempo.maxRequestBytes),
          },
        }
      : {}),
    ...Object.fromEntries(
      others.map((one) => [
        exporterId(one),
        {
          ...httpClient(one),
          ...sending(DESTINATION_BATCH_BYTES),
        },
      ]),
    ),
  };
}
