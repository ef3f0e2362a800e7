import { matches } from '../../diff/path';
import { at, type Json, listAt } from '../../manifests/json';
import { typeOf } from '../../manifests/manifest';
import type { Leaf } from '../leaf';
import { quantity } from '../units';
import { kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

const WORKLOADS = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet', 'batch/Job'];

/** Fields that the API server fills in when a manifest leaves them out, and what with. */
export interface Default {
  readonly types: readonly string[];
  readonly paths: readonly string[];
  readonly value: Json;
}

const probes = (field: string) =>
  ['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => `containers.*.${probe}.${field}`);

const inPod = (paths: readonly string[], value: Json): Default => ({
  types: WORKLOADS,
  paths: paths.map((path) => `spec.template.spec.${path}`),
  value,
});

/**
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/core/v1/defaults.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/apps/v1/defaults.go
 */
export const DEFAULTS: readonly Default[] = [
  inPod(['nodeSelector'], {}),
  inPod(
    ['tolerations', 'imagePullSecrets', 'hostAliases', 'initContainers', 'topologySpreadConstraints'],
    [],
  ),
  inPod(
    ['env', 'envFrom', 'args', 'command', 'volumeMounts', 'volumeDevices'].map(
      (field) => `containers.*.${field}`,
    ),
    [],
  ),
  {
    types: [...WORKLOADS, 'Service', 'ConfigMap', 'Secret'],
    paths: ['metadata.labels', 'metadata.annotations'],
    value: {},
  },
  inPod(['dnsPolicy'], 'ClusterFirst'),
  inPod(['schedulerName'], 'default-scheduler'),
  inPod(['terminationGracePeriodSeconds'], 30),
  inPod(['securityContext'], {}),
  inPod(['containers.*.resources', 'initContainers.*.resources'], {}),
  inPod(['containers.*.terminationMessagePath'], '/dev/termination-log'),
  inPod(['containers.*.terminationMessagePolicy'], 'File'),
  inPod(['containers.*.ports.*.protocol'], 'TCP'),
  inPod(['containers.*.env.*.valueFrom.fieldRef.apiVersion'], 'v1'),
  inPod(probes('timeoutSeconds'), 1),
  inPod(probes('periodSeconds'), 10),
  inPod(probes('successThreshold'), 1),
  inPod(probes('failureThreshold'), 3),
  inPod(probes('httpGet.scheme'), 'HTTP'),
  inPod(
    ['volumes.*.configMap.defaultMode', 'volumes.*.secret.defaultMode', 'volumes.*.projected.defaultMode'],
    420,
  ),
  { types: WORKLOADS.slice(0, 3), paths: ['spec.template.spec.restartPolicy'], value: 'Always' },
  { types: ['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet'], paths: ['spec.replicas'], value: 1 },
  { types: WORKLOADS.slice(0, 3), paths: ['spec.revisionHistoryLimit'], value: 10 },
  { types: ['apps/Deployment'], paths: ['spec.progressDeadlineSeconds'], value: 600 },
  { types: ['apps/Deployment'], paths: ['spec.strategy.type'], value: 'RollingUpdate' },
  { types: ['apps/Deployment'], paths: ['spec.strategy.rollingUpdate.maxSurge'], value: '25%' },
  { types: ['apps/Deployment'], paths: ['spec.strategy.rollingUpdate.maxUnavailable'], value: '25%' },
  { types: ['apps/StatefulSet'], paths: ['spec.podManagementPolicy'], value: 'OrderedReady' },
  {
    types: ['apps/StatefulSet', 'apps/DaemonSet'],
    paths: ['spec.updateStrategy.type'],
    value: 'RollingUpdate',
  },
  { types: ['apps/StatefulSet'], paths: ['spec.updateStrategy.rollingUpdate.partition'], value: 0 },
  {
    types: ['apps/StatefulSet'],
    paths: [
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted',
      'spec.persistentVolumeClaimRetentionPolicy.whenScaled',
    ],
    value: 'Retain',
  },
  {
    types: ['apps/StatefulSet'],
    paths: ['spec.volumeClaimTemplates.*.spec.volumeMode'],
    value: 'Filesystem',
  },
  { types: ['apps/DaemonSet'], paths: ['spec.updateStrategy.rollingUpdate.maxUnavailable'], value: 1 },
  { types: ['apps/DaemonSet'], paths: ['spec.updateStrategy.rollingUpdate.maxSurge'], value: 0 },
  { types: ['Service'], paths: ['spec.type'], value: 'ClusterIP' },
  { types: ['Service'], paths: ['spec.sessionAffinity'], value: 'None' },
  { types: ['Service'], paths: ['spec.internalTrafficPolicy'], value: 'Cluster' },
  { types: ['Service'], paths: ['spec.ports.*.protocol'], value: 'TCP' },
  { types: ['PersistentVolumeClaim'], paths: ['spec.volumeMode'], value: 'Filesystem' },
  { types: ['Secret'], paths: ['type'], value: 'Opaque' },
  { types: ['batch/CronJob'], paths: ['spec.suspend'], value: false },
  { types: ['batch/CronJob'], paths: ['spec.concurrencyPolicy'], value: 'Allow' },
  { types: ['networking.k8s.io/NetworkPolicy'], paths: ['spec.ingress.*.ports.*.protocol'], value: 'TCP' },
  { types: ['networking.k8s.io/NetworkPolicy'], paths: ['spec.egress.*.ports.*.protocol'], value: 'TCP' },
];

const comesOrGoes = ({ old, new: next }: Leaf) => (old === undefined) !== (next === undefined);

const equals = (a: Json | undefined, b: Json) =>
  a === b || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b));

