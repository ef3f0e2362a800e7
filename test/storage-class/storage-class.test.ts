import { expect, test } from '@jest/globals';
import { manifest, manifests, settings } from '../support/render';

const created = (storageClassName: string, storageClass: object = {}) => ({
  cluster: { storageClassName },
  storageClass: { create: true, ...storageClass },
});

test('a StorageClass is created only if enabled', () => {
  expect(manifests(settings()).filter(({ kind }) => kind === 'StorageClass')).toEqual([]);
});

test('a StorageClass has encrypted, expandable gp3 volumes with late binding', () => {
  const values = { cluster: { storageClassName: 'gp3' }, storageClass: { create: true } };

  expect(manifest(values, 'StorageClass', 'gp3')).toMatchObject({
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    allowVolumeExpansion: true,
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
});

test('a StorageClass can use the driver of EKS Auto Mode', () => {
  const values = created('auto-ebs', { provisioner: 'ebs.csi.eks.amazonaws.com' });

  expect(manifest(values, 'StorageClass', 'auto-ebs').provisioner).toBe('ebs.csi.eks.amazonaws.com');
});

test.each([
  'gp2',
  'standard',
  'standard-rwo',
  'premium-rwo',
  'enterprise-multishare-rwx',
  'default',
  'managed-csi',
  'managed-csi-premium',
  'azurefile-csi',
  'local-path',
  'microk8s-hostpath',
  'longhorn',
  'rook-ceph-block',
  'ocs-storagecluster-ceph-rbd',
  'thin-csi',
  'do-block-storage',
  'csi-cinder-sc-delete',
  'nfs-client',
])('a StorageClass %s is not created, as it would make EBS volumes', (name) => {
  expect(() => settings(created(name))).toThrow(
    `cluster.storageClassName must not be "${name}" with storageClass.create: a class of that name comes from `,
  );
  expect(settings({ cluster: { storageClassName: name } }).cluster.storageClassName).toBe(name);
});

test.each([
  'gp3',
  'gp3-retain',
  'ebs-sc',
  'encrypted-gp3',
  'fast',
  'standard-gp3',
  'logs-and-traces',
  'localized',
])('a StorageClass %s is created', (name) => {
  expect(manifest(created(name), 'StorageClass', name).provisioner).toBe('ebs.csi.aws.com');
});
