import { groupOf, type TypeMeta, typeOf } from './object';

/** What the project knows about one kind. */
interface KindFacts {
  /** Whether objects of the kind live outside of namespaces. */
  readonly clusterScoped?: true;
  /** Path to the pod, or to the template that pods are made from. */
  readonly podTemplate?: readonly string[];
  /** Whether a controller replaces running pods when the template changes. */
  readonly rolling?: true;
  /** Whether its pods come and go: a Job ends. */
  readonly ends?: true;
}

const TEMPLATE = { podTemplate: ['spec', 'template'] } as const;

/**
 * Kinds that differ from a namespaced object without pods, by group and kind.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
const KINDS: Readonly<Record<string, KindFacts>> = {
  Pod: { podTemplate: [] },
  ReplicationController: TEMPLATE,
  'apps/ReplicaSet': TEMPLATE,
  'apps/Deployment': { ...TEMPLATE, rolling: true },
  'apps/StatefulSet': { ...TEMPLATE, rolling: true },
  'apps/DaemonSet': { ...TEMPLATE, rolling: true },
  'batch/Job': { ...TEMPLATE, ends: true },
  'batch/CronJob': { podTemplate: ['spec', 'jobTemplate', 'spec', 'template'], ends: true },
  Namespace: { clusterScoped: true },
  Node: { clusterScoped: true },
  PersistentVolume: { clusterScoped: true },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': { clusterScoped: true },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': { clusterScoped: true },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': { clusterScoped: true },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': { clusterScoped: true },
  'apiextensions.k8s.io/CustomResourceDefinition': { clusterScoped: true },
  'apiregistration.k8s.io/APIService': { clusterScoped: true },
  'networking.k8s.io/IngressClass': { clusterScoped: true },
  'node.k8s.io/RuntimeClass': { clusterScoped: true },
  'rbac.authorization.k8s.io/ClusterRole': { clusterScoped: true },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { clusterScoped: true },
  'scheduling.k8s.io/PriorityClass': { clusterScoped: true },
  'storage.k8s.io/CSIDriver': { clusterScoped: true },
  'storage.k8s.io/StorageClass': { clusterScoped: true },
  'storage.k8s.io/VolumeAttributesClass': { clusterScoped: true },
};

/**
 * API groups of Kubernetes itself. A suffix does not tell: `snapshot.storage.k8s.io` and
 * `gateway.networking.k8s.io` are custom resources.
 */
const BUILT_IN_GROUPS = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
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

/** Whether the API server serves a kind without a CustomResourceDefinition. */
export function isBuiltIn(object: TypeMeta): boolean {
  return BUILT_IN_GROUPS.has(groupOf(object));
}

/** Whether objects of a kind live in a namespace. */
export function isNamespaced(object: TypeMeta): boolean {
  return KINDS[typeOf(object)]?.clusterScoped !== true;
}

/** Whether an object is a pod, or makes pods. */
export function isWorkload(object: TypeMeta): boolean {
  return podTemplatePath(object) !== undefined;
}

/** Whether a controller keeps the pods of an object running and replaces them when their template changes. */
export function isRolling(object: TypeMeta): boolean {
  return KINDS[typeOf(object)]?.rolling === true;
}

/** Whether the pods of an object end by themselves. */
export function endsByItself(object: TypeMeta): boolean {
  return KINDS[typeOf(object)]?.ends === true;
}

/** Path to the pod template of an object; undefined for an object without pods. */
export function podTemplatePath(object: TypeMeta): readonly string[] | undefined {
  return KINDS[typeOf(object)]?.podTemplate;
}
