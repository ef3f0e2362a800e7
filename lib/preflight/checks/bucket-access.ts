import { type Check, type Finding, fail, notRequired, ok } from '../check';
import type { Cluster } from '../cluster';
import type { Desired } from '../desired';
import { presence } from '../presence';
import { bucketObjects } from '../reads';

/** What hands out credentials in a cluster, and how it is installed. */
const PROVIDERS: Readonly<Record<string, { readonly workload: string; readonly install: string }>> = {
  's3 pod-identity': {
    workload: 'eks-pod-identity-agent',
    install: 'install the EKS add-on eks-pod-identity-agent',
  },
  'azure workload-identity': {
    workload: 'azure-wi-webhook-controller-manager',
    install: 'enable workload identity: az aks update --enable-oidc-issuer --enable-workload-identity',
  },
};

const METADATA_SERVER = 'iam.gke.io/gke-metadata-server-enabled';

/** Pods of the stores get credentials for their buckets: Secrets and ConfigMaps exist, and so does what hands them out. */
export const bucketAccess: Check = {
  id: 'bucket-access',
  source: 'https://grafana.com/docs/loki/latest/configure/storage/',
  command: 'get secrets,configmaps,serviceaccounts -n monitoring',
  *assess(desired, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    const { loki, tempo } = desired.settings;
    const stores = [loki.storage, tempo.storage];
    if (stores.every(({ type }) => type === 'filesystem')) return notRequired('no store has a bucket');
    const looked = yield* presence(cluster, bucketObjects(desired), 'docs/object-storage.md');
    yield* providers(desired, cluster);
    return ok(
      [...cluster.namespaces([desired.settings.cluster.namespace]), ...looked],
      'what the stores refer to exists',
    );
  },
};

function* providers({ settings }: Desired, cluster: Cluster): Generator<Finding> {
  const identities = new Set(
    [settings.loki.storage, settings.tempo.storage].flatMap((storage) =>
      storage.type === 'filesystem' ? [] : [`${storage.type} ${storage.identity.type}`],
    ),
  );
  for (const identity of identities) {
    const provider = PROVIDERS[identity];
    if (provider === undefined) continue;
    const { workload, install } = provider;
    if (cluster.findWorkloads(({ metadata }) => metadata.name === workload).length === 0)
      yield fail([], `${workload} does not run: the pods get no credentials for their bucket`, install);
  }
  const nodes = cluster.seen('Node');
  const without = nodes.filter(({ metadata }) => metadata.labels?.[METADATA_SERVER] !== 'true');
  if (identities.has('gcs workload-identity') && nodes.length > 0 && without.length === nodes.length)
    yield fail(
      without,
      'no node has the metadata server of GKE: the pods get no credentials for their bucket',
      'enable Workload Identity Federation for the cluster and its node pools',
    );
}
