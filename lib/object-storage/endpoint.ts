import type { BucketSettings, S3Settings } from './settings';

/** Where a client of S3 connects to. */
export interface S3Endpoint {
  /** Host, with a port where it is not the usual one. */
  readonly host: string;
  /** Whether the connection is in plain text. */
  readonly insecure: boolean;
}

/** The address of S3 in a region, or of the server of the settings. */
export function s3Endpoint({ endpoint, region }: Pick<S3Settings, 'endpoint' | 'region'>): S3Endpoint {
  if (endpoint === undefined)
    return { host: `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`, insecure: false };
  return { host: endpoint.replace(/^https?:\/\//, ''), insecure: endpoint.startsWith('http://') };
}

/** The port of the server of a bucket. */
export function bucketPort(storage: BucketSettings): number {
  if (storage.type !== 's3') return 443;
  const { host, insecure } = s3Endpoint(storage);
  return Number(/:(\d+)$/.exec(host)?.[1] ?? (insecure ? 80 : 443));
}
