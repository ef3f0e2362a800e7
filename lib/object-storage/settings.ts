import * as z from 'zod';
import { bytes, choice, flag, objectName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { azureIdentity, gcsIdentity, s3Identity } from './identity';

/** S3 storage classes whose objects can be read immediately. */
const STORAGE_CLASSES = [
  'STANDARD',
  'INTELLIGENT_TIERING',
  'STANDARD_IA',
  'ONEZONE_IA',
  'GLACIER_IR',
  'REDUCED_REDUNDANCY',
] as const;

const bucketName = (example: string) =>
  text(
    `the name of a bucket such as "${example}" (3 to 63 lower case letters, digits, "-", "_" and ".")`,
    /^[a-z0-9][-a-z0-9._]{1,61}[a-z0-9]$/,
    63,
  );

const prefix = () =>
  optional(
    text('a prefix such as "production" (letters, digits and "-")', /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,62})$/),
  ).describe('Prefix of every object name, for a shared bucket. null uses no prefix.');

const encryptionSettings = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('bucket').describe('As configured in the bucket. S3 always encrypts.'),
    }),
    z.strictObject({ type: z.literal('SSE-S3').describe('With an S3 key.') }),
    z.strictObject({
      type: z.literal('SSE-KMS').describe('With a KMS key.'),
      kmsKeyId: text(
        'the ARN or the id of a KMS key',
        /^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/)?[-A-Za-z0-9]+$/,
      ).describe('The key.'),
    }),
  ])
  .prefault({ type: 'bucket' })
  .describe('How the server encrypts new objects.');

/** Where a store keeps its data: on its volume, or in a bucket with recent data on the volume. */
export function storeSettings(defaults: {
  name: string;
  size: string;
  sizeWithBucket: string;
  atLeast: string;
}) {
  const { name, atLeast } = defaults;
  const size = (usual: string, holds: string) =>
    bytes({ atLeast, example: usual })
      .prefault(usual)
      .describe(
        `Size of the volume, ${holds}. It can be expanded later if the StorageClass allows it, but never reduced.`,
      );
  const recent = () =>
    size(
      defaults.sizeWithBucket,
      'which contains data that is not in the bucket yet and a copy of the index',
    );
  return z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('filesystem').optional().default('filesystem').describe('A volume.'),
        size: size(defaults.size, 'which contains everything'),
      }),
      z.strictObject({
        type: z.literal('s3').describe('S3, or a server with the same API.'),
        size: recent(),
        bucket: bucketName(`example-${name}`).describe('The bucket.'),
        prefix: prefix(),
        region: text('a region such as "eu-central-1"', /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/, 63).describe(
          'Region of the bucket. Your own server usually accepts any region, such as us-east-1.',
        ),
        endpoint: optional(
          text(
            'a URL without a path such as "https://s3.example.com"',
            /^https?:\/\/(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)(?::\d{1,5})?$/,
          ),
        ).describe('URL of the server. null uses S3 in the region. http:// sends everything unencrypted.'),
        pathStyle: flag()
          .default(false)
          .describe(
            'Whether the bucket is part of the path instead of the host name. Most servers other than S3 require it.',
          ),
        caConfigMapName: optional(objectName('ConfigMap')).describe(
          "Existing ConfigMap in cluster.namespace whose key ca.crt contains the server's certificate authority. null trusts public ones.",
        ),
        encryption: encryptionSettings,
        storageClass: optional(choice(STORAGE_CLASSES)).describe(
          'Storage class of new objects. null uses the default of the server.',
        ),
        identity: s3Identity,
      }),
      z.strictObject({
        type: z.literal('gcs').describe('Google Cloud Storage.'),
        size: recent(),
        bucket: bucketName(`example-${name}`).describe('The bucket.'),
        prefix: prefix(),
        identity: gcsIdentity,
      }),
      z.strictObject({
        type: z.literal('azure').describe('Azure Blob Storage.'),
        size: recent(),
        account: text(
          'the name of a storage account (3 to 24 lower case letters and digits)',
          /^[a-z0-9]{3,24}$/,
        ).describe('The storage account.'),
        container: bucketName(name).describe('The container.'),
        prefix: prefix(),
        endpointSuffix: text('a domain such as "blob.core.windows.net"', /^blob\.[a-z0-9.]+[a-z]$/)
          .default('blob.core.windows.net')
          .describe('Domain of the storage account.'),
        identity: azureIdentity,
      }),
    ])
    .check(
      rule(
        ['caConfigMapName', 'endpoint', 'type'],
        (storage: { type: string; caConfigMapName?: unknown; endpoint?: string | undefined }) =>
          storage.caConfigMapName !== undefined && !storage.endpoint?.startsWith('https://')
            ? 'must be null without an endpoint that begins with https://'
            : undefined,
      ),
    )
    .prefault({})
    .describe('Where the store keeps its data.');
}
export type StoreSettings = z.output<ReturnType<typeof storeSettings>>;

/** The settings of a bucket. */
export type BucketSettings = Exclude<StoreSettings, { type: 'filesystem' }>;
export type S3Settings = Extract<StoreSettings, { type: 's3' }>;
export type GcsSettings = Extract<StoreSettings, { type: 'gcs' }>;
export type AzureSettings = Extract<StoreSettings, { type: 'azure' }>;
