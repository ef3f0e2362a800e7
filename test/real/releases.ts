import type { Manifest } from '../support/render';

const NAMESPACE = 'monitoring';

/** Objects of a Helm release that are in the way of ours, or stay when it goes: names, selectors, claims, host paths. */
export interface Release {
  readonly name: string;
  readonly chart: string;
  readonly objects: readonly Manifest[];
  /** Claims of its StatefulSet, which the release does not hold. */
  readonly claims: readonly string[];
}

const object = (apiVersion: string, kind: string, name: string, rest: Manifest = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, ...(kind.startsWith('ClusterRole') ? {} : { namespace: NAMESPACE }) },
  ...rest,
});

function workload(
  kind: string,
  name: string,
  matchLabels: Record<string, string>,
  volumes: Manifest[] = [],
): Manifest {
  const template = {
    metadata: { labels: matchLabels },
    spec: { containers: [{ name, image: `example.com/${name}:1` }], volumes },
  };
  const spec = {
    selector: { matchLabels },
    template,
    ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
  };
  return object('apps/v1', kind, name, { spec });
}

const service = (name: string, port: number) =>
  object('v1', 'Service', name, { spec: { ports: [{ port }] } });

const roleRef = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });

function agent(name: string, instance: string): Manifest[] {
  const rbac = 'rbac.authorization.k8s.io/v1';
  const hostPaths = ['/run/promtail', '/var/log/pods'];
  return [
    object('v1', 'ServiceAccount', name),
    object(rbac, 'ClusterRole', name, { rules: [] }),
    object(rbac, 'ClusterRoleBinding', name, { roleRef: roleRef(name) }),
    workload(
      'DaemonSet',
      name,
      { 'app.kubernetes.io/name': 'promtail', 'app.kubernetes.io/instance': instance },
      hostPaths.map((path, index) => ({ name: `v${index}`, hostPath: { path } })),
    ),
  ];
}

const DATASOURCES = { apiVersion: 1, datasources: [{ name: 'Loki', type: 'loki', isDefault: true }] };

/** Charts that people come from, as they render under the release names of their guides. */
export const RELEASES: readonly Release[] = [
  {
    name: 'loki',
    chart: 'loki-stack 2.10.3',
    claims: ['storage-loki-0'],
    objects: [
      object('v1', 'ServiceAccount', 'loki'),
      object('v1', 'Secret', 'loki'),
      service('loki', 3100),
      workload('StatefulSet', 'loki', { app: 'loki', release: 'loki' }),
      ...agent('loki-promtail', 'loki'),
      object('v1', 'ConfigMap', 'loki-loki-stack', {
        metadata: { name: 'loki-loki-stack', namespace: NAMESPACE, labels: { grafana_datasource: '1' } },
        data: { 'loki-stack-datasource.yaml': JSON.stringify(DATASOURCES) },
      }),
    ],
  },
  { name: 'promtail', chart: 'promtail 6.17.1', claims: [], objects: agent('promtail', 'promtail') },
  {
    name: 'loki',
    chart: 'loki 18.11.0',
    claims: ['storage-loki-0'],
    objects: [
      object('v1', 'ServiceAccount', 'loki'),
      object('v1', 'ConfigMap', 'loki'),
      service('loki', 3100),
      workload('StatefulSet', 'loki', {
        'app.kubernetes.io/name': 'loki',
        'app.kubernetes.io/instance': 'loki',
        'app.kubernetes.io/component': 'single-binary',
      }),
    ],
  },
  {
    name: 'tempo',
    chart: 'tempo 2.2.4',
    claims: ['storage-tempo-0'],
    objects: [
      object('v1', 'ServiceAccount', 'tempo'),
      object('v1', 'ConfigMap', 'tempo'),
      service('tempo', 3200),
      workload('StatefulSet', 'tempo', {
        'app.kubernetes.io/name': 'tempo',
        'app.kubernetes.io/instance': 'tempo',
      }),
    ],
  },
];

/** Label of every object of a release, by which the stand-in for Helm finds them. */
export const RELEASE_LABEL = 'helm-release';

/** The objects of a release as they are in the cluster. */
export function installed({ name, objects }: Release): Manifest[] {
  return objects.map((one) => ({
    ...one,
    metadata: {
      ...one.metadata,
      labels: { ...one.metadata.labels, [RELEASE_LABEL]: name },
      annotations: { 'meta.helm.sh/release-name': name },
    },
  }));
}

/** A claim of the release, and the volume that it is bound to. */
export function claimAndVolume(claim: string): Manifest[] {
  const capacity = { storage: '30Gi' };
  const volume = `pvc-${claim}`;
  const common = { accessModes: ['ReadWriteOnce'], storageClassName: 'gp3' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume },
      spec: {
        ...common,
        capacity,
        persistentVolumeReclaimPolicy: 'Delete',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claim, namespace: NAMESPACE },
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: `vol-${claim}` },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, namespace: NAMESPACE },
      spec: { ...common, volumeName: volume, resources: { requests: capacity } },
    },
  ];
}
