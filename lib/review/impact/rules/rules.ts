import { matches } from '../../diff/path';
import { groupOf, type Manifest, typeOf } from '../../manifests/manifest';
import type { Leaf } from '../leaf';
import { ACCESS_RULES } from './access';
import { CAPACITY_RULES } from './capacity';
import { CLAIM_RULES } from './claims';
import { CUSTOM_RESOURCE_RULES } from './custom-resources';
import { DELIVERY_RULES, PROTECTION_RULES } from './delivery';
import { INGRESS_ACCESS_RULES } from './ingress-access';
import { INGRESS_RULES } from './ingresses';
import { JOB_RULES } from './jobs';
import { NO_EFFECT_RULES } from './no-effect';
import { OTHER_RULES } from './others';
import { ROLLOUT_RULES } from './rollouts';
import type { Rule, Versions } from './rule';
import { SERVICE_RULES } from './services';
import { STORAGE_CLASS_RULES } from './storage-classes';
import { VOLUME_RULES } from './volumes';
import { WORKLOAD_RULES } from './workloads';

/** Every rule about a field; of several that match, the first counts. */
export const RULES: readonly Rule[] = [
  ...NO_EFFECT_RULES,
  ...WORKLOAD_RULES,
  ...ROLLOUT_RULES,
  ...JOB_RULES,
  ...CLAIM_RULES,
  ...VOLUME_RULES,
  ...STORAGE_CLASS_RULES,
  ...SERVICE_RULES,
  ...INGRESS_RULES,
  ...DELIVERY_RULES,
  ...CUSTOM_RESOURCE_RULES,
  ...OTHER_RULES,
];

/** Rules that count beside those, each that matches. */
export const FURTHER_RULES: readonly Rule[] = [
  ...ACCESS_RULES,
  ...INGRESS_ACCESS_RULES,
  ...PROTECTION_RULES,
  ...CAPACITY_RULES,
];

/** Groups of the API that come with Kubernetes, and whose kinds do what its documentation says. */
const BUILT_IN = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Whether an object comes with Kubernetes, and is no custom resource. */
export function isBuiltIn(object: Manifest): boolean {
  return BUILT_IN.has(groupOf(object));
}

/** The rules that say what a change of one value does; one that has no effect has no further ones. */
export function rulesFor(leaf: Leaf, versions: Versions): readonly Rule[] {
  const rule = about(RULES, versions.new).find((one) => applies(one, leaf, versions));
  if (rule?.effect === 'none') return [rule];
  return [...(rule ? [rule] : []), ...furtherRulesFor(leaf, versions)];
}

/** The rules that count for a value of a new object, too. */
export function furtherRulesFor(leaf: Leaf, versions: Versions): readonly Rule[] {
  return about(FURTHER_RULES, versions.new).filter((one) => applies(one, leaf, versions));
}

const byType = new Map<readonly Rule[], Map<string, readonly Rule[]>>();

/** Those of some rules that are about objects of a type; asked for each value, so they are looked up once. */
function about(rules: readonly Rule[], object: Manifest): readonly Rule[] {
  const type = typeOf(object);
  const types = byType.get(rules) ?? new Map<string, readonly Rule[]>();
  byType.set(rules, types);
  const found =
    types.get(type) ??
    rules.filter(({ types }) =>
      types === '*' ? isBuiltIn(object) : types === 'any' || types.includes(type),
    );
  types.set(type, found);
  return found;
}

function applies(rule: Rule, leaf: Leaf, versions: Versions): boolean {
  return (
    !(leaf.inDocument && rule.types === '*') &&
    rule.paths.some((path) => matches(path, leaf.keys)) &&
    !rule.except?.some((path) => matches(path, leaf.keys)) &&
    (rule.when?.(leaf, versions) ?? true)
  );
}
