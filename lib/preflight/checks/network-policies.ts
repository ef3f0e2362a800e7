import { type Check, type Finding, fail, ok } from '../check';
import type { Cluster } from '../cluster';
import type { NetworkPolicy, Workload } from '../kinds';
import { show } from '../objects';
import { selects } from '../selectors';
import type { Wanted } from '../wanted';
import { grafanaWorkloads } from './grafana-sidecar';

/** Who has to get through, how it is found, and what in the values says who it is. */
const NEIGHBOURS = [
  { who: 'Grafana', setting: 'grafana', way: 'from', find: grafanaWorkloads },
  { who: 'Prometheus', setting: 'prometheus', way: 'from', find: ofContainer('StatefulSet', 'prometheus') },
  { who: 'DNS', setting: 'dns', way: 'to', find: ofContainer('Deployment', 'coredns') },
] as const;

/** Our NetworkPolicies let through whoever queries, scrapes or resolves. */
export const networkPolicies: Check = {
  id: 'network-policies',
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  judge(wanted, cluster) {
    const policies = wanted.kind<NetworkPolicy>('NetworkPolicy');
    if (policies.length === 0) return [ok('no NetworkPolicy is wanted')];
    const findings = NEIGHBOURS.flatMap(({ who, setting, way, find }) =>
      find(cluster)
        .filter((workload) => !passes(workload, way, wanted, cluster))
        .map((workload) => shut(workload, who, setting)),
    );
    return findings.length > 0
      ? findings
      : [ok('Grafana, Prometheus and DNS get through, as far as they are there')];
  },
};

/** Workloads with a container of that name. */
function ofContainer(kind: string, container: string) {
  return (cluster: Cluster) =>
    cluster
      .all<Workload>(kind)
      .filter(({ spec }) => spec.template.spec.containers.some(({ name }) => name === container));
}

function passes({ metadata, spec }: Workload, way: 'from' | 'to', wanted: Wanted, cluster: Cluster): boolean {
  const { namespace = '' } = metadata;
  const labels = cluster.all('Namespace').find((one) => one.metadata.name === namespace)?.metadata.labels;
  const rules = wanted.kind<NetworkPolicy>('NetworkPolicy').map((policy) => policy.spec);
  const peers = rules.flatMap(({ ingress = [], egress = [] }) =>
    way === 'from' ? ingress.flatMap(({ from = [] }) => from) : egress.flatMap(({ to = [] }) => to),
  );
  return peers.some(
    ({ namespaceSelector, podSelector }) =>
      podSelector !== undefined &&
      selects(podSelector, spec.template.metadata?.labels) &&
      selects(namespaceSelector ?? {}, { 'kubernetes.io/metadata.name': namespace, ...labels }),
  );
}

/** Labels that tell the pods of a workload, without what changes with a release or a version. */
const TELLING = ['app.kubernetes.io/name', 'k8s-app', 'app'];

function shut({ metadata, spec, ...rest }: Workload, who: string, setting: string): Finding {
  const labels = spec.template.metadata?.labels ?? {};
  const key = TELLING.find((one) => labels[one] !== undefined) ?? Object.keys(labels)[0] ?? '';
  const namespace = setting === 'grafana' ? {} : { namespace: metadata.namespace };
  return fail(
    `the NetworkPolicies keep out ${who}, whose pods are those of ${show({ metadata, ...rest })}`,
    setting === 'grafana'
      ? 'name its labels; its namespace is grafana.namespace'
      : 'name its namespace and labels',
    { ours: { networkPolicies: { [setting]: { ...namespace, podLabels: { [key]: labels[key] } } } } },
  );
}
