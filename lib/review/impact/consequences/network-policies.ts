import { mapAt } from '../../manifests/json';
import { type Cluster, identity, type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { podOf, selectorMatches, workloadsOf } from '../pods';
import { directions, edgesOf, pods } from '../policy-edges';
import { kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

const SOURCE = kubernetesDocs('concepts/services-networking/network-policies/');

const ADDS_UP = 'Policies add up: a connection that one of them allows is allowed.';
const CLOSES =
  'Connections that no policy of the pod allows are dropped, some plug-ins cut those that exist. Who uses them cannot be seen from here.';

const isPolicy = (object: Manifest) => typeOf(object) === 'networking.k8s.io/NetworkPolicy';

/** Connections that network policies let through, or cut. */
export function networkPolicies({ changed, created, deleted, cluster }: Context): Finding[] {
  return [
    ...changed.filter(({ new: object }) => isPolicy(object)).flatMap(changedPolicy),
    ...created.filter(isPolicy).flatMap((object) => newPolicy(object, cluster)),
    ...deleted.filter(isPolicy).flatMap((object) => policyThatIsGone(object, cluster)),
  ];
}

function changedPolicy({ old, new: next, changes }: Context['changed'][number]): Finding[] {
  const finding = (effect: Finding['effect'], rule: string, says: string, reason: string): Finding => ({
    effect,
    rule,
    object: next,
    title: `${nameOf(next)} (${pods(next)}) ${says}`,
    reason,
    source: SOURCE,
    changes,
  });
  const [before, after] = [edgesOf(old), edgesOf(next)];
  const opened = after.filter((edge) => !before.includes(edge));
  const closed = before.filter((edge) => !after.includes(edge));
  const free = directions(old).filter((direction) => !directions(next).includes(direction));
  return [
    ...(pods(old) === pods(next)
      ? []
      : [
          finding(
            'access',
            'policy-pods',
            'is about other pods now',
            'Pods that no policy selects any more accept and send everything.',
          ),
        ]),
    ...(free.length === 0
      ? []
      : [
          finding(
            'access',
            'policy-direction',
            `restricts ${free.join(' and ')} no more`,
            'A direction that no policy of a pod names is open.',
          ),
        ]),
    ...(opened.length === 0
      ? []
      : [finding('access', 'policy-opens', `lets through: ${listed(opened)}`, ADDS_UP)]),
    ...(closed.length === 0
      ? []
      : [finding('unknown', 'policy-closes', `lets through no more: ${listed(closed)}`, CLOSES)]),
  ];
}

function newPolicy(object: Manifest, { old, new: next }: Context['cluster']): Finding[] {
  const edges = edgesOf(object);
  const says = (effect: Finding['effect'], rule: string, title: string, reason: string): Finding[] => [
    { effect, rule, object, title: `${nameOf(object)}: ${title}`, reason, source: SOURCE, changes: [] },
  ];
  if (isCoveredBy(object, old))
    return edges.length === 0
      ? []
      : says('access', 'policy-opens', `lets through to ${pods(object)}: ${listed(edges)}`, ADDS_UP);
  const isOfNewPods = selectedBy(object, old).length === 0 && selectedBy(object, next).length > 0;
  return says(
    isOfNewPods ? 'live' : 'unknown',
    'policy-isolates',
    `from now on ${pods(object)} let through in ${directions(object).join(' and ')} only what a policy allows: ${listed(edges)}`,
    `The first policy that selects a pod closes the direction for all that no policy allows${isOfNewPods ? '' : '; who else connects today cannot be seen from here'}. It needs a network plug-in that enforces policies.`,
  );
}

function policyThatIsGone(object: Manifest, { new: next }: Context['cluster']): Finding[] {
  const closes = isCoveredBy(object, next);
  const what = closes
    ? `nothing lets through to ${pods(object)} any more, unless another policy does: ${listed(edgesOf(object))}`
    : `${pods(object)} that no other policy selects are open in ${directions(object).join(' and ')}`;
  return [
    {
      effect: closes ? 'unknown' : 'access',
      rule: closes ? 'policy-closes' : 'policy-gone',
      object,
      title: `${nameOf(object)} is gone from the manifests: once it is deleted, ${what}`,
      reason: closes ? CLOSES : 'A pod that no policy selects accepts and sends everything.',
      source: SOURCE,
      changes: [],
    },
  ];
}

/** Workloads of a cluster whose pods a policy selects. */
function selectedBy({ namespace, content }: Manifest, cluster: Cluster): Manifest[] {
  const selector = mapAt(content, 'spec', 'podSelector');
  return workloadsOf(cluster).filter(
    (workload) =>
      workload.namespace === namespace &&
      selectorMatches(selector, mapAt(podOf(workload), 'metadata', 'labels')),
  );
}

/** Whether other policies of a cluster already close the same directions for all pods that a policy selects. */
function isCoveredBy(policy: Manifest, cluster: Cluster): boolean {
  const workloads = selectedBy(policy, cluster);
  const others = [...cluster.values()].filter((one) => isPolicy(one) && identity(one) !== identity(policy));
  return (
    workloads.length > 0 &&
    workloads.every((workload) =>
      directions(policy).every((direction) =>
        others.some(
          (one) => directions(one).includes(direction) && selectedBy(one, cluster).includes(workload),
        ),
      ),
    )
  );
}
