import { CA_FILE } from '../object-storage/access';
import { s3Encryption, s3Endpoint } from '../object-storage/endpoint';
import type { S3Settings } from '../object-storage/settings';
import type { TempoSettings } from './settings';

/** Mount path of the volume. Tempo writes only below it. */
export const DATA_DIRECTORY = '/var/tempo';

/**
 * The configuration of the block store, below `storage.trace`.
 *
 * @see https://grafana.com/docs/tempo/v3.0.x/configuration/#storage
 */
export function blockStore(storage: TempoSettings['storage']) {
  switch (storage.type) {
    case 'filesystem':
      // Not the root of the volume, where Tempo would treat lost+found as a tenant.
      return { local: { path: `${DATA_DIRECTORY}/blocks` } };
    case 's3':
      return { s3: s3Client(storage) };
    case 'gcs':
      return { gcs: { bucket_name: storage.bucket, prefix: storage.prefix } };
    case 'azure':
      return {
        azure: {
          storage_account_name: storage.account,
          container_name: storage.container,
          prefix: storage.prefix,
          endpoint_suffix: storage.endpointSuffix,
          // The key is passed as AZURE_STORAGE_KEY.
          use_federated_token: storage.identity.type === 'workload-identity' ? true : undefined,
        },
      };
  }
}

function s3Client(storage: S3Settings) {
  const { host, insecure } = s3Endpoint(storage);
  return {
    bucket: storage.bucket,
    prefix: storage.prefix,
    endpoint: host,
    region: storage.region,
    insecure,
    forcepathstyle: storage.pathStyle,
    storage_class: storage.storageClass,
    sse: s3Encryption(storage),
    tls_ca_path: storage.caConfigMapName === undefined ? undefined : CA_FILE,
  } as const;
}
