import { formatAmount } from '../kubernetes/format-amount';
import { isNamespaced } from '../kubernetes/kinds';
import { type KubernetesObject, nameOf } from '../kubernetes/object';
import { requestsOf, totalOf } from '../kubernetes/requests';
import { type AssessProps, assess, type ClusterReview, worstFirst } from './assess';
import type { ClusterChange, ManifestSet, ObjectChange } from './diff/objects';
import { type DraftFinding, draft, type ReviewFinding } from './finding';
import { completed } from './rule-text';
import { counted, listed } from './words';

/** Rules about new objects that are part of the line of their component. */
const IN_LINE = ['ingress-route', 'rights', 'pod-privileges', 'pod-secrets'];
const LEFT_OUT = ['created', 'policy-isolates', 'policy-opens', ...IN_LINE];

/**
 * Assesses clusters. If the base has no object of a cluster, it is a first deployment; if the new manifests have
 * none, the cluster is removed. A line per object would hide both.
 */
export function assessDeployments(clusters: readonly ClusterChange[], props: AssessProps): ClusterReview[] {
  const isReplaced = clusters.some(({ old }) => old.size === 0);
  return clusters.map((cluster) => {
    if (cluster.new.size === 0)
      return { cluster, findings: [completed(givenUp(cluster, isReplaced), props.texts)] };
    return isFirst(cluster) ? firstDeployment(cluster, props) : assess(cluster, props);
  });
}

/** Whether no object of a namespace is on both sides. Cluster-scoped objects have the same names in every cluster. */
function isFirst({ old, new: next }: ClusterChange): boolean {
  return ![...old].some(([key, object]) => isNamespaced(object) && next.has(key));
}

function firstDeployment(cluster: ClusterChange, props: AssessProps): ClusterReview {
  const objects = [...cluster.new.values()].map((object): ObjectChange => ({ type: 'created', new: object }));
  const { findings } = assess({ ...cluster, old: new Map(), objects }, props);
  const lines = [...components(cluster.new)].map(([name, some]) =>
    draft('live', 'first-deployment', some[0] as KubernetesObject, { title: lineOf(name, some, findings) }),
  );
  const others = cluster.old.size > 0 ? [otherManifests(cluster)] : [];
  const separate = findings.filter(({ rule, effect }) => !LEFT_OUT.includes(rule) && effect !== 'live');
  const all = [...[...lines, ...others].map((one) => completed(one, props.texts)), ...separate];
  return { cluster: { ...cluster, objects }, isFirst: true, findings: worstFirst(all) };
}

/** Objects by component, according to their labels. */
function components(objects: ManifestSet): Map<string, KubernetesObject[]> {
  const found = new Map<string, KubernetesObject[]>();
  for (const object of objects.values()) {
    const labels = object.metadata.labels ?? {};
    const name = labels['app.kubernetes.io/component'] ?? labels['app.kubernetes.io/name'] ?? object.kind;
    found.set(name, [...(found.get(name) ?? []), object]);
  }
  return found;
}

function lineOf(
  component: string,
  objects: readonly KubernetesObject[],
  findings: readonly ReviewFinding[],
): string {
  const requesting = requestsOf(objects, { nodes: 1 }).objects;
  const amounts = (perNode: boolean) => {
    const { pods, cpu, memory, storage } = totalOf(requesting.filter((one) => one.perNode === perNode));
    const compute = [
      counted(pods, 'pod'),
      `${formatAmount('cpu', cpu)} CPU`,
      `${formatAmount('memory', memory)} memory`,
    ];
    return [
      ...(pods > 0 ? compute : []),
      ...(storage > 0 ? [`${formatAmount('storage', storage)} storage`] : []),
    ];
  };
  const [once, onEachNode] = [amounts(false), amounts(true)];
  const access = findings.filter(({ rule, object }) => IN_LINE.includes(rule) && objects.includes(object));
  return [
    `${component}: ${counted(objects.length, 'object')} (${listed([...new Set(objects.map(({ kind }) => kind))])})`,
    ...(once.length > 0 ? [listed(once)] : []),
    ...(onEachNode.length > 0 ? [`on each node ${listed(onEachNode)}`] : []),
    ...access.map(({ title, object }) => title.replace(`${nameOf(object)}: `, '')),
  ].join('; ');
}

const claimsIn = (objects: ManifestSet) =>
  [...objects.values()].filter(({ kind }) => kind === 'PersistentVolumeClaim');

/** The old manifests have nothing in common with the new ones: they belong to another cluster, or the stack moves. */
function otherManifests({ old }: ClusterChange): DraftFinding {
  const claims = claimsIn(old);
  const data = claims.length > 0 ? `, with the data of ${listed(claims.map(nameOf))}` : '';
  const title = `the base has ${counted(old.size, 'object')} in other namespaces${data}`;
  return draft('unknown', 'other-manifests', (claims[0] ?? [...old.values()][0]) as KubernetesObject, {
    title,
  });
}

/** A cluster whose manifests were all removed. */
function givenUp({ folder, old }: ClusterChange, isReplaced: boolean): DraftFinding {
  const claims = claimsIn(old);
  const data = claims.length > 0 ? `, with the data of ${listed(claims.map(nameOf))}` : '';
  const title = `all manifests${folder === '.' ? '' : ` of cluster ${folder}`} were removed: ${counted(old.size, 'object')}${data}`;
  const object = (claims[0] ?? [...old.values()][0]) as KubernetesObject;
  if (isReplaced) return draft('unknown', 'cluster-replaced', object, { title });
  return draft(claims.length > 0 ? 'data-loss' : 'deletes', 'cluster-gone', object, { title });
}
