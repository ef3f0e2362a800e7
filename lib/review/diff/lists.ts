import { isMap, type Json } from '../../kubernetes/json';
import { matches } from './path';

/** How entries of a list are matched. */
export interface ListRule {
  /**
   * Fields that name an entry, best first. `a|b` uses the field that an entry has, `a+b` uses both. Without any, the
   * content names the entry.
   */
  readonly by: readonly string[];
  /** Whether the order of entries is irrelevant. */
  readonly anyOrder: boolean;
}

const INGRESS = 'networking.k8s.io/Ingress';
const POLICY = 'networking.k8s.io/NetworkPolicy';
const RBAC = 'rbac.authorization.k8s.io';
const WEBHOOKS = 'admissionregistration.k8s.io';

/**
 * Lists whose order is irrelevant for Kubernetes: type of the object, path of the list, and the field that names an
 * entry. Lists of a pod are not included: controllers compare pod templates with their order, so another order
 * restarts pods.
 */
const ANY_ORDER: readonly (readonly [type: string, path: string, ...by: string[]])[] = [
  ['Service', 'spec.ports', 'name', 'port+protocol'],
  ['Service', 'spec.loadBalancerSourceRanges'],
  ['Service', 'spec.externalIPs'],
  ['PersistentVolumeClaim', 'spec.accessModes'],
  [INGRESS, 'spec.rules', 'host'],
  [INGRESS, 'spec.rules.*.http.paths', 'path+pathType'],
  [INGRESS, 'spec.tls'],
  [INGRESS, 'spec.tls.*.hosts'],
  [`${RBAC}/Role`, 'rules'],
  [`${RBAC}/Role`, 'rules.*.*'],
  [`${RBAC}/ClusterRole`, 'rules'],
  [`${RBAC}/ClusterRole`, 'rules.*.*'],
  [`${RBAC}/RoleBinding`, 'subjects', 'kind+namespace+name'],
  [`${RBAC}/ClusterRoleBinding`, 'subjects', 'kind+namespace+name'],
  [POLICY, 'spec.policyTypes'],
  [POLICY, 'spec.ingress'],
  [POLICY, 'spec.egress'],
  [POLICY, 'spec.ingress.*.*'],
  [POLICY, 'spec.egress.*.*'],
  ['monitoring.coreos.com/PrometheusRule', 'spec.groups', 'name'],
  ['ServiceAccount', 'imagePullSecrets', 'name'],
  ['ServiceAccount', 'secrets', 'name'],
  ['apiextensions.k8s.io/CustomResourceDefinition', 'spec.versions', 'name'],
  [`${WEBHOOKS}/MutatingWebhookConfiguration`, 'webhooks', 'name'],
  [`${WEBHOOKS}/ValidatingWebhookConfiguration`, 'webhooks', 'name'],
  ['*', 'metadata.finalizers'],
  ['*', 'metadata.ownerReferences', 'uid'],
];

/** Names of entries in all other lists: those of pods, custom resources and config files. */
const USUAL_NAMES: ListRule = {
  by: [
    ...['name', 'mountPath', 'containerPort+protocol', 'metadata.name', 'job_name', 'alert|record'],
    ...['uid', 'id', 'refId', 'from', 'key', 'ip'],
  ],
  anyOrder: false,
};

/** The rule for a list, by the type of its object and its path. */
export function listRule(type: string, keys: readonly string[]): ListRule {
  const row = ANY_ORDER.find(([of, path]) => (of === '*' || of === type) && matches(path, keys));
  if (row === undefined) return USUAL_NAMES;
  const [, , ...by] = row;
  return { by, anyOrder: true };
}

/**
 * Names of the entries of two lists, by the first of the rule's fields that every entry has and no two share;
 * undefined when there is none.
 */
export function entryNames(
  rule: ListRule,
  ...lists: readonly (readonly Json[])[]
): readonly (readonly string[])[] | undefined {
  const [first] = lists.find((list) => list.length > 0) ?? [];
  for (const by of rule.by) {
    if (first !== undefined && entryName(by, first) === undefined) continue;
    const names = lists.map((list) => list.map((entry) => entryName(by, entry)));
    if (names.every((some) => !some.includes(undefined) && new Set(some).size === some.length))
      return names as string[][];
  }
  return undefined;
}

function entryName(by: string, entry: Json): string | undefined {
  if (!isMap(entry)) return undefined;
  if (by.includes('|')) {
    const field = by.split('|').find((one) => Object.hasOwn(entry, one));
    return field === undefined ? undefined : entryName(field, entry);
  }
  if (by.includes('.')) {
    const [first = '', rest = ''] = by.split('.');
    const name = entryName(rest, entry[first] ?? null);
    return name === undefined ? undefined : name;
  }
  const parts = by.split('+').map((field) => {
    const value = Object.hasOwn(entry, field) ? entry[field] : FIELD_DEFAULTS[field];
    return typeof value === 'object' || value === undefined ? undefined : `${field}=${value}`;
  });
  // A part that may be left out, such as the namespace of a subject, does not name an entry on its own.
  return parts[0] === undefined ? undefined : parts.filter((part) => part !== undefined).join(',');
}

/** What a part of a name is where it is left out. */
const FIELD_DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };
