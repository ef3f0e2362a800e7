import { expect, test } from '@jest/globals';
import { preflight } from '../../lib/preflight/preflight';
import type { Manifest } from '../support/render';
import { assess, claim, cluster, desired, existing, pick, remove, STACK, workload } from './existing';
import { reports, type Wrong } from './wrong';

const gp3 = (objects: Manifest[]) => pick(objects, 'StorageClass', 'gp3');

const autoMode = (objects: Manifest[]) => {
  for (const { metadata } of objects.filter(({ kind }) => kind === 'Node'))
    metadata.labels['eks.amazonaws.com/compute-type'] = 'auto';
};

const namespaced = (kind: string, spec: object, status?: object): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'team', namespace: 'monitoring' },
  spec,
  status,
});

const quota = (hard: Record<string, string>, used: Record<string, string> = {}, spec: object = {}) =>
  namespaced('ResourceQuota', spec, { hard, used });

const WRONG: readonly Wrong[] = [
  {
    what: 'no StorageClass of that name, on EBS',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).metadata.name = 'gp2';
    },
    verdict: 'fail',
    observed: 'StorageClass gp3 does not exist: loki, tempo would stay Pending',
    paste: { storageClass: { create: true } },
  },
  {
    what: 'no StorageClass for the volumes of replicas',
    id: 'storage-class',
    values: {
      cluster: { storageClassName: 'gp3' },
      loki: {
        replicas: 3,
        storage: { type: 's3', bucket: 'logs', region: 'eu-central-1', identity: { type: 'pod-identity' } },
      },
      tempo: { enabled: false },
      tracing: { enabled: false },
      budget: { cpu: '9', memory: '99Gi', storage: '99Gi' },
    },
    change: (objects) => {
      gp3(objects).metadata.name = 'gp2';
    },
    verdict: 'fail',
    observed: 'StorageClass gp3 does not exist: loki would stay Pending',
    paste: { storageClass: { create: true } },
  },
  {
    what: 'no StorageClass of that name, elsewhere',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).metadata.name = 'standard';
      remove(objects, pick(objects, 'CSIDriver', 'ebs.csi.aws.com'));
    },
    verdict: 'fail',
    observed: 'StorageClass gp3 does not exist: loki, tempo would stay Pending',
    paste: { cluster: { storageClassName: 'standard' } },
  },
  {
    what: 'no default StorageClass',
    id: 'storage-class',
    values: {},
    change: (objects) => {
      gp3(objects).metadata.annotations = {};
    },
    verdict: 'fail',
    observed: 'no StorageClass is the default: loki, tempo would stay Pending',
    paste: { cluster: { storageClassName: 'gp3' } },
  },
  {
    what: 'volumes that cannot grow',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).allowVolumeExpansion = undefined;
    },
    verdict: 'warn',
    observed: 'StorageClass gp3 does not allow volume expansion',
  },
  {
    what: 'volumes that bind immediately',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).volumeBindingMode = 'Immediate';
    },
    verdict: 'warn',
    observed:
      'StorageClass gp3 binds immediately: a volume may be created in a zone without room for its pod',
  },
  {
    what: 'a driver that is missing',
    id: 'storage-class',
    change: (objects) => remove(objects, pick(objects, 'CSIDriver', 'ebs.csi.aws.com')),
    verdict: 'fail',
    observed:
      'StorageClass gp3 (ebs.csi.aws.com, WaitForFirstConsumer) requires the driver ebs.csi.aws.com, which is not installed',
  },
  {
    what: 'nodes of EKS Auto Mode, which lack the EBS CSI driver, and a class that fits them',
    id: 'storage-class',
    change: (objects) => {
      autoMode(objects);
      objects.push({
        ...structuredClone(gp3(objects)),
        metadata: { name: 'auto-ebs' },
        provisioner: 'ebs.csi.eks.amazonaws.com',
      });
    },
    verdict: 'fail',
    observed:
      'StorageClass gp3 (ebs.csi.aws.com, WaitForFirstConsumer) cannot mount volumes on node-1, node-2, node-3: EKS Auto Mode has the driver ebs.csi.eks.amazonaws.com',
    paste: { cluster: { storageClassName: 'auto-ebs' } },
  },
  {
    what: 'one node of EKS Auto Mode among others',
    id: 'storage-class',
    change: (objects) => {
      pick(objects, 'Node', 'node-2').metadata.labels['eks.amazonaws.com/compute-type'] = 'auto';
    },
    verdict: 'warn',
    observed:
      'StorageClass gp3 (ebs.csi.aws.com, WaitForFirstConsumer) cannot mount volumes on node-2: EKS Auto Mode has the driver ebs.csi.eks.amazonaws.com',
  },
  {
    what: 'a class of the stack on EKS Auto Mode',
    id: 'storage-class',
    values: { ...STACK, storageClass: { create: true } },
    change: autoMode,
    verdict: 'fail',
    observed:
      'StorageClass gp3 (ebs.csi.aws.com, WaitForFirstConsumer) cannot mount volumes on node-1, node-2, node-3: EKS Auto Mode has the driver ebs.csi.eks.amazonaws.com',
    paste: { storageClass: { provisioner: 'ebs.csi.eks.amazonaws.com' } },
  },
  {
    what: 'a class whose provisioner runs nowhere',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).provisioner = 'rancher.io/local-path';
    },
    verdict: 'unknown',
    observed:
      'StorageClass gp3 (rancher.io/local-path, WaitForFirstConsumer) has no CSI driver, and no workload of its provisioner was found',
  },
  {
    what: 'a class of a plugin that Kubernetes moved to a CSI driver',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).provisioner = 'kubernetes.io/azure-disk';
    },
    verdict: 'fail',
    observed:
      'StorageClass gp3 (kubernetes.io/azure-disk, WaitForFirstConsumer) requires the driver disk.csi.azure.com, which is not installed',
  },
  {
    what: 'a claim that is larger',
    id: 'existing-claims',
    change: (objects) => objects.push(claim('gp3', '100Gi')),
    verdict: 'fail',
    observed: 'PersistentVolumeClaim monitoring/loki has 100Gi and cannot shrink to 30Gi',
    paste: { loki: { storage: { size: '100Gi' } } },
  },
  {
    what: 'a claim of another class',
    id: 'existing-claims',
    change: (objects) => objects.push(claim('gp2', '30Gi')),
    verdict: 'fail',
    observed:
      'PersistentVolumeClaim monitoring/loki has StorageClass gp2, not gp3, and the field is immutable',
    paste: { cluster: { storageClassName: 'gp2' } },
  },
  {
    what: 'a quota without room',
    id: 'quotas',
    change: (objects) => objects.push(quota({ 'requests.memory': '4Gi' }, { 'requests.memory': '3Gi' })),
    verdict: 'fail',
    observed:
      'ResourceQuota monitoring/team: requests.memory is 4Gi, of which 3Gi are used; the stack requires 2.875Gi',
  },
  {
    what: 'a quota on volumes',
    id: 'quotas',
    change: (objects) => objects.push(quota({ 'requests.storage': '40Gi' }, { 'requests.storage': '0' })),
    verdict: 'fail',
    observed:
      'ResourceQuota monitoring/team: requests.storage is 40Gi, of which 0 are used; the stack requires 50Gi',
  },
  {
    what: 'a quota on CPU limits, which our pods do not have',
    id: 'quotas',
    change: (objects) => objects.push(quota({ 'limits.cpu': '100' })),
    verdict: 'fail',
    observed:
      'ResourceQuota monitoring/team counts limits.cpu, so pods without a CPU limit, such as those of this stack, are refused',
  },
  {
    what: 'a quota of some pods',
    id: 'quotas',
    change: (objects) => objects.push(quota({ pods: '1' }, {}, { scopes: ['BestEffort'] })),
    verdict: 'unknown',
    observed: 'ResourceQuota monitoring/team applies only to some pods',
  },
  {
    what: 'a limit range whose maximum is below ours',
    id: 'limit-ranges',
    change: (objects) =>
      objects.push(
        namespaced('LimitRange', { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '25Gi' } }] }),
      ),
    verdict: 'fail',
    observed:
      'LimitRange monitoring/team allows storage of at most 25Gi for a PersistentVolumeClaim; PersistentVolumeClaim monitoring/loki has 30Gi',
  },
  {
    what: 'a limit range whose minimum is above ours',
    id: 'limit-ranges',
    change: (objects) =>
      objects.push(namespaced('LimitRange', { limits: [{ type: 'Container', min: { cpu: '100m' } }] })),
    verdict: 'fail',
    observed:
      'LimitRange monitoring/team requires cpu of at least 100m for a Container; container promtail requests 50m',
  },
  {
    what: 'a limit range that adds CPU limits',
    id: 'limit-ranges',
    change: (objects) =>
      objects.push(namespaced('LimitRange', { limits: [{ type: 'Container', default: { cpu: '500m' } }] })),
    verdict: 'warn',
    observed: 'LimitRange monitoring/team gives container loki a CPU limit of 500m, which throttles it',
  },
];

