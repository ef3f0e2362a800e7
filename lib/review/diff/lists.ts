import { isMap, type Json } from '../../kubernetes/json';
import { matches } from './path';

/** How entries of a list are told apart. */
export interface ListRule {
  /** Types of objects such as `networking.k8s.io/Ingress`, or `*`. */
  readonly types: readonly string[] | '*';
  /** Where the list is. */
  readonly path: string;
  /**
   * Fields that name an entry, best first; `a|b` takes the one that an entry has, `a+b` both. Without any, an entry is
   * what it contains.
   */
  readonly by: readonly string[];
  /** Whether another order of the same entries is the same list. */
  readonly anyOrder: boolean;
}

/**
 * Lists whose order means nothing to Kubernetes. Lists of a pod are not here: the controllers compare pod templates
 * with their order, so that another order restarts the pods.
 */
const ANY_ORDER: readonly Omit<ListRule, 'anyOrder'>[] = [
  { types: ['Service'], path: 'spec.ports', by: ['name', 'port+protocol'] },
  { types: ['Service'], path: 'spec.loadBalancerSourceRanges', by: [] },
  { types: ['Service'], path: 'spec.externalIPs', by: [] },
  { types: ['PersistentVolumeClaim', 'PersistentVolume'], path: 'spec.accessModes', by: [] },
  { types: ['networking.k8s.io/Ingress'], path: 'spec.rules', by: ['host'] },
  { types: ['networking.k8s.io/Ingress'], path: 'spec.rules.*.http.paths', by: ['path+pathType'] },
  { types: ['networking.k8s.io/Ingress'], path: 'spec.tls', by: [] },
  { types: ['networking.k8s.io/Ingress'], path: 'spec.tls.*.hosts', by: [] },
  {
    types: ['rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/ClusterRole'],
    path: 'rules',
    by: [],
  },
  {
    types: ['rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/ClusterRole'],
    path: 'rules.*.*',
    by: [],
  },
  {
    types: ['rbac.authorization.k8s.io/RoleBinding', 'rbac.authorization.k8s.io/ClusterRoleBinding'],
    path: 'subjects',
    by: ['kind+namespace+name'],
  },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.policyTypes', by: [] },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.ingress', by: [] },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.egress', by: [] },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.ingress.*.from', by: [] },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.egress.*.to', by: [] },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.ingress.*.ports', by: [] },
  { types: ['networking.k8s.io/NetworkPolicy'], path: 'spec.egress.*.ports', by: [] },
  { types: ['monitoring.coreos.com/PrometheusRule'], path: 'spec.groups', by: ['name'] },
  { types: ['ServiceAccount'], path: 'imagePullSecrets', by: ['name'] },
  { types: ['ServiceAccount'], path: 'secrets', by: ['name'] },
  { types: ['apiextensions.k8s.io/CustomResourceDefinition'], path: 'spec.versions', by: ['name'] },
  {
    types: [
      'admissionregistration.k8s.io/MutatingWebhookConfiguration',
      'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    ],
    path: 'webhooks',
    by: ['name'],
  },
  { types: '*', path: 'metadata.finalizers', by: [] },
  { types: '*', path: 'metadata.ownerReferences', by: ['uid'] },
];

/** Names of entries in lists that nobody listed: those of pods, of custom resources, of configuration files. */
const USUAL_NAMES: ListRule = {
  types: '*',
  path: '**',
  by: [
    'name',
    'mountPath',
    'containerPort+protocol',
    'metadata.name',
    'job_name',
    'alert|record',
    'uid',
    'id',
    'refId',
    'from',
    'key',
    'ip',
  ],
  anyOrder: false,
};

/** The rule for a list, by the type of its object and its place there. */
export function listRule(type: string, keys: readonly string[]): ListRule {
  const row = ANY_ORDER.find(
    ({ types, path }) => (types === '*' || types.includes(type)) && matches(path, keys),
  );
  return row === undefined ? USUAL_NAMES : { ...row, anyOrder: true };
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
