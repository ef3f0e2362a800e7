import { posix } from 'node:path';
import type { Need } from '../constructs/connections';
import type { k8s } from '../constructs/k8s';
import { bucketPort } from './endpoint';
import { SECRET_KEYS } from './identity';
import type { BucketSettings, StoreSettings } from './settings';

/** Mount path of a server's certificate authority. */
export const CA_FILE = '/etc/object-storage-ca/ca.crt';

/** Mount path of the key of a Google Cloud service account. */
const KEY_FILE = '/etc/object-storage-key/key.json';

/** What the pod of a store requires to access its bucket. */
export interface StorageAccess {
  /** Annotations of the ServiceAccount. */
  readonly annotations?: Record<string, string>;
  /** Additional labels of the pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly env: k8s.EnvVar[];
  readonly volumes: k8s.Volume[];
  readonly volumeMounts: k8s.VolumeMount[];
  /** Peers that the pod connects to. */
  readonly needs: readonly Need[];
}

const NOTHING: StorageAccess = {
  podLabels: {},
  env: [],
  volumes: [],
  volumeMounts: [],
  needs: [],
};

/** What a pod requires besides its volume; empty if the volume is its only storage. */
export function storageAccess(storage: StoreSettings): StorageAccess {
  if (storage.type === 'filesystem') return NOTHING;
  const access = identityAccess(storage);
  const needs: Need[] = [
    'dns',
    { to: 'object-storage', ports: [{ port: bucketPort(storage) }] },
    ...access.needs,
  ];
  if (storage.type !== 's3' || storage.caConfigMapName === undefined) return { ...access, needs };
  return {
    ...access,
    needs,
    volumes: [
      ...access.volumes,
      {
        name: 'object-storage-ca',
        configMap: { name: storage.caConfigMapName, items: [{ key: 'ca.crt', path: 'ca.crt' }] },
      },
    ],
    volumeMounts: [
      ...access.volumeMounts,
      { name: 'object-storage-ca', mountPath: posix.dirname(CA_FILE), readOnly: true },
    ],
  };
}

/** Pod metadata that cloud providers and their webhooks require. */
function identityAccess(storage: BucketSettings): StorageAccess {
  if (storage.identity.type === 'secret') return secretAccess(storage.type, storage.identity.secretName);
  if (storage.type === 's3' && storage.identity.type === 'irsa')
    return {
      ...NOTHING,
      annotations: { 'eks.amazonaws.com/role-arn': storage.identity.roleArn },
      // The ServiceAccount token is exchanged at STS. Like the bucket, STS is outside the cluster and uses HTTPS.
      needs: [{ to: 'object-storage', ports: [{ port: 443 }] }],
    };
  if (storage.type === 's3') return { ...NOTHING, needs: ['pod-identity-agent'] };
  if (storage.type === 'gcs' && storage.identity.type === 'workload-identity') {
    const { serviceAccount } = storage.identity;
    return {
      ...NOTHING,
      annotations:
        serviceAccount === undefined ? undefined : { 'iam.gke.io/gcp-service-account': serviceAccount },
      needs: ['metadata-server'],
    };
  }
  if (storage.type === 'azure' && storage.identity.type === 'workload-identity')
    return {
      ...NOTHING,
      annotations: { 'azure.workload.identity/client-id': storage.identity.clientId },
      podLabels: { 'azure.workload.identity/use': 'true' },
    };
  return NOTHING;
}

/** Credentials from a Secret: environment variables, or a file if the client accepts only that. */
function secretAccess(type: BucketSettings['type'], secretName: string): StorageAccess {
  if (type !== 'gcs') {
    const env = SECRET_KEYS[type].map((key) => ({
      name: key,
      valueFrom: { secretKeyRef: { name: secretName, key } },
    }));
    return { ...NOTHING, env };
  }
  const [key] = SECRET_KEYS.gcs;
  return {
    ...NOTHING,
    env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: KEY_FILE }],
    volumes: [{ name: 'object-storage-key', secret: { secretName, items: [{ key, path: key }] } }],
    volumeMounts: [{ name: 'object-storage-key', mountPath: posix.dirname(KEY_FILE), readOnly: true }],
  };
}
