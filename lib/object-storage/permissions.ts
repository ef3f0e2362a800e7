import type { AzureSettings, BucketSettings, GcsSettings, S3Settings } from './settings';

/** A setup step outside the cluster: a description, and the file or command for it. */
export interface Setup {
  readonly title: string;
  /** Content of a JSON file. */
  readonly json?: object;
  /** Commands, one per line. */
  readonly commands?: readonly string[];
}

/** The user of a bucket. */
export interface BucketUser {
  /** Name of the ServiceAccount. */
  readonly name: string;
  readonly namespace: string;
}

/** The minimum permissions to read, write and delete a store's objects, and lifecycle rules that clean up leftovers. */
export function bucketSetup(storage: BucketSettings, user: BucketUser): Setup[] {
  switch (storage.type) {
    case 's3':
      return s3Setup(storage, user);
    case 'gcs':
      return gcsSetup(storage, user);
    case 'azure':
      return azureSetup(storage, user);
  }
}

// The stores delete data that exceeds their retention. An expiration rule on the bucket would also delete the index,
// although it is rewritten every day.
const LEFT_BEHIND = 'deletes what broken uploads and, with versioning, deletions leave behind';

function s3Setup(storage: S3Settings, user: BucketUser): Setup[] {
  const { bucket, prefix, region, identity, encryption } = storage;
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const arn = `arn:${partition}:s3:::${bucket}`;
  const below = prefix === undefined ? '*' : `${prefix}/*`;
  const statements = [
    {
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: arn,
      ...(prefix === undefined ? {} : { Condition: { StringLike: { 's3:prefix': [prefix, below] } } }),
    },
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      Resource: `${arn}/${below}`,
    },
    ...(encryption.type === 'SSE-KMS'
      ? [
          {
            Effect: 'Allow',
            Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
            Resource: encryption.kmsKeyId.startsWith('arn:')
              ? encryption.kmsKeyId
              : `arn:${partition}:kms:${region}:<account>:key/${encryption.kmsKeyId}`,
          },
        ]
      : []),
  ];
  const rule = {
    ID: user.name,
    Status: 'Enabled',
    Filter: { Prefix: prefix === undefined ? '' : `${prefix}/` },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  };
  const subject = `system:serviceaccount:${user.namespace}:${user.name}`;
  const trust: Setup[] =
    identity.type === 'irsa'
      ? [
          {
            title: `trust policy of ${identity.roleArn}; <issuer> is that of the cluster, without https://`,
            json: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: {
                    Federated: `arn:${partition}:iam::${identity.roleArn.split(':')[4]}:oidc-provider/<issuer>`,
                  },
                  Action: 'sts:AssumeRoleWithWebIdentity',
                  Condition: {
                    StringEquals: { '<issuer>:sub': subject, '<issuer>:aud': 'sts.amazonaws.com' },
                  },
                },
              ],
            },
          },
        ]
      : identity.type === 'pod-identity'
        ? [
            {
              title: 'trust policy of the role',
              json: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { Service: 'pods.eks.amazonaws.com' },
                    Action: ['sts:AssumeRole', 'sts:TagSession'],
                  },
                ],
              },
            },
            {
              title: 'association of the role with the ServiceAccount',
              commands: [
                `aws eks create-pod-identity-association --cluster-name <cluster> --namespace ${user.namespace} --service-account ${user.name} --role-arn <role>`,
              ],
            },
          ]
        : [];
  return [
    { title: 'IAM policy', json: { Version: '2012-10-17', Statement: statements } },
    ...trust,
    {
      title: `lifecycle rules of the bucket (aws s3api put-bucket-lifecycle-configuration): ${LEFT_BEHIND}`,
      json: { Rules: [rule] },
    },
  ];
}

function gcsSetup({ bucket, prefix, identity }: GcsSettings, user: BucketUser): Setup[] {
  const account = identity.type === 'workload-identity' ? identity.serviceAccount : undefined;
  const project = /@([^.]+)\./.exec(account ?? '')?.[1] ?? '<project>';
  const member =
    account !== undefined
      ? `serviceAccount:${account}`
      : identity.type === 'secret'
        ? 'serviceAccount:<that of the key>'
        : `principal://iam.googleapis.com/projects/<number>/locations/global/workloadIdentityPools/<project>.svc.id.goog/subject/ns/${user.namespace}/sa/${user.name}`;
  const condition =
    prefix === undefined
      ? ''
      : ` --condition='title=${user.name},expression=resource.type!="storage.googleapis.com/Object"||resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}/")'`;
  return [
    {
      title: 'permission to list, read, write and delete objects',
      commands: [
        `gcloud storage buckets add-iam-policy-binding gs://${bucket} --member='${member}' --role=roles/storage.objectUser${condition}`,
        ...(account === undefined
          ? []
          : [
              `gcloud iam service-accounts add-iam-policy-binding ${account} --role=roles/iam.workloadIdentityUser --member='serviceAccount:${project}.svc.id.goog[${user.namespace}/${user.name}]'`,
            ]),
      ],
    },
    {
      title: `lifecycle rules of the bucket (gcloud storage buckets update gs://${bucket} --lifecycle-file): ${LEFT_BEHIND}`,
      json: {
        rule: [
          { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
          { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: 1 } },
        ],
      },
    },
    {
      title: 'no soft deletion, which keeps and bills deleted objects for another 7 days',
      commands: [`gcloud storage buckets update gs://${bucket} --clear-soft-delete`],
    },
  ];
}

function azureSetup({ account, container, identity }: AzureSettings, user: BucketUser): Setup[] {
  const scope = `/subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/${container}`;
  const permission: Setup[] =
    identity.type === 'secret'
      ? []
      : [
          {
            title: 'permission to list, read, write and delete blobs',
            commands: [
              `az role assignment create --assignee ${identity.clientId} --role 'Storage Blob Data Contributor' --scope ${scope}`,
              `az identity federated-credential create --name ${user.name} --identity-name <identity> --resource-group <group> --issuer <issuer of the cluster> --subject system:serviceaccount:${user.namespace}:${user.name} --audience api://AzureADTokenExchange`,
            ],
          },
        ];
  return [
    ...permission,
    {
      title: `lifecycle rules of the storage account (az storage account management-policy create): ${LEFT_BEHIND}`,
      json: {
        rules: [
          {
            enabled: true,
            name: user.name,
            type: 'Lifecycle',
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: [`${container}/`] },
              actions: { version: { delete: { daysAfterCreationGreaterThan: 1 } } },
            },
          },
        ],
      },
    },
  ];
}
