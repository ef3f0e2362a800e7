import * as z from 'zod';
import { choice, count, flag, optional, text } from '../values/fields';
import { rule } from '../values/rule';

/** Settings of the optional StorageClass. Its name is `cluster.storageClassName`. */
export const storageClassSettings = z
  .strictObject({
    create: flag()
      .default(false)
      .describe(
        'Whether to create the StorageClass named in cluster.storageClassName, for EBS volumes of type gp3. Its parameters are immutable.',
      ),
    provisioner: choice(['ebs.csi.aws.com', 'ebs.csi.eks.amazonaws.com'])
      .default('ebs.csi.aws.com')
      .describe('EBS CSI driver of the cluster. EKS Auto Mode uses ebs.csi.eks.amazonaws.com.'),
    reclaimPolicy: choice(['Retain', 'Delete'])
      .default('Retain')
      .describe(
        'What happens to the EBS volume when its claim is deleted. Retain keeps the data if that was a mistake.',
      ),
    iops: count({ atLeast: 3_000, atMost: 16_000 }).default(3_000).describe('IOPS of a volume.'),
    throughputMiB: count({ atLeast: 125, atMost: 1_000 })
      .default(125)
      .describe('Throughput of a volume in MiB per second.'),
    kmsKeyArn: optional(
      text('the ARN of a KMS key', /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/),
    ).describe('KMS key that encrypts volumes; null uses the default key of the account.'),
  })
  .check(
    // https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    rule(['throughputMiB', 'iops'], ({ throughputMiB, iops }) =>
      throughputMiB > iops / 4
        ? `must be at most a quarter of storageClass.iops (${iops}), or EBS rejects the volume`
        : undefined,
    ),
  )
  .prefault({})
  .describe('StorageClass for the EBS CSI driver.');
export type StorageClassSettings = z.output<typeof storageClassSettings>;
