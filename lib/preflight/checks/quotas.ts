import { amount, billOf } from '../bill';
import { type Check, type Finding, fail, ok, unknown } from '../check';
import type { Cluster } from '../cluster';
import type { Claim, LimitRange, Node, ResourceQuota, Workload } from '../kinds';
import { isOwn, show } from '../objects';
import { type Wanted, WORKLOADS } from '../wanted';

/** The bill of a namespace, by the names that a ResourceQuota has for it. */
function billByQuotaName(workloads: readonly Workload[], claims: readonly Claim[], nodes: readonly Node[]) {
  const { pods, cpu, memory, cpuLimit, memoryLimit } = billOf(workloads, nodes);
  const storage = claims.reduce((sum, { spec }) => sum + amount(spec.resources.requests?.['storage']), 0);
  return {
    pods,
    'count/pods': pods,
    cpu,
    'requests.cpu': cpu,
    memory,
    'requests.memory': memory,
    'limits.cpu': cpuLimit,
    'limits.memory': memoryLimit,
    'requests.storage': storage,
    persistentvolumeclaims: claims.length,
    'count/persistentvolumeclaims': claims.length,
  };
}

/** What the stack asks for fits into the quotas of its namespace. */
export const quotas: Check = {
  id: 'quotas',
  source: 'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
  judge(wanted, cluster) {
    const all = cluster.all<ResourceQuota>('ResourceQuota');
    const findings = wanted.namespaces.flatMap((name) =>
      all
        .filter(({ metadata }) => metadata.namespace === name)
        .flatMap((quota) => judgeQuota(quota, wanted, cluster)),
    );
    return findings.length > 0 ? findings : [ok(`no quota limits ${wanted.namespaces.join(' or ')}`)];
  },
};

function judgeQuota(quota: ResourceQuota, wanted: Wanted, cluster: Cluster): Finding[] {
  const { namespace } = quota.metadata;
  if ((quota.spec.scopes ?? []).length > 0 || quota.spec.scopeSelector !== undefined)
    return [
      unknown(
        `${show(quota)} is for some pods only`,
        `look whether it counts ours: kubectl describe quota -n ${namespace} ${quota.metadata.name}`,
      ),
    ];
  const nodes = cluster.all<Node>('Node');
  const here = <T extends { metadata: { namespace?: string } }>(objects: readonly T[]) =>
    objects.filter(({ metadata }) => metadata.namespace === namespace);
  const live = WORKLOADS.flatMap((kind) => cluster.all<Workload>(kind)).filter(isOwn);
  const liveClaims = cluster.all<Claim>('PersistentVolumeClaim').filter(isOwn);
  const needs = billByQuotaName(here(wanted.workloads), here(wanted.claims), nodes);
  const has = billByQuotaName(here(live), here(liveClaims), nodes);
  const { hard = {}, used = {} } = quota.status ?? {};
  const findings = (Object.keys(needs) as (keyof typeof needs)[])
    .filter((key) => hard[key] !== undefined)
    .flatMap((key): Finding[] => {
      // What of ours runs already is in the figure of the quota.
      const left = amount(hard[key]) - amount(used[key]) + has[key];
      if (key === 'limits.cpu' && !hasDefaultCpuLimit(cluster, namespace))
        return [
          fail(
            `${show(quota)} counts limits.cpu, so that pods without a CPU limit, as ours, are refused`,
            `give the namespace a LimitRange with a default CPU limit, or take limits.cpu out of the quota`,
          ),
        ];
      return needs[key] <= left
        ? []
        : [
            fail(
              `${show(quota)}: ${key} is ${hard[key]}, of which ${used[key] ?? '0'} are used; the stack needs ${human(key, needs[key])}`,
              `raise ${key} of the quota by at least ${human(key, needs[key] - left)}`,
            ),
          ];
    });
  return findings.length > 0 ? findings : [ok(`${show(quota)} has room for the stack`)];
}

function hasDefaultCpuLimit(cluster: Cluster, namespace: string | undefined): boolean {
  return cluster
    .all<LimitRange>('LimitRange')
    .filter(({ metadata }) => metadata.namespace === namespace)
    .some(({ spec }) => spec.limits.some(({ default: defaults }) => defaults?.['cpu'] !== undefined));
}

function human(key: string, value: number): string {
  if (/memory|storage/.test(key)) return `${Math.ceil(value / 2 ** 20)}Mi`;
  return /cpu/.test(key) ? `${Math.ceil(value * 1000)}m` : String(value);
}
