import { expect, test } from '@jest/globals';
import type { Manifest } from '../support/render';
import { claim, judge, pick, remove } from './existing';
import { tells, type Wrong } from './wrong';

const gp3 = (objects: Manifest[]) => pick(objects, 'StorageClass', 'gp3');

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
    evidence: 'there is no StorageClass gp3: loki, tempo would stay Pending',
    ours: { storageClass: { create: true } },
  },
  {
    what: 'no StorageClass of that name, elsewhere',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).metadata.name = 'standard';
      remove(objects, pick(objects, 'CSIDriver', 'ebs.csi.aws.com'));
    },
    verdict: 'fail',
    evidence: 'there is no StorageClass gp3: loki, tempo would stay Pending',
    ours: { cluster: { storageClassName: 'standard' } },
  },
  {
    what: 'no default StorageClass',
    id: 'storage-class',
    values: {},
    change: (objects) => {
      gp3(objects).metadata.annotations = {};
    },
    verdict: 'fail',
    evidence: 'no StorageClass is the default: loki, tempo would stay Pending',
    ours: { cluster: { storageClassName: 'gp3' } },
  },
  {
    what: 'volumes that cannot grow',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).allowVolumeExpansion = undefined;
    },
    verdict: 'warn',
    evidence: 'StorageClass gp3 does not let volumes grow',
  },
  {
    what: 'volumes that bind at once',
    id: 'storage-class',
    change: (objects) => {
      gp3(objects).volumeBindingMode = 'Immediate';
    },
    verdict: 'warn',
    evidence: 'StorageClass gp3 binds at once: a volume may come up in a zone where its pod has no room',
  },
  {
    what: 'a driver that is missing',
    id: 'storage-class',
    change: (objects) => remove(objects, pick(objects, 'CSIDriver', 'ebs.csi.aws.com')),
    verdict: 'fail',
    evidence:
      'StorageClass gp3 (ebs.csi.aws.com, WaitForFirstConsumer) needs the driver ebs.csi.aws.com, which is not installed',
  },
  {
    what: 'a claim that is larger',
    id: 'existing-claims',
    change: (objects) => objects.push(claim('gp3', '100Gi')),
    verdict: 'fail',
    evidence: 'PersistentVolumeClaim monitoring/loki holds 100Gi and cannot shrink to 30Gi',
    ours: { loki: { storage: { size: '100Gi' } } },
  },
  {
    what: 'a claim of another class',
    id: 'existing-claims',
    change: (objects) => objects.push(claim('gp2', '30Gi')),
    verdict: 'fail',
    evidence: 'PersistentVolumeClaim monitoring/loki is of StorageClass gp2, not gp3, and cannot change',
    ours: { cluster: { storageClassName: 'gp2' } },
  },
  {
    what: 'a quota without room',
    id: 'quotas',
    change: (objects) => objects.push(quota({ 'requests.memory': '4Gi' }, { 'requests.memory': '3Gi' })),
    verdict: 'fail',
    evidence:
      'ResourceQuota monitoring/team: requests.memory is 4Gi, of which 3Gi are used; the stack needs 2944Mi',
  },
  {
    what: 'a quota on volumes',
    id: 'quotas',
    change: (objects) => objects.push(quota({ 'requests.storage': '40Gi' }, { 'requests.storage': '0' })),
    verdict: 'fail',
    evidence:
      'ResourceQuota monitoring/team: requests.storage is 40Gi, of which 0 are used; the stack needs 51200Mi',
  },
  {
    what: 'a quota on CPU limits, which our pods do not have',
    id: 'quotas',
    change: (objects) => objects.push(quota({ 'limits.cpu': '100' })),
    verdict: 'fail',
    evidence:
      'ResourceQuota monitoring/team counts limits.cpu, so that pods without a CPU limit, as ours, are refused',
  },
  {
    what: 'a quota of some pods',
    id: 'quotas',
    change: (objects) => objects.push(quota({ pods: '1' }, {}, { scopes: ['BestEffort'] })),
    verdict: 'unknown',
    evidence: 'ResourceQuota monitoring/team is for some pods only',
  },
  {
    what: 'a limit range whose maximum is below ours',
    id: 'limit-ranges',
    change: (objects) =>
      objects.push(
        namespaced('LimitRange', { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '25Gi' } }] }),
      ),
    verdict: 'fail',
    evidence:
      'LimitRange monitoring/team allows storage of at most 25Gi for a PersistentVolumeClaim; PersistentVolumeClaim monitoring/loki has 30Gi',
  },
  {
    what: 'a limit range whose minimum is above ours',
    id: 'limit-ranges',
    change: (objects) =>
      objects.push(namespaced('LimitRange', { limits: [{ type: 'Container', min: { cpu: '100m' } }] })),
    verdict: 'fail',
    evidence:
      'LimitRange monitoring/team wants cpu of at least 100m for a Container; container promtail asks for 50m',
  },
  {
    what: 'a limit range that adds CPU limits',
    id: 'limit-ranges',
    change: (objects) =>
      objects.push(namespaced('LimitRange', { limits: [{ type: 'Container', default: { cpu: '500m' } }] })),
    verdict: 'warn',
    evidence: 'LimitRange monitoring/team gives container loki a CPU limit of 500m, at which it is throttled',
  },
];

tells(WRONG);

test('counts what is there of ours as room in a quota', () => {
  const [result] = judge('quotas', (objects) => {
    const mine = claim('gp3', '30Gi');
    objects.push(mine, { ...mine, metadata: { ...mine.metadata, name: 'tempo' } });
    objects.push(quota({ persistentvolumeclaims: '2' }, { persistentvolumeclaims: '2' }));
  });

  expect(result).toMatchObject({
    verdict: 'ok',
    evidence: 'ResourceQuota monitoring/team has room for the stack',
  });
});
