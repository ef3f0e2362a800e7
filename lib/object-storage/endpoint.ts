import type { BucketSettings, S3Settings } from './settings';

/** The address that an S3 client connects to. */
export interface S3Endpoint {
  /** Host, plus the port if it is not the default. */
  readonly host: string;
  /** Whether the connection is unencrypted. */
  readonly insecure: boolean;
}

/** The address of S3 in a region, or of the server in the settings. */
export function s3Endpoint({ endpoint, region }: Pick<S3Settings, 'endpoint' | 'region'>): S3Endpoint {
  if (endpoint === undefined)
    return { host: `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`, insecure: false };
  return { host: endpoint.replace(/^https?:\/\//, ''), insecure: endpoint.startsWith('http://') };
}

/** How an S3 client asks for encryption; undefined leaves it to the bucket. */
export function s3Encryption({ encryption }: Pick<S3Settings, 'encryption'>) {
  return encryption.type === 'bucket'
    ? undefined
    : {
        type: encryption.type,
        kms_key_id: encryption.type === 'SSE-KMS' ? encryption.kmsKeyId : undefined,
      };
}

/** The port of a bucket's server. */
export function bucketPort(storage: BucketSettings): number {
  if (storage.type !== 's3') return 443;
  const { host, insecure } = s3Endpoint(storage);
  return Number(/:(\d+)$/.exec(host)?.[1] ?? (insecure ? 80 : 443));
}
