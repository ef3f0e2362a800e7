import * as z from 'zod';
import { objectName, optional, text } from '../values/fields';

/** Keys of an existing Secret that contains the credentials of a bucket. */
export const SECRET_KEYS = {
  s3: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  gcs: ['key.json'],
  azure: ['AZURE_STORAGE_KEY'],
} as const;

const secret = (keys: readonly string[]) =>
  z.strictObject({
    type: z.literal('secret').describe('Credentials in a Secret.'),
    secretName: objectName('Secret').describe(
      `Existing Secret in cluster.namespace with the ${keys.length > 1 ? 'keys' : 'key'} ${keys.join(' and ')}.`,
    ),
  });

const DESCRIPTION = 'How the pod authenticates. Credentials are never in the values.';

/** Authentication methods for S3. */
export const s3Identity = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('irsa').describe('IAM role of its ServiceAccount, on EKS.'),
      roleArn: text('the ARN of an IAM role', /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/).describe(
        'Role that the ServiceAccount may assume.',
      ),
    }),
    z.strictObject({
      type: z
        .literal('pod-identity')
        .describe(
          'EKS Pod Identity. The association of the role with the ServiceAccount exists in EKS, not in the cluster.',
        ),
    }),
    secret(SECRET_KEYS.s3),
  ])
  .describe(DESCRIPTION);

/** Authentication methods for Google Cloud Storage. */
export const gcsIdentity = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('workload-identity').describe('Workload Identity Federation for GKE.'),
      serviceAccount: optional(
        text(
          'the e-mail address of a service account such as "loki@project.iam.gserviceaccount.com"',
          /^[a-z][-a-z0-9]+@[-a-z0-9.:]+\.gserviceaccount\.com$/,
        ),
      ).describe(
        'IAM service account that the ServiceAccount impersonates. null if the bucket grants access to the ServiceAccount itself.',
      ),
    }),
    secret(SECRET_KEYS.gcs),
  ])
  .describe(DESCRIPTION);

/** Authentication methods for Azure Blob Storage. */
export const azureIdentity = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('workload-identity').describe('Microsoft Entra Workload ID.'),
      clientId: text(
        'the client id of a managed identity such as "00000000-0000-0000-0000-000000000000"',
        /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      ).describe('Managed identity with a federated credential for the ServiceAccount.'),
    }),
    secret(SECRET_KEYS.azure),
  ])
  .describe(DESCRIPTION);
