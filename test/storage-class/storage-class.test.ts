import { expect, test } from '@jest/globals';
import { manifest, manifests, settings } from '../support/render';

test('a StorageClass is created only when asked for', () => {
  expect(manifests(settings()).filter(({ kind }) => kind === 'StorageClass')).toEqual([]);
});

test('a StorageClass is of encrypted gp3 volumes that can grow, made where the pod runs', () => {
  const values = { cluster: { storageClassName: 'gp3' }, storageClass: { create: true } };

  expect(manifest(values, 'StorageClass', 'gp3')).toMatchObject({
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    allowVolumeExpansion: true,
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
});
