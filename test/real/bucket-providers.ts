import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ProgramKey } from './programs';
import type { Backend, PassedRequest } from './tls-front';

const KMS_KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d';

/** Somebody who offers buckets. */
export interface Provider {
  readonly name: string;
  readonly program: ProgramKey;
  /** Arguments of its server, which listens on a port of localhost and keeps its data in a folder. */
  readonly args: (port: number, folder: string) => string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Creates a bucket. */
  readonly create: (url: string, bucket: string) => Promise<unknown>;
  /** Hosts that pods know it by; others beside its server answer by themselves. */
  readonly hosts: readonly string[];
  readonly others?: Readonly<Record<string, Backend>>;
  readonly storage: (bucket: string) => object;
  /** Keys of its Secret. */
  readonly secret: Readonly<Record<string, string>>;
  /** Whether a request writes an object. */
  readonly writes: (request: PassedRequest) => boolean;
  /** Headers of each request that does. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether its certificate is by an authority that only the values name. */
  readonly hasPrivateAuthority: boolean;
}

const azureKey = randomBytes(64).toString('base64');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'a server with a private authority',
    program: 'gofakes3',
    args: (port, folder) => [
      ...['-host', `127.0.0.1:${port}`, '-backend', 'bolt', '-bolt.db', join(folder, 's3.db')],
      ...['-autobucket', '-no-integrity', '-quiet'],
    ],
    create: (url, bucket) => fetch(`${url}/${bucket}`, { method: 'PUT' }),
    hosts: ['s3.example.test'],
    storage: (bucket) => ({
      type: 's3',
      bucket,
      region: 'us-east-1',
      endpoint: 'https://s3.example.test',
      pathStyle: true,
      caConfigMapName: 'bucket-authority',
      encryption: { type: 'SSE-KMS', kmsKeyId: KMS_KEY },
      storageClass: 'STANDARD_IA',
    }),
    secret: { AWS_ACCESS_KEY_ID: 'real', AWS_SECRET_ACCESS_KEY: 'run' },
    writes: ({ method }) => method === 'PUT',
    headers: {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KMS_KEY,
      'x-amz-storage-class': 'STANDARD_IA',
    },
    hasPrivateAuthority: true,
  },
  {
    name: 'Google Cloud Storage',
    program: 'fake-gcs-server',
    args: (port, folder) => [
      ...['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port)],
      ...['-public-host', 'storage.googleapis.com', '-external-url', 'https://storage.googleapis.com'],
      ...['-filesystem-root', join(folder, 'objects')],
    ],
    create: (url, name) =>
      fetch(`${url}/storage/v1/b?project=real`, { method: 'POST', body: JSON.stringify({ name }) }),
    hosts: ['storage.googleapis.com'],
    others: { 'oauth2.googleapis.com': answerWithToken },
    storage: (bucket) => ({ type: 'gcs', bucket }),
    secret: {
      'key.json': JSON.stringify({
        type: 'service_account',
        project_id: 'real',
        private_key_id: '1',
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        client_email: 'stores@real.iam.gserviceaccount.com',
        client_id: '1',
        token_uri: 'https://oauth2.googleapis.com/token',
      }),
    },
    writes: ({ method, path }) => method === 'POST' && path.startsWith('/upload/storage/'),
    headers: { authorization: 'Bearer real-token' },
    hasPrivateAuthority: false,
  },
  {
    name: 'Azure Blob Storage',
    program: 'azurite',
    args: (port, folder) => [
      ...['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', folder],
      ...['--silent', '--skipApiVersionCheck'],
    ],
    env: { AZURITE_ACCOUNTS: `examplelogs:${azureKey}` },
    create: createContainer,
    hosts: ['examplelogs.blob.example.test'],
    storage: (container) => ({
      type: 'azure',
      account: 'examplelogs',
      container,
      endpointSuffix: 'blob.example.test',
    }),
    secret: { AZURE_STORAGE_KEY: azureKey },
    writes: ({ method, path }) => method === 'PUT' && !path.includes('restype=container'),
    hasPrivateAuthority: false,
  },
];

/** The token endpoint of Google: takes a request that a service account signed. */
function answerWithToken(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ access_token: 'real-token', expires_in: 3600, token_type: 'Bearer' }));
}

/**
 * Creates a container, by a request that is signed with the key of the account.
 *
 * @see https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key
 */
async function createContainer(url: string, container: string): Promise<void> {
  const path = `/examplelogs/${container}`;
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2020-10-02' };
  const named = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  // Twelve lines of which only the first, the method, says something.
  const text = ['PUT', ...Array(11).fill(''), ...named, `/examplelogs${path}`, 'restype:container'].join(
    '\n',
  );
  const signature = createHmac('sha256', Buffer.from(azureKey, 'base64')).update(text).digest('base64');
  const response = await fetch(`${url}${path}?restype=container`, {
    method: 'PUT',
    headers: { ...headers, authorization: `SharedKey examplelogs:${signature}` },
  });
  if (!response.ok) throw new Error(`container ${container}: ${response.status} ${await response.text()}`);
}
