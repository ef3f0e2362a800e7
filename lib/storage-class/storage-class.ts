import { Construct } from 'constructs';
import { k8s } from '../constructs/k8s';
import { resourceLabels } from '../constructs/labels';
import type { StorageClassSettings } from './settings';

/** Properties of {@link StorageClass}. */
export interface StorageClassProps {
  /** Name of the class, which volume claims refer to. */
  readonly name: string;
  /** Settings of the class. */
  readonly settings: StorageClassSettings;
}

/**
 * A StorageClass for encrypted, expandable gp3 volumes. EKS does not provide one.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 */
export class StorageClass extends Construct {
  constructor(scope: Construct, id: string, props: StorageClassProps) {
    super(scope, id);

    const { name, settings } = props;
    new k8s.KubeStorageClass(this, 'StorageClass', {
      metadata: { name, labels: resourceLabels(name, 'storage') },
      provisioner: settings.provisioner,
      parameters: {
        type: 'gp3',
        encrypted: 'true',
        iops: `${settings.iops}`,
        throughput: `${settings.throughputMiB}`,
        'csi.storage.k8s.io/fstype': 'ext4',
        ...(settings.kmsKeyArn === undefined ? {} : { kmsKeyId: settings.kmsKeyArn }),
      },
      allowVolumeExpansion: true,
      reclaimPolicy: settings.reclaimPolicy,
      // A volume that is created before its pod is scheduled may be in a zone where the pod cannot run.
      volumeBindingMode: 'WaitForFirstConsumer',
    });
  }
}
