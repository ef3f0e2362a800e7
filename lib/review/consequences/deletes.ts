import { textAt } from '../../kubernetes/json';
import { type KubernetesObject, nameOf, typeOf } from '../../kubernetes/object';
import { podOf } from '../../kubernetes/pods';
import type { ReviewContext } from '../component-review';
import type { ManifestSet } from '../diff/objects';
import { type DraftFinding, draft } from '../finding';
import { keptBy } from '../rules/delivery';
import { listed } from '../words';
import { readersOf, workloadsIn } from './readers';

/** Data that is deleted with an object, at worst: what a manifest can leave out decides. */
const DATA: Readonly<Record<string, string>> = {
  Namespace: 'everything in the namespace is deleted with it, volumes included',
  PersistentVolumeClaim:
    'its data is deleted with it if the reclaim policy of its volume is Delete, the default',
  'apiextensions.k8s.io/CustomResourceDefinition':
    'every object of its kind is deleted with it, in all namespaces',
};

/** What ends with an object. */
const ENDS: Readonly<Record<string, string>> = {
  'apps/Deployment': 'its pods stop',
  'apps/StatefulSet': 'its pods stop; claims made from its templates stay',
  'apps/DaemonSet': 'its pods stop on every node',
  Service: 'its name and address go away: clients that use them are refused',
  'storage.k8s.io/StorageClass': 'volumes stay; claims that name it cannot grow, and new ones stay pending',
  'networking.k8s.io/Ingress': 'its routes go away, and a load balancer that no other Ingress shares',
  'gateway.networking.k8s.io/HTTPRoute': 'the Gateway answers 404 at its host names',
  'gateway.envoyproxy.io/SecurityPolicy':
    'its routes are open to everyone who reaches the Gateway, unless another policy covers them',
  'gateway.k8s.aws/ListenerRuleConfiguration': 'routes that name it are no longer served',
  'traefik.io/Middleware': 'Traefik answers 404 at routes that name it',
  'networking.k8s.io/NetworkPolicy': 'what it blocked is allowed',
  'policy/PodDisruptionBudget': 'node drains may evict all its pods at once',
  'monitoring.coreos.com/ServiceMonitor': 'Prometheus no longer scrapes its targets',
  'monitoring.coreos.com/PrometheusRule': 'its alerts no longer fire, and its recorded series end',
};

/** Objects that the new manifests no longer have. */
export function deletes({ deleted, created, cluster }: ReviewContext): DraftFinding[] {
  return deleted.map((object) => {
    const type = typeOf(object);
    const data = DATA[type];
    const successor = created.find((one) => succeeds(one, object));
    if (successor !== undefined && data === undefined)
      return draft('live', 'replaced-object', object, {
        says: `is gone from the manifests: ${nameOf(successor)} takes its place`,
      });
    const keeper = keptBy(object);
    const users = usersOf(cluster.new, object);
    const [twin, ...others] = created.filter(
      (one) => typeOf(one) === type && one.metadata.namespace === object.metadata.namespace,
    );
    const renamed = data && twin && others.length === 0 ? `; ${nameOf(twin)} is new and empty` : '';
    const rule = data === undefined ? 'removed-object' : 'removed-data';
    return draft(data ? 'data-loss' : 'deletes', rule, object, {
      text: type === 'PersistentVolumeClaim' ? 'removed-claim' : rule,
      says: `is gone from the manifests${renamed}: ${data ?? ENDS[type] ?? usedBy(users)}`,
      ...(users.length > 0 && { outage: true }),
      ...(keeper && {
        reason: `Plain \`kubectl apply\` deletes nothing. ${keeper} keeps it, as its annotation asks; other tools delete it.`,
      }),
    });
  });
}

/** Kinds whose objects make one component; one of another kind, such as a policy, does nothing for its successor. */
const REPLACEABLE = [
  ...['apps/DaemonSet', 'apps/Deployment', 'ConfigMap', 'Service', 'ServiceAccount'],
  ...['rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/ClusterRoleBinding'],
  ...['monitoring.coreos.com/ServiceMonitor', 'monitoring.coreos.com/PrometheusRule'],
];

/** Whether a new object plays the part of one that is gone, under another name. */
function succeeds(next: KubernetesObject, old: KubernetesObject): boolean {
  const part = ({ metadata }: KubernetesObject) =>
    ['component', 'part-of'].map((key) => metadata.labels?.[`app.kubernetes.io/${key}`] ?? '');
  return (
    REPLACEABLE.includes(typeOf(old)) &&
    typeOf(next) === typeOf(old) &&
    next.metadata.namespace === old.metadata.namespace &&
    part(old).every((label, index) => label !== '' && label === part(next)[index])
  );
}

/** Workloads whose pods cannot start without an object. */
function usersOf(cluster: ManifestSet, object: KubernetesObject): string[] {
  const { namespace, name } = object.metadata;
  const users =
    object.kind === 'ServiceAccount'
      ? workloadsIn(cluster, namespace).filter(
          (one) => textAt(podOf(one), 'spec', 'serviceAccountName') === name,
        )
      : readersOf(cluster, object).map(({ workload }) => workload);
  return users.map(nameOf);
}

function usedBy(users: readonly string[]): string {
  return users.length === 0
    ? 'nothing in the new manifests refers to it'
    : `${listed(users)} still uses it, and its pods cannot start once it is deleted`;
}
