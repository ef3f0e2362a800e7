import { textAt } from '../../kubernetes/json';
import { identityOf, type KubernetesObject, typeOf } from '../../kubernetes/object';
import {
  includesPermission,
  type Permission,
  permissionsInWords,
  permissionsOf,
  powerfulPermissions,
  RBAC_GROUP,
  subjectsOf,
} from '../../kubernetes/rbac';
import type { AppliedObject, EffectiveChange, ReviewContext } from '../component-review';
import type { Change } from '../diff/change';
import type { ManifestSet } from '../diff/objects';
import { difference } from '../difference';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';

const isRole = (object: KubernetesObject) =>
  /^rbac\.authorization\.k8s\.io\/(?:Cluster)?Role$/.test(typeOf(object));
const isBinding = (object: KubernetesObject) =>
  /^rbac\.authorization\.k8s\.io\/(?:Cluster)?RoleBinding$/.test(typeOf(object));

/** Permissions that roles and bindings grant or withdraw. A new role counts once it is bound. */
export function permissions({ changed, applied, cluster }: ReviewContext): DraftFinding[] {
  return [
    ...changed.filter(({ new: object }) => isRole(object)).flatMap(ofRole),
    ...applied.filter(({ new: object }) => isBinding(object)).flatMap((one) => ofBinding(one, cluster.new)),
  ];
}

function ofRole({ old, new: object, changes: all }: EffectiveChange): DraftFinding[] {
  const missing = (some: readonly Permission[], others: readonly Permission[]) =>
    some.filter((one) => !others.some((other) => includesPermission(other, one)));
  const [before, after] = [permissionsOf(old), permissionsOf(object)];
  const [added, removed] = [missing(after, before), missing(before, after)];
  const changes = all.filter(({ path }) => path[0] === 'rules');
  return [
    ...(added.length > 0
      ? [granted(object, `may also ${listed(permissionsInWords(added))}`, added, changes)]
      : []),
    ...withdrawn(object, `may no longer ${listed(permissionsInWords(removed))}`, removed, changes),
    ...sameRights(object, added.length + removed.length, changes),
  ];
}

function ofBinding({ old, new: object, changes: all }: AppliedObject, cluster: ManifestSet): DraftFinding[] {
  const { added, removed } = difference(subjectsOf(old), subjectsOf(object));
  const changes = all.filter(({ path }) => path[0] === 'subjects');
  return [
    ...(added.length > 0 ? [bound(object, added, cluster, changes)] : []),
    ...withdrawn(object, `no longer gives its role to ${listed(removed)}`, removed, changes),
    ...sameRights(object, added.length + removed.length, changes),
  ];
}

function withdrawn(
  object: KubernetesObject,
  says: string,
  what: readonly unknown[],
  changes: readonly Change[],
): DraftFinding[] {
  return what.length > 0 ? [draft('unknown', 'rights-withdrawn', object, { says, changes })] : [];
}

function sameRights(
  object: KubernetesObject,
  differences: number,
  changes: readonly Change[],
): DraftFinding[] {
  return differences === 0 && changes.length > 0 ? [draft('live', 'rights-same', object, { changes })] : [];
}

/** Permissions through a binding: `ServiceAccount a/b may get pods in the whole cluster`. */
function bound(
  binding: KubernetesObject,
  subjects: readonly string[],
  cluster: ManifestSet,
  changes: readonly Change[],
): DraftFinding {
  const [kind = 'ClusterRole', name = ''] = [
    textAt(binding, 'roleRef', 'kind'),
    textAt(binding, 'roleRef', 'name'),
  ];
  const { namespace } = binding.metadata;
  const role = cluster.get(identityOf(RBAC_GROUP, kind, kind === 'Role' ? namespace : undefined, name));
  const given = permissionsOf(role);
  const what = role
    ? `may ${listed(permissionsInWords(given))}`
    : `has the permissions of ${kind} ${name}, which is not in these manifests,`;
  const where = binding.kind === 'ClusterRoleBinding' ? 'in the whole cluster' : `in namespace ${namespace}`;
  return granted(binding, `${listed(subjects)} ${what} ${where}`, given, changes);
}

function granted(
  object: KubernetesObject,
  says: string,
  some: readonly Permission[],
  changes: readonly Change[],
): DraftFinding {
  const powerful = powerfulPermissions(some);
  const reason = `RBAC can only add permissions. Powerful ones: ${listed(powerful)}.`;
  return draft('access', 'rights', object, { says, changes, ...(powerful.length > 0 && { reason }) });
}