reports(WRONG);

test('counts running pods of this stack as available in a quota', () => {
  const [result] = assess('quotas', (objects) => {
    const mine = claim('gp3', '30Gi');
    objects.push(mine, { ...mine, metadata: { ...mine.metadata, name: 'tempo' } });
    objects.push(quota({ persistentvolumeclaims: '2' }, { persistentvolumeclaims: '2' }));
  });

  expect(result).toMatchObject({
    verdict: 'ok',
    observed: 'ResourceQuota monitoring/team has room for the stack',
  });
});

test.each([
  ['k3s', 'rancher.io/local-path', 'local-path-provisioner', 'rancher/local-path-provisioner:v0.0.32'],
  ['kind', 'rancher.io/local-path', 'local-path-provisioner', 'docker.io/kindest/local-path-provisioner:v1'],
  ['OpenEBS', 'openebs.io/local', 'openebs-localpv-provisioner', 'openebs/provisioner-localpv:4.3.0'],
  ['MicroK8s', 'microk8s.io/hostpath', 'hostpath-provisioner', 'cdkbot/hostpath-provisioner:1.5.0'],
])('finds the provisioner of %s, which is no CSI driver', (_, provisioner, name, image) => {
  const [result] = assess('storage-class', (objects) => {
    gp3(objects).provisioner = provisioner;
    const metadata = { name, namespace: 'kube-system' };
    objects.push(workload('Deployment', metadata, { containers: [{ name, image }] }));
  });

  expect(result).toMatchObject({
    verdict: 'ok',
    objects: [{ kind: 'StorageClass' }, { metadata: { name } }],
  });
});

