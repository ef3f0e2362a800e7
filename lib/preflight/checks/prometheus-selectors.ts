import { type Check, type Finding, type Fragment, fail, ok, warn } from '../check';
import type { Cluster } from '../cluster';
import type { Prometheus } from '../kinds';
import type { KubernetesObject } from '../objects';
import { type LabelSelector, selects, showSelector } from '../selectors';
import { unique } from '../wanted';

/** What Prometheus reads, by which selectors of its custom resource. */
const READ = [
  {
    kind: 'ServiceMonitor',
    selector: 'serviceMonitorSelector',
    namespaces: 'serviceMonitorNamespaceSelector',
  },
  { kind: 'PodMonitor', selector: 'podMonitorSelector', namespaces: 'podMonitorNamespaceSelector' },
  { kind: 'PrometheusRule', selector: 'ruleSelector', namespaces: 'ruleNamespaceSelector' },
] as const;

/** Prometheus reads every ServiceMonitor and PrometheusRule of ours, once. */
export const prometheusSelectors: Check = {
  id: 'prometheus-selectors',
  source: 'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Prometheus',
  judge(wanted, cluster) {
    const servers = cluster.all<Prometheus>('Prometheus');
    if (servers.length === 0)
      return [
        fail(
          'there is no Prometheus of the operator',
          'install kube-prometheus-stack: docs/setup-prometheus-first.md',
        ),
      ];
    return READ.flatMap((read) => {
      const objects = wanted.kind(read.kind);
      return objects.length === 0 ? [] : judgeKind(read, objects, servers, cluster);
    });
  },
};

type Read = (typeof READ)[number];

function judgeKind(
  read: Read,
  objects: readonly KubernetesObject[],
  servers: readonly Prometheus[],
  cluster: Cluster,
): Finding[] {
  const readers = (object: KubernetesObject) =>
    servers.filter(
      (server) =>
        selects(server.spec[read.selector] ?? NOTHING, object.metadata.labels) &&
        readsNamespace(server, read, object.metadata.namespace ?? '', cluster),
    );
  const unseen = objects.filter((object) => readers(object).length === 0);
  if (unseen.length > 0) return servers.slice(0, 1).map((server) => cure(server, read, unseen, cluster));
  const several = unique(objects.flatMap(readers));
  const names = several.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(' and ');
  return several.length > 1
    ? [
        warn(
          `${names} both read every ${read.kind} of ours`,
          'each alert and series comes twice; narrow the selector of one of them',
        ),
      ]
    : [ok(`${names} reads every ${read.kind} of ours (${objects.length})`)];
}

/** As no set of labels has this one. */
const NOTHING: LabelSelector = { matchExpressions: [{ key: '', operator: 'Exists' }] };

function readsNamespace(server: Prometheus, read: Read, name: string, cluster: Cluster): boolean {
  const selector = server.spec[read.namespaces];
  if (selector === undefined) return name === server.metadata.namespace;
  const labels = cluster.all('Namespace').find(({ metadata }) => metadata.name === name)?.metadata.labels;
  return selects(selector, { 'kubernetes.io/metadata.name': name, ...labels });
}

function cure(
  server: Prometheus,
  read: Read,
  unseen: readonly KubernetesObject[],
  cluster: Cluster,
): Finding {
  const { name, namespace } = server.metadata;
  const about = `Prometheus ${namespace}/${name}`;
  const selector = server.spec[read.selector];
  const first = unseen[0];
  const ownNamespace = first?.metadata.namespace ?? '';
  if (!readsNamespace(server, read, ownNamespace, cluster))
    return fail(
      `${about} reads no ${read.kind} in namespace ${ownNamespace}`,
      'let it read those of every namespace',
      {
        kubePrometheusStack: spec({ [read.namespaces]: {} }),
      },
    );
  const evidence = `${about} reads ${read.kind}s with ${selector ? showSelector(selector) : 'no label at all'}; ours have release=${first?.metadata.labels?.['release']}`;
  const release = selector?.matchLabels?.['release'];
  const others = Object.keys(selector?.matchLabels ?? {}).filter((key) => key !== 'release');
  if (release !== undefined && others.length === 0 && selector?.matchExpressions === undefined)
    return fail(evidence, 'name the release', { ours: { monitoring: { release } } });
  return fail(
    evidence,
    `let it read every ${read.kind}, or add release=${first?.metadata.labels?.['release']} to the selector`,
    {
      kubePrometheusStack: spec({ [read.selector]: {}, [`${read.selector}NilUsesHelmValues`]: false }),
    },
  );
}

function spec(fields: Fragment): Fragment {
  return { prometheus: { prometheusSpec: fields } };
}
