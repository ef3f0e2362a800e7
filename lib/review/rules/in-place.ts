import { listAt, textAt } from '../../kubernetes/json';
import { typeOf } from '../../kubernetes/object';
import { becomes, type ObjectRule, rule } from '../rule';

const DEPLOYMENTS = ['apps/Deployment', 'apps/StatefulSet'];
const WORKLOADS = [...DEPLOYMENTS, 'apps/DaemonSet'];
const STATEFUL_SET = ['apps/StatefulSet'];
const CRD = ['apiextensions.k8s.io/CustomResourceDefinition'];
const CLAIM = ['PersistentVolumeClaim'];
const SERVICE = ['Service'];
const INGRESS = ['networking.k8s.io/Ingress'];
const AUTOSCALER = ['autoscaling/HorizontalPodAutoscaler'];

const inSpec = (...fields: string[]) => fields.map((field) => `spec.${field}`);

const CLAIM_RETENTION = inSpec('persistentVolumeClaimRetentionPolicy.**');
const STRATEGY = inSpec('strategy.**', 'updateStrategy.**', 'minReadySeconds', 'paused');
const JOB_RUN = [
  ...inSpec('parallelism', 'suspend', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'),
  // Parts of the template that may change while the Job is suspended. The rest is immutable.
  'spec.template.**',
];
const TRAFFIC = [
  ...inSpec('sessionAffinity', 'internalTrafficPolicy', 'externalTrafficPolicy', 'trafficDistribution'),
  ...inSpec('publishNotReadyAddresses', 'ipFamilyPolicy', 'ipFamilies.**', 'allocateLoadBalancerNodePorts'),
];
const INGRESS_CLASS = ['spec.ingressClassName', 'metadata.annotations[kubernetes.io/ingress.class]'];
const POD_SECURITY_NOTICES = ['warn', 'warn-version', 'audit', 'audit-version'].map(
  (mode) => `metadata.labels[pod-security.kubernetes.io/${mode}]`,
);

/** Types whose labels or annotations affect other programs: admission, service meshes, load balancers. */
const STEERED_BY: Readonly<Record<string, readonly string[]>> = {
  labels: ['Namespace'],
  annotations: [...SERVICE, ...INGRESS],
};

/** Schema keys that can make valid objects invalid when they are added. */
const CONSTRAINTS =
  /^(?:required|enum|pattern|format|m(?:in|ax)\w*|multipleOf|uniqueItems|x-kubernetes-.*|not)$/;

const hasTwoEqualPorts = (object: unknown) => {
  const numbers = listAt(object, 'spec', 'ports').map((port) => textAt(port, 'port'));
  return new Set(numbers).size < numbers.length;
};

/** Fields that take effect without a restart. Fields in no list are unknown. */
export const IN_PLACE_RULES: readonly ObjectRule[] = [
  rule('capacity', 'scale-to-zero', DEPLOYMENTS, ['spec.replicas'], { when: becomes(0), outage: true }),
  rule('live', 'update-strategy', WORKLOADS, STRATEGY),
  rule('live', 'rollout-history', WORKLOADS, inSpec('revisionHistoryLimit', 'progressDeadlineSeconds')),
  rule('data-loss', 'claim-retention-policy', STATEFUL_SET, CLAIM_RETENTION, { when: becomes('Delete') }),
  rule('live', 'claims-retained', STATEFUL_SET, CLAIM_RETENTION),
  rule('restarts', 'pod-image', ['Pod'], inSpec('containers.*.image', 'initContainers.*.image')),
  rule('live', 'job-run', ['batch/Job'], JOB_RUN),
  rule('live', 'claim-grows', CLAIM, ['spec.resources.requests.storage']),
  rule('live', 'claim-attributes-class', CLAIM, ['spec.volumeAttributesClassName']),
  rule('unknown', 'claim-class-named', CLAIM, ['spec.storageClassName']),
  rule('live', 'storage-class-expansion', ['storage.k8s.io/StorageClass'], ['allowVolumeExpansion']),
  rule('restarts', 'service-becomes-name', SERVICE, ['spec.type'], { when: becomes('ExternalName') }),
  rule('live', 'service-type', SERVICE, inSpec('type', 'externalName')),
  rule('live', 'service-selector', SERVICE, ['spec.selector.**']),
  rule('unknown', 'service-port-number-twice', SERVICE, ['spec.ports.**'], {
    when: (_, { old, new: next }) => hasTwoEqualPorts(old) || hasTwoEqualPorts(next),
  }),
  rule('live', 'service-port', SERVICE, ['spec.ports.**']),
  rule('live', 'service-traffic', SERVICE, TRAFFIC),
  rule('live', 'ingress-class', INGRESS, INGRESS_CLASS),
  rule('live', 'ingress-tls', INGRESS, ['spec.tls.**']),
  rule('live', 'disruption-budget', ['policy/PodDisruptionBudget'], ['spec.**']),
  rule('live', 'becomes-immutable', ['ConfigMap', 'Secret'], ['immutable']),
  rule('live', 'pull-secrets', ['ServiceAccount'], ['imagePullSecrets.**', 'secrets.**']),
  rule('live', 'scaling-metrics', AUTOSCALER, inSpec('metrics.**', 'behavior.**')),
  rule('live', 'custom-resource-schema', CRD, ['spec.versions.**'], {
    when: ({ keys, old, new: next }) =>
      keys.at(-1) === 'description' ||
      keys.includes('additionalPrinterColumns') ||
      (old === undefined && next !== undefined && !keys.some((key) => CONSTRAINTS.test(key))),
  }),
  rule('live', 'custom-resource-names', CRD, ['spec.names.**']),
  rule('live', 'pod-security-notice', ['Namespace'], POD_SECURITY_NOTICES),
  rule('live', 'recommended-label', '*', ['metadata.labels.*'], {
    when: ({ keys }) => /^(?:app\.kubernetes\.io|helm\.sh)\//.test(keys.at(-1) ?? ''),
  }),
  rule('live', 'metadata', '*', ['metadata.labels.**', 'metadata.annotations.**'], {
    when: ({ keys }, { new: object }) => !STEERED_BY[keys[1] ?? '']?.includes(typeOf(object)),
  }),
];