test.each([
  ['local', 'openebs.io/local'],
  ['without a provisioner', 'kubernetes.io/no-provisioner'],
])('does not treat another workload as the provisioner of a class that is %s', (_, provisioner) => {
  const [result] = assess('storage-class', (objects) => {
    gp3(objects).provisioner = provisioner;
    const containers = [{ name: 'x', image: 'example.com/local-dns:1' }];
    objects.push(workload('Deployment', { name: 'local-dns', namespace: 'default' }, { containers }));
  });

  expect(result?.verdict).toBe('unknown');
});

test('reports a limitation of a class even if its driver was not read', () => {
  const objects = existing().filter(({ kind }) => kind !== 'CSIDriver');
  gp3(objects).allowVolumeExpansion = false;
  const unread = new Map([['CSIDriver', 'csidrivers is forbidden']]);
  const results = preflight(desired(), cluster(objects, { unread }));

  expect(results.filter(({ id }) => id === 'storage-class').map(({ verdict }) => verdict)).toEqual([
    'warn',
    'unknown',
  ]);
});

test('accepts the class of EKS Auto Mode on its nodes', () => {
  const [result] = assess('storage-class', (objects) => {
    autoMode(objects);
    gp3(objects).provisioner = 'ebs.csi.eks.amazonaws.com';
  });

  expect(result?.verdict).toBe('ok');
});
