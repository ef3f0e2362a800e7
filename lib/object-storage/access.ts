import { posix } from 'node:path';
import type { k8s } from 'cdk8s-plus-27';
import type { Need } from '../constructs/connections';
import { bucketPort } from './endpoint';
import { SECRET_KEYS } from './identity';
import type { BucketSettings, StoreSettings } from './settings';

/** Where the certificate authority of a server is mounted. */
export const CA_FILE = '/etc/object-storage-ca/ca.crt';

/** Where the key of a service account of Google Cloud is mounted. */
const KEY_FILE = '/etc/object-storage-key/key.json';

/** What the pod of a store needs to reach its bucket. */
export interface StorageAccess {
  /** Annotations of its ServiceAccount. */
  readonly annotations?: Record<string, string>;
  /** Labels of its pods, in addition. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly env: k8s.EnvVar[];
  readonly volumes: k8s.Volume[];
  readonly volumeMounts: k8s.VolumeMount[];
  /** Whom it connects to. */
  readonly needs: readonly Need[];
}

const NOTHING: StorageAccess = {
  podLabels: {},
  env: [],
  volumes: [],
  volumeMounts: [],
  needs: [],
};

/** What a pod needs besides its volume; nothing where that is all. */
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

/** What the clouds and their webhooks need to know of a pod. */
function identityAccess(storage: BucketSettings): StorageAccess {
  if (storage.identity.type === 'secret') return secretAccess(storage.type, storage.identity.secretName);
  if (storage.type === 's3' && storage.identity.type === 'irsa')
    return {
      ...NOTHING,
      annotations: { 'eks.amazonaws.com/role-arn': storage.identity.roleArn },
      // The token of the ServiceAccount is exchanged at STS, which is where the bucket is: outside, by https.
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

/** Credentials of a Secret: variables, or a file where the client reads only that. */
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
