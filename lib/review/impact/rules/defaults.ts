import type { Json } from '../../manifests/json';

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
