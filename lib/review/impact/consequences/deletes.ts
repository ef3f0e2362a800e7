import { textAt } from '../../manifests/json';
import { type Cluster, type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { podOf, readersOf, workloadsOf } from '../pods';
import { inNamespace, kubectlName, kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

/** What goes along with an object; the worst of what a manifest can leave out. */
const TAKES_ALONG: Readonly<Record<string, string>> = {
  Namespace: 'everything in the namespace goes with it, volumes included',
  PersistentVolumeClaim:
    'the data goes with it where the reclaim policy of its volume is Delete, which is the default',
  PersistentVolume: 'the cluster forgets the volume, and deletes the disk where its reclaim policy is Delete',
  'apiextensions.k8s.io/CustomResourceDefinition': 'every object of its kind goes with it, in all namespaces',
};

const ENDS: Readonly<Record<string, string>> = {
  'apps/Deployment': 'its pods stop',
  'apps/StatefulSet': 'its pods stop; claims made by its templates stay',
  'apps/DaemonSet': 'its pods stop on every node',
  Service: 'its name and address go: clients that use them are refused',
  'storage.k8s.io/StorageClass': 'volumes stay; claims that name it cannot grow, and new ones stay pending',
  'networking.k8s.io/Ingress': 'its routes go, and a load balancer that no other Ingress shares',
  'networking.k8s.io/NetworkPolicy': 'what it kept out may come in',
  'monitoring.coreos.com/ServiceMonitor': 'Prometheus scrapes no more what it named',
  'monitoring.coreos.com/PrometheusRule': 'its alerts fire no more, its recorded series end',
};

/** Marks by which tools leave an object alone, and whose they are. */
const KEPT_BY: readonly { key: string; value: RegExp; who: string }[] = [
  { key: 'argocd.argoproj.io/sync-options', value: /Prune=(?:false|confirm)/, who: 'Argo CD' },
  { key: 'kustomize.toolkit.fluxcd.io/prune', value: /^disabled$/i, who: 'Flux' },
  { key: 'helm.sh/resource-policy', value: /^keep$/, who: 'Helm' },
];

/** Objects that the new manifests do not have any more. */
export function deletes({ deleted, created, cluster }: Context): Finding[] {
  return deleted.map((object): Finding => {
    const type = typeOf(object);
    const along = TAKES_ALONG[type];
    const keeper = keptBy(object);
    const renamed = created.filter((one) => typeOf(one) === type && one.namespace === object.namespace);
    const name = nameOf(object);
    const users = usersOf(cluster.new, object);
    const twin =
      renamed.length === 1 && along !== undefined
        ? `; ${nameOf(renamed[0] as Manifest)} is new and empty`
        : '';
    return {
      effect: along === undefined ? 'deletes' : 'data-loss',
      rule: along === undefined ? 'removed-object' : 'removed-data',
      object,
      title: `${name} is gone from the manifests${twin}: ${along ?? ENDS[type] ?? uses(users)}`,
      ...(users.length > 0 && { outage: true }),
      reason: `${whoDeletes(keeper)}`,
      source: kubernetesDocs('tasks/manage-kubernetes-objects/declarative-config/#how-to-delete-objects'),
      ...(along !== undefined && { steps: keepData(object, keeper) }),
      changes: [],
    };
  });
}

/** Workloads whose pods do not start any more without an object. */
function usersOf(cluster: Cluster, object: Manifest): string[] {
  if (object.kind !== 'ServiceAccount')
    return readersOf(cluster, object).map(({ workload }) => nameOf(workload));
  return workloadsOf(cluster)
    .filter(
      (workload) =>
        workload.namespace === object.namespace &&
        textAt(podOf(workload), 'spec', 'serviceAccountName') === object.name,
    )
    .map(nameOf);
}

function uses(users: readonly string[]): string {
  return users.length === 0
    ? 'nothing in the new manifests uses it by name'
    : `${listed(users)} still uses it, and its pods cannot start any more once it is deleted`;
}

function whoDeletes(keeper: string | undefined): string {
  const apply =
    'Plain `kubectl apply` deletes nothing: the object stays in the cluster and nobody looks after it.';
  return keeper === undefined
    ? `${apply} \`kubectl apply --prune\`, Argo CD with pruning and Flux delete it.`
    : `${apply} ${keeper} leaves it alone, as its annotation asks (${keeper === 'Argo CD' ? 'Prune=false' : 'see the object'}); other tools delete it.`;
}

function keepData(object: Manifest, keeper: string | undefined): string[] {
  if (typeOf(object) !== 'PersistentVolumeClaim')
    return [
      `look what is in it before anything is pruned: kubectl describe ${kubectlName(object)}`,
      'leave it in the manifests until nobody needs what goes with it',
    ];
  return [
    ...(keeper === undefined
      ? [
          `before the merge: kubectl annotate pvc/${object.name}${inNamespace(object)} argocd.argoproj.io/sync-options=Prune=false,Delete=false`,
        ]
      : []),
    `make the disk outlive the claim: kubectl patch pv $(kubectl get pvc ${object.name}${inNamespace(object)} -o jsonpath='{.spec.volumeName}') -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    'if the claim was to be renamed: keep the old one in the manifests, copy the data with a pod that mounts both, then point the workload at the new one',
  ];
}

function keptBy({ content }: Manifest): string | undefined {
  return KEPT_BY.find(({ key, value }) => value.test(textAt(content, 'metadata', 'annotations', key) ?? ''))
    ?.who;
}
