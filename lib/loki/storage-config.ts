import { CA_FILE } from '../object-storage/access';
import { s3Encryption, s3Endpoint } from '../object-storage/endpoint';
import type { BucketSettings, S3Settings, StoreSettings } from '../object-storage/settings';
import { type Period, periodsOf } from './periods';
import type { LokiSettings } from './settings';

/** Mount path of the volume. Loki writes only below it. */
export const DATA_DIRECTORY = '/loki';

const CHUNKS = `${DATA_DIRECTORY}/chunks`;
/** Contains one folder of rule files per tenant. */
export const RULES = `${DATA_DIRECTORY}/rules`;

const tsdb_shipper = {
  active_index_directory: `${DATA_DIRECTORY}/tsdb-index`,
  cache_location: `${DATA_DIRECTORY}/tsdb-cache`,
} as const;

/** The `loki.yaml` sections for the location of chunks, index and rules. */
export function storageSections(settings: Pick<LokiSettings, 'storage' | 'periods' | 'indexPrefix'>) {
  const { storage } = settings;
  const periods = periodsOf(settings);
  const schema_config = { configs: periods.map((period) => schemaPeriod(period, settings.indexPrefix)) };
  const rules = { directory: RULES };
  if (storage.type === 'filesystem')
    return {
      commonStorage: { filesystem: { chunks_directory: CHUNKS, rules_directory: RULES } },
      schema_config,
      storage_config: {
        // Loki 4 inverts the default.
        use_thanos_objstore: false,
        tsdb_shipper,
      },
      rulerStorage: { type: 'local', local: rules },
    } as const;
  return {
    schema_config,
    storage_config: {
      // The clients that Loki 4 keeps.
      use_thanos_objstore: true,
      tsdb_shipper,
      object_store: {
        storage_prefix: storage.prefix,
        // Both clients use the same file names on a volume, so each can read what the other one wrote.
        filesystem: periods.some(({ store }) => store === 'filesystem') ? { dir: CHUNKS } : undefined,
        ...objectStore(storage),
      },
    },
    // With these clients, Loki ignores the section ruler.storage.
    ruler_storage: { backend: 'local', local: rules },
  } as const;
}

/** The Azure client reads its key only from the file. */
const keyInFile = (storage: StoreSettings) => storage.type === 'azure' && storage.identity.type === 'secret';

/** Whether the file references environment variables: the Azure key, or the address of one of several pods. */
export function readsVariables({ storage, replicas }: Pick<LokiSettings, 'storage' | 'replicas'>): boolean {
  return replicas > 1 || keyInFile(storage);
}

// Never change a period: Loki could no longer find the chunks written under it.
function schemaPeriod({ from, store }: Period, prefix: string) {
  return {
    from,
    store: 'tsdb',
    object_store: store,
    schema: 'v13',
    index: { prefix, period: '24h' },
  } as const;
}

/** @see https://grafana.com/docs/loki/v3.7.x/configure/#thanos_object_store_config */
function objectStore(storage: BucketSettings) {
  switch (storage.type) {
    case 's3':
      return { s3: s3Client(storage) };
    case 'gcs':
      return { gcs: { bucket_name: storage.bucket } };
    case 'azure':
      return {
        azure: {
          account_name: storage.account,
          container_name: storage.container,
          endpoint_suffix: storage.endpointSuffix,
          account_key: keyInFile(storage) ? '${AZURE_STORAGE_KEY}' : undefined,
        },
      };
  }
}

function s3Client(storage: S3Settings) {
  const { host, insecure } = s3Endpoint(storage);
  return {
    bucket_name: storage.bucket,
    // Loki does not start without it, even for S3 itself.
    endpoint: host,
    region: storage.region,
    insecure,
    bucket_lookup_type: storage.pathStyle ? 'path' : 'auto',
    storage_class: storage.storageClass,
    sse: s3Encryption(storage),
    http: storage.caConfigMapName === undefined ? undefined : { tls_ca_path: CA_FILE },
  } as const;
}
