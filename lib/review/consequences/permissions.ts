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
import type { EffectiveChange, ReviewContext } from '../component-review';
import type { ManifestSet } from '../diff/objects';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';

const isRole = (object: KubernetesObject) =>
  /^rbac\.authorization\.k8s\.io\/(?:Cluster)?Role$/.test(typeOf(object));
const isBinding = (object: KubernetesObject) =>
  /^rbac\.authorization\.k8s\.io\/(?:Cluster)?RoleBinding$/.test(typeOf(object));

/** Permissions that roles and bindings grant or withdraw. */
export function permissions({ changed, created, cluster }: ReviewContext): DraftFinding[] {
  return [
    ...changed.filter(({ new: object }) => isRole(object)).flatMap(changedRole),
    ...changed
      .filter(({ new: object }) => isBinding(object))
      .flatMap((one) => changedBinding(one, cluster.new)),
    ...created.filter(isBinding).map((object) => bound(object, subjectsOf(object), cluster.new, [])),
  ];
}

function changedRole({ old, new: next, changes: all }: EffectiveChange): DraftFinding[] {
  const changes = all.filter(({ path }) => path[0] === 'rules');
  const missing = (some: readonly Permission[], others: readonly Permission[]) =>
    some.filter((one) => !others.some((other) => includesPermission(other, one)));
  const [before, after] = [permissionsOf(old), permissionsOf(next)];
  const [added, removed] = [missing(after, before), missing(before, after)];
  const less = `may no longer ${listed(permissionsInWords(removed))}`;
  return [
    ...(added.length > 0
      ? [granted(next, `may also ${listed(permissionsInWords(added))}`, added, changes)]
      : []),
    ...(removed.length > 0 ? [draft('unknown', 'rights-withdrawn', next, { says: less, changes })] : []),
    ...sameRights(next, changes, added.length + removed.length),
  ];
}

function changedBinding(
  { old, new: next, changes: all }: EffectiveChange,
  cluster: ManifestSet,
): DraftFinding[] {
  const changes = all.filter(({ path }) => path[0] === 'subjects');
  const [before, after] = [subjectsOf(old), subjectsOf(next)];
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  const less = `no longer gives its role to ${listed(removed)}`;
  return [
    ...(added.length > 0 ? [bound(next, added, cluster, changes)] : []),
    ...(removed.length > 0 ? [draft('unknown', 'rights-withdrawn', next, { says: less, changes })] : []),
    ...sameRights(next, changes, added.length + removed.length),
  ];
}

function sameRights(
  object: KubernetesObject,
  changes: EffectiveChange['changes'],
  differences: number,
): DraftFinding[] {
  return differences === 0 && changes.length > 0 ? [draft('live', 'rights-same', object, { changes })] : [];
}

/** Who may do what because of a binding: `ServiceAccount a/b may get pods in the whole cluster`. */
function bound(
  binding: KubernetesObject,
  subjects: readonly string[],
  cluster: ManifestSet,
  changes: EffectiveChange['changes'],
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
  changes: EffectiveChange['changes'],
): DraftFinding {
  const powerful = powerfulPermissions(some);
  const reason = `RBAC only ever adds permissions. Powerful ones: ${listed(powerful)}.`;
  return draft('access', 'rights', object, { says, changes, ...(powerful.length > 0 && { reason }) });
}
