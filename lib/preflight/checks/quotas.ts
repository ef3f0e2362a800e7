import { formatBytes, formatCpu } from '../../kubernetes/format-amount';
import { type KubernetesObject, nameOf } from '../../kubernetes/object';
import { podLimits } from '../../kubernetes/pod-resources';
import { quantityValue } from '../../kubernetes/quantity';
import { requestsOf } from '../../kubernetes/requests';
import { type Check, type Finding, fail, ok, unknown } from '../check';
import type { Cluster } from '../cluster';
import { type Desired, isOwn } from '../desired';
import type { ObjectOf, Workload } from '../kinds';
import { nodesOf } from '../pods';

/** Requests of objects, by the names in a ResourceQuota. CPU is in millicores, memory and storage in bytes. */
function requested(objects: readonly KubernetesObject[], cluster: Cluster): Readonly<Record<string, number>> {
  const nodes = (daemonSet: KubernetesObject) => nodesOf(daemonSet as Workload, cluster.some('Node')).length;
  const { cpu, memory, storage, pods } = requestsOf(objects, { nodes }).total;
  const limits = requestsOf(objects, { nodes, ofPod: podLimits }).total;
  const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').length;
  return {
    ...{ pods, 'count/pods': pods, persistentvolumeclaims: claims, 'count/persistentvolumeclaims': claims },
    ...{ cpu, 'requests.cpu': cpu, 'limits.cpu': limits.cpu, 'requests.storage': storage },
    ...{ memory, 'requests.memory': memory, 'limits.memory': limits.memory },
  };
}

/** The requests of the stack fit into the quotas of its namespaces. */
export const quotas: Check = {
  id: 'quotas',
  source: 'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
  command: 'get resourcequotas --all-namespaces',
  *assess(desired, cluster) {
    const all = cluster.all('ResourceQuota');
    const limiting = all.filter(({ metadata }) => desired.namespaces.includes(metadata.namespace ?? ''));
    for (const quota of limiting) yield* judgeQuota(quota, desired, cluster);
    return ok(
      [...cluster.namespaces(desired.namespaces), ...limiting],
      limiting.length > 0
        ? `${limiting.map(nameOf).join(', ')} has room for the stack`
        : `no quota limits namespace ${desired.namespaces.join(' or ')}`,
    );
  },
};

function* judgeQuota(
  quota: ObjectOf<'ResourceQuota'>,
  desired: Desired,
  cluster: Cluster,
): Generator<Finding> {
  const { name, namespace } = quota.metadata;
  if ((quota.spec?.scopes ?? []).length > 0 || quota.spec?.scopeSelector !== undefined)
    return yield unknown(
      [quota],
      `${nameOf(quota)} applies only to some pods`,
      `check whether it counts those of this stack: ${cluster.kubectl(`describe quota -n ${namespace} ${name}`)}`,
    );
  const here = ({ metadata }: KubernetesObject) => metadata.namespace === namespace;
  const needs = requested(desired.objects.filter(here), cluster);
  // The usage of the quota already includes running pods.
  const running = [...cluster.workloads, ...cluster.seen('PersistentVolumeClaim')].filter(isOwn);
  const has = requested(running.filter(here), cluster);
  const { hard = {}, used = {} } = quota.status ?? {};
  for (const [key, need] of Object.entries(needs).filter(([key]) => hard[key] !== undefined)) {
    const scale = key.includes('cpu') ? 1000 : 1;
    const left = scale * (quantityValue(hard[key]) - quantityValue(used[key])) + (has[key] ?? 0);
    const amount = /memory|storage/.test(key) ? formatBytes : key.includes('cpu') ? formatCpu : String;
    if (key === 'limits.cpu' && !hasDefaultCpuLimit(cluster, namespace))
      yield fail(
        [quota],
        `${nameOf(quota)} counts limits.cpu, so pods without a CPU limit, such as those of this stack, are refused`,
        'give the namespace a LimitRange with a default CPU limit, or remove limits.cpu from the quota',
      );
    else if (need > left)
      yield fail(
        [quota],
        `${nameOf(quota)}: ${key} is ${hard[key]}, of which ${used[key] ?? '0'} are used; the stack requires ${amount(need)}`,
        `raise ${key} of the quota by at least ${amount(need - left)}`,
      );
  }
}

function hasDefaultCpuLimit(cluster: Cluster, namespace: string | undefined): boolean {
  return cluster
    .all('LimitRange')
    .filter(({ metadata }) => metadata.namespace === namespace)
    .some(({ spec }) => spec?.limits.some((limit) => limit.default?.['cpu'] !== undefined));
}
