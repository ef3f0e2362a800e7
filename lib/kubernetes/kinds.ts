import { groupOf, type TypeMeta, typeOf } from './object';

/** A kind with pods. */
interface WorkloadKind {
  /** Path to the pod, or to the pod template. */
  readonly podTemplate: readonly string[];
  /** Whether a controller replaces running pods when the template changes. */
  readonly rolling?: true;
  /** Whether its pods complete, as those of a Job do. */
  readonly ends?: true;
}

const podTemplate = ['spec', 'template'];

/** Kinds with pods, by group and kind. */
const WORKLOADS: Readonly<Record<string, WorkloadKind>> = {
  Pod: { podTemplate: [] },
  ReplicationController: { podTemplate },
  'apps/ReplicaSet': { podTemplate },
  'apps/Deployment': { podTemplate, rolling: true },
  'apps/StatefulSet': { podTemplate, rolling: true },
  'apps/DaemonSet': { podTemplate, rolling: true },
  'batch/Job': { podTemplate, ends: true },
  'batch/CronJob': { podTemplate: ['spec', 'jobTemplate', 'spec', 'template'], ends: true },
};

/**
 * Kinds of cluster-scoped objects.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
const CLUSTER_SCOPED = new Set([
  ...['Namespace', 'Node', 'PersistentVolume'],
  ...['MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  ...['ValidatingWebhookConfiguration', 'CustomResourceDefinition', 'APIService', 'IngressClass'],
  ...['RuntimeClass', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass'],
  ...['CSIDriver', 'StorageClass', 'VolumeAttributesClass'],
]);

/**
 * API groups of Kubernetes itself. The suffix does not identify them: `snapshot.storage.k8s.io` and
 * `gateway.networking.k8s.io` are groups of custom resources.
 * `gateway.networking.k8s.io` are custom resources.
 */
const BUILT_IN_GROUPS = new Set([
  ...['', 'apps', 'autoscaling', 'batch', 'policy'],
  ...[
    ...['admissionregistration', 'apiextensions', 'apiregistration', 'authentication', 'authorization'],
    ...['certificates', 'coordination', 'discovery', 'events', 'flowcontrol.apiserver', 'networking', 'node'],
    ...['rbac.authorization', 'resource', 'scheduling', 'storage'],
  ].map((group) => `${group}.k8s.io`),
]);

/** Whether the API server serves a kind without a CustomResourceDefinition. */
export function isBuiltIn(object: TypeMeta): boolean {
  return BUILT_IN_GROUPS.has(groupOf(object));
}

/** Whether objects of a kind are namespaced. */
export function isNamespaced(object: TypeMeta): boolean {
  return !(isBuiltIn(object) && CLUSTER_SCOPED.has(object.kind));
}

/** Whether an object is a pod or creates pods. */
export function isWorkload(object: TypeMeta): boolean {
  return podTemplatePath(object) !== undefined;
}

/** Whether a controller keeps the pods of an object running and replaces them when their template changes. */
export function isRolling(object: TypeMeta): boolean {
  return WORKLOADS[typeOf(object)]?.rolling === true;
}

/** Whether the pods of an object complete. */
export function endsByItself(object: TypeMeta): boolean {
  return WORKLOADS[typeOf(object)]?.ends === true;
}

/** Path to the pod template of an object; undefined for an object without pods. */
export function podTemplatePath(object: TypeMeta): readonly string[] | undefined {
  return WORKLOADS[typeOf(object)]?.podTemplate;
}
