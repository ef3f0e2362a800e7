import { mapAt } from '../../kubernetes/json';
import { allowedConnections, directionsOf, policyPods } from '../../kubernetes/network-policy';
import { type KubernetesObject, typeOf } from '../../kubernetes/object';
import { podOf } from '../../kubernetes/pods';
import { labelSelectorAt, selects } from '../../kubernetes/selectors';
import type { EffectiveChange, ReviewContext } from '../component-review';
import type { ManifestSet } from '../diff/objects';
import { casesFound, difference } from '../difference';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';
import { workloadsIn } from './readers';

const isPolicy = (object: KubernetesObject) => typeOf(object) === 'networking.k8s.io/NetworkPolicy';

/** Connections that NetworkPolicies newly allow or no longer allow. */
export function networkPolicies({ changed, created, deleted, cluster }: ReviewContext): DraftFinding[] {
  return [
    ...changed.filter(({ new: object }) => isPolicy(object)).flatMap(changedPolicy),
    ...created.filter(isPolicy).flatMap((object) => newPolicy(object, cluster)),
    ...deleted.filter(isPolicy).map((object) => removedPolicy(object, cluster)),
  ];
}

function changedPolicy({ old, new: next, changes: all }: EffectiveChange): DraftFinding[] {
  const changes = all.filter(({ path }) => path[0] === 'spec');
  if (changes.length === 0) return [];
  const allowed = difference(allowedConnections(old), allowedConnections(next));
  const restricted = difference(directionsOf(old), directionsOf(next));
  const [pods, oldPods] = [policyPods(next), policyPods(old)];
  const found = casesFound([
    [
      'access',
      'policy-pods',
      pods === oldPods ? [] : [pods],
      (to) => `applies to ${to} instead of ${oldPods}`,
    ],
    ['access', 'policy-direction', restricted.removed, (free) => `no longer restricts ${free} of ${pods}`],
    ['access', 'policy-opens', allowed.added, (some) => `allows ${pods}: ${some}`],
    ['unknown', 'policy-closes', allowed.removed, (some) => `no longer allows ${pods}: ${some}`],
    ['unknown', 'policy-closes', restricted.added, (more) => `restricts ${more} of ${pods}`],
  ]);
  return found.length > 0
    ? found.map((one) => ({ ...one, object: next, changes }))
    : [draft('live', 'policy-same', next, { changes })];
}

function newPolicy(object: KubernetesObject, { old, new: next }: ReviewContext['cluster']): DraftFinding[] {
  const [allowed, pods] = [allowedConnections(object), policyPods(object)];
  if (isCoveredBy(object, old))
    return allowed.length === 0
      ? []
      : [draft('access', 'policy-opens', object, { says: `allows ${pods}: ${listed(allowed)}` })];
  const isForNewPods = selectedBy(object, old).length === 0 && selectedBy(object, next).length > 0;
  const says = `${pods} accept in ${directionsOf(object).join(' and ')} only what a policy allows: ${listed(allowed)}`;
  return [draft(isForNewPods ? 'live' : 'unknown', 'policy-isolates', object, { says })];
}

function removedPolicy(object: KubernetesObject, { new: next }: ReviewContext['cluster']): DraftFinding {
  const [pods, once] = [policyPods(object), 'is gone from the manifests; once it is deleted,'];
  const closed = `${once} nothing allows ${pods}, unless another policy does: ${listed(allowedConnections(object))}`;
  const open = `${once} ${directionsOf(object).join(' and ')} of ${pods} that no other policy selects is open`;
  return isCoveredBy(object, next)
    ? draft('unknown', 'policy-closes', object, { says: closed })
    : draft('access', 'policy-gone', object, { says: open });
}

/** Workloads of a cluster whose pods a policy selects. */
function selectedBy(policy: KubernetesObject, cluster: ManifestSet): KubernetesObject[] {
  const selector = labelSelectorAt(policy, 'spec', 'podSelector');
  return workloadsIn(cluster, policy.metadata.namespace).filter((workload) =>
    selects(selector, mapAt(podOf(workload), 'metadata', 'labels')),
  );
}

/** Whether other policies of a cluster already restrict the same directions for all pods of a policy. */
function isCoveredBy(policy: KubernetesObject, cluster: ManifestSet): boolean {
  const workloads = selectedBy(policy, cluster);
  const others = [...cluster.values()].filter(
    (one) => isPolicy(one) && one.metadata.name !== policy.metadata.name,
  );
  const closes = (workload: KubernetesObject, direction: ReturnType<typeof directionsOf>[number]) =>
    others.some(
      (one) => directionsOf(one).includes(direction) && selectedBy(one, cluster).includes(workload),
    );
  return (
    workloads.length > 0 &&
    workloads.every((workload) => directionsOf(policy).every((direction) => closes(workload, direction)))
  );
}
