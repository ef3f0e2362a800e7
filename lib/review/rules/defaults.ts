import type { Json } from '../../kubernetes/json';

/** A field that the API server sets if a manifest omits it. */
export interface FieldDefault {
  readonly types: readonly string[];
  readonly paths: readonly string[];
  readonly value: Json;
}

const DEPLOYMENT = ['apps/Deployment'];
const STATEFUL_SET = ['apps/StatefulSet'];
const DAEMON_SET = ['apps/DaemonSet'];
const WORKLOADS = [...DEPLOYMENT, ...STATEFUL_SET, ...DAEMON_SET];
const PODS = [...WORKLOADS, 'batch/Job'];
const POLICY = ['networking.k8s.io/NetworkPolicy'];

const inPod = (...paths: string[]) => paths.map((path) => `spec.template.spec.${path}`);
const inContainers = (...paths: string[]) => inPod(...paths.map((path) => `containers.*.${path}`));
const inProbes = (path: string) =>
  inContainers(...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => `${probe}.${path}`));
const inVolumes = (...sources: string[]) =>
  inPod(...sources.map((source) => `volumes.*.${source}.defaultMode`));

const ROWS: readonly (readonly [types: readonly string[], paths: readonly string[], value: Json])[] = [
  [PODS, inPod('nodeSelector', 'securityContext'), {}],
  [
    PODS,
    inPod('tolerations', 'imagePullSecrets', 'hostAliases', 'initContainers', 'topologySpreadConstraints'),
    [],
  ],
  [PODS, inContainers('env', 'envFrom', 'args', 'command', 'volumeMounts', 'volumeDevices'), []],
  [PODS, [...inContainers('resources'), ...inPod('initContainers.*.resources')], {}],
  [PODS, inPod('dnsPolicy'), 'ClusterFirst'],
  [PODS, inPod('schedulerName'), 'default-scheduler'],
  [PODS, inPod('terminationGracePeriodSeconds'), 30],
  [PODS, inContainers('terminationMessagePath'), '/dev/termination-log'],
  [PODS, inContainers('terminationMessagePolicy'), 'File'],
  [PODS, inContainers('ports.*.protocol'), 'TCP'],
  [PODS, inContainers('env.*.valueFrom.fieldRef.apiVersion'), 'v1'],
  [PODS, inProbes('timeoutSeconds'), 1],
  [PODS, inProbes('periodSeconds'), 10],
  [PODS, inProbes('successThreshold'), 1],
  [PODS, inProbes('failureThreshold'), 3],
  [PODS, inProbes('httpGet.scheme'), 'HTTP'],
  [PODS, inVolumes('configMap', 'secret', 'projected'), 420],
  [[...PODS, 'Service', 'ConfigMap', 'Secret'], ['metadata.labels', 'metadata.annotations'], {}],
  [WORKLOADS, inPod('restartPolicy'), 'Always'],
  [WORKLOADS, ['spec.revisionHistoryLimit'], 10],
  [[...DEPLOYMENT, ...STATEFUL_SET], ['spec.replicas'], 1],
  [DEPLOYMENT, ['spec.progressDeadlineSeconds'], 600],
  [DEPLOYMENT, ['spec.strategy.type'], 'RollingUpdate'],
  [DEPLOYMENT, ['spec.strategy.rollingUpdate.maxSurge', 'spec.strategy.rollingUpdate.maxUnavailable'], '25%'],
  [[...STATEFUL_SET, ...DAEMON_SET], ['spec.updateStrategy.type'], 'RollingUpdate'],
  [STATEFUL_SET, ['spec.podManagementPolicy'], 'OrderedReady'],
  [STATEFUL_SET, ['spec.updateStrategy.rollingUpdate.partition'], 0],
  [
    STATEFUL_SET,
    ['whenDeleted', 'whenScaled'].map((key) => `spec.persistentVolumeClaimRetentionPolicy.${key}`),
    'Retain',
  ],
  [STATEFUL_SET, ['spec.volumeClaimTemplates.*.apiVersion'], 'v1'],
  [STATEFUL_SET, ['spec.volumeClaimTemplates.*.kind'], 'PersistentVolumeClaim'],
  [STATEFUL_SET, ['spec.volumeClaimTemplates.*.spec.volumeMode'], 'Filesystem'],
  [DAEMON_SET, ['spec.updateStrategy.rollingUpdate.maxUnavailable'], 1],
  [DAEMON_SET, ['spec.updateStrategy.rollingUpdate.maxSurge'], 0],
  [['Service'], ['spec.type'], 'ClusterIP'],
  [['Service'], ['spec.sessionAffinity'], 'None'],
  [['Service'], ['spec.internalTrafficPolicy'], 'Cluster'],
  [['Service'], ['spec.ports.*.protocol'], 'TCP'],
  [['PersistentVolumeClaim'], ['spec.volumeMode'], 'Filesystem'],
  [['Secret'], ['type'], 'Opaque'],
  [POLICY, ['spec.ingress.*.ports.*.protocol', 'spec.egress.*.ports.*.protocol'], 'TCP'],
];

/**
 * Defaults of the API server.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/core/v1/defaults.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/apps/v1/defaults.go
 */
export const DEFAULTS: readonly FieldDefault[] = ROWS.map(([types, paths, value]) => ({
  types,
  paths,
  value,
}));