/** Rules about what changes in a manifest and not in the cluster. */
export const NO_EFFECT_RULES: readonly Rule[] = [
  {
    id: 'default',
    types: '*',
    paths: ['**'],
    when: (leaf, { new: object }) => comesOrGoes(leaf) && isDefault(leaf, typeOf(object)),
    effect: 'none',
    says: 'the manifest says, or no longer says, what is the default',
    reason: 'The API server fills in the same value where a manifest says nothing.',
    source: kubernetesSource('apis/core/v1/defaults.go'),
  },
  {
    id: 'same-quantity',
    types: '*',
    paths: ['**'],
    when: ({ keys, old, new: next }) =>
      keys.some((key) => /^(?:requests|limits|capacity|hard|sizeLimit)$/.test(key)) &&
      quantity(scalar(old)) !== undefined &&
      quantity(scalar(old)) === quantity(scalar(next)),
    effect: 'none',
    says: 'the same quantity, written in another way',
    reason: 'The API server keeps quantities in one form: 1000m is 1, 1024Mi is 1Gi.',
    source: kubernetesDocs('reference/kubernetes-api/common-definitions/quantity/'),
  },
  {
    id: 'null',
    types: '*',
    paths: ['**'],
    when: (leaf) => comesOrGoes(leaf) && leaf.keys.at(-1) !== '*' && (leaf.old ?? leaf.new ?? null) === null,
    effect: 'none',
    says: 'a field without a value is a field that is not there',
    reason: 'The API server drops fields that are null.',
    source: kubernetesDocs('reference/using-api/server-side-apply/'),
  },
  {
    id: 'server-fields',
    types: '*',
    paths: ['status.**', 'metadata.creationTimestamp', 'metadata.generation', 'metadata.selfLink'],
    effect: 'none',
    says: 'the API server sets this itself',
    reason:
      'status and the times and counters of metadata are written by the server, whatever a manifest says.',
    source: kubernetesDocs('concepts/overview/working-with-objects/#object-spec-and-status'),
  },
  {
    id: 'target-port-default',
    types: ['Service'],
    paths: ['spec.ports.*.targetPort'],
    when: (leaf, versions) => comesOrGoes(leaf) && isItsPort(leaf.old ?? leaf.new ?? null, versions),
    effect: 'none',
    says: 'the manifest says, or no longer says, what is the default',
    reason: 'targetPort of a Service is its port where the manifest says nothing.',
    source: kubernetesDocs('concepts/services-networking/service/#field-spec-ports'),
  },
];

function isDefault({ keys, old, new: next }: Leaf, type: string): boolean {
  return DEFAULTS.some(
    ({ types, paths, value }) =>
      types.includes(type) && paths.some((path) => matches(path, keys)) && equals(old ?? next, value),
  );
}

function scalar(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isItsPort(value: Json, { old, new: next }: Versions): boolean {
  const ports = [old, next].flatMap(({ content }) => listAt(content, 'spec', 'ports'));
  return ports.filter((port) => at(port, 'targetPort') === value).every((port) => at(port, 'port') === value);
}
