import type { KubernetesObject } from '../../kubernetes/object';
import { requirementsInWords, selects } from '../../kubernetes/selectors';
import { type Check, type Finding, fail, ok, warn } from '../check';
import type { Cluster } from '../cluster';
import { unique } from '../desired';
import type { ObjectOf } from '../kinds';

type Prometheus = ObjectOf<'Prometheus'>;

/** Kinds that Prometheus reads, and the prefix of the fields that select them. */
const SELECTORS = {
  ServiceMonitor: 'serviceMonitor',
  PodMonitor: 'podMonitor',
  PrometheusRule: 'rule',
} as const;
type Selected = keyof typeof SELECTORS;

const show = ({ metadata }: Prometheus) => `${metadata.namespace}/${metadata.name}`;

/** Prometheus reads every ServiceMonitor and PrometheusRule of this stack, once. */
export const prometheusSelectors: Check = {
  id: 'prometheus-selectors',
  source: 'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Prometheus',
  command: 'get prometheus --all-namespaces -o yaml',
  *assess(desired, cluster) {
    const servers = cluster.all('Prometheus');
    const [first] = servers;
    if (first === undefined)
      return fail([], 'the operator runs no Prometheus', 'install it: docs/setup-prometheus-first.md');
    for (const kind of Object.keys(SELECTORS) as Selected[]) {
      const objects = desired.kind(kind);
      const readers = (object: KubernetesObject) =>
        servers.filter((one) => reads(one, kind, object, cluster));
      const missed = objects.find((object) => readers(object).length === 0);
      const several = unique(objects.flatMap(readers));
      const observed = several.map(show).join(' and ');
      if (missed !== undefined) yield unread(first, kind, missed, cluster);
      else if (several.length > 1)
        yield warn(
          several,
          `${observed} both read every ${kind} of this stack`,
          'each alert and series is duplicated; narrow one of the selectors',
        );
      else if (objects.length > 0)
        yield ok(several, `${observed} reads every ${kind} of this stack (${objects.length})`);
    }
    return undefined;
  },
};

/** A missing selector selects nothing, and an empty one everything. */
function reads(server: Prometheus, kind: Selected, object: KubernetesObject, cluster: Cluster): boolean {
  const selector = server.spec?.[`${SELECTORS[kind]}Selector`];
  return (
    selector !== undefined &&
    selects(selector, object.metadata.labels) &&
    readsNamespace(server, kind, object.metadata.namespace ?? '', cluster)
  );
}

function readsNamespace(server: Prometheus, kind: Selected, name: string, cluster: Cluster): boolean {
  const selector = server.spec?.[`${SELECTORS[kind]}NamespaceSelector`];
  if (selector === undefined) return name === server.metadata.namespace;
  return selects(selector, { 'kubernetes.io/metadata.name': name, ...cluster.namespaceLabels(name) });
}

function unread(
  server: Prometheus,
  kind: Selected,
  { metadata }: KubernetesObject,
  cluster: Cluster,
): Finding {
  const about = `Prometheus ${show(server)} reads`;
  const prometheusSpec = (fields: object) => ({
    kubePrometheusStack: { prometheus: { prometheusSpec: fields } },
  });
  const field = `${SELECTORS[kind]}Selector` as const;
  if (!readsNamespace(server, kind, metadata.namespace ?? '', cluster))
    return fail(
      [server],
      `${about} no ${kind} in namespace ${metadata.namespace}`,
      'let it read every namespace',
      prometheusSpec({ [`${SELECTORS[kind]}NamespaceSelector`]: {} }),
    );
  const { matchLabels = {}, matchExpressions } = server.spec?.[field] ?? {};
  const words = requirementsInWords({ matchLabels, matchExpressions }).join(', ') || 'no label at all';
  const own = `release=${metadata.labels?.['release']}`;
  const observed = `${about} ${kind}s with ${words}; those of this stack have ${own}`;
  const { release, ...others } = matchLabels;
  return release !== undefined && Object.keys(others).length === 0 && matchExpressions === undefined
    ? fail([server], observed, 'set the release', { values: { monitoring: { release } } })
    : fail(
        [server],
        observed,
        `let it read every ${kind}, or add ${own} to the selector`,
        prometheusSpec({ [field]: {}, [`${field}NilUsesHelmValues`]: false }),
      );
}
