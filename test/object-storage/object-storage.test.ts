import { describe, expect, test } from '@jest/globals';
import { lokiBucketUse, tempoBucketUse } from '../../lib/capacity/buckets';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { bucketSetup } from '../../lib/object-storage/permissions';
import { printedSetup } from '../../lib/object-storage/print';
import { config, type Manifest, manifests, settings } from '../support/render';

const s3 = (more: object = {}) => ({
  type: 's3',
  bucket: 'example-loki',
  region: 'eu-central-1',
  identity: { type: 'pod-identity' },
  ...more,
});
const objects = (storage: object) => manifests(settings({ loki: { storage } }));
const find = (all: readonly Manifest[], kind: string) =>
  all.find((one) => one.kind === kind && one.metadata.name === 'loki');
const setup = (storage: object) => {
  const { loki } = settings({ loki: { storage } });
  if (loki.storage.type === 'filesystem') throw new Error('no bucket');
  return bucketSetup(loki.storage, { name: 'loki', namespace: 'monitoring' });
};

describe('an identity', () => {
  const PODS = {
    namespace: 'monitoring',
    labels: { app: 'loki', 'app.kubernetes.io/part-of': 'logs-and-traces' },
  };
  const BUCKET = { address: '198.51.100.7' };

  test.each<[string, object, string, string]>([
    ['pod-identity', s3(), '169.254.170.23', '80/TCP'],
    [
      'workload-identity of GKE',
      { type: 'gcs', bucket: 'logs', identity: { type: 'workload-identity' } },
      '169.254.169.252',
      '988/TCP',
    ],
  ])('%s reaches what hands out its credentials, and the others do not', (_, storage, address, port) => {
    const secret = s3({ identity: { type: 'secret', secretName: 'keys' } });
    const policiesOf = (all: readonly Manifest[]) => all.filter(({ kind }) => kind === 'NetworkPolicy');
    const narrow = { networkPolicies: { objectStorage: { cidrs: ['198.51.100.0/24'] } } };
    const closed = policiesOf(manifests(settings({ ...narrow, loki: { storage: secret } })));

    expect(reaches(policiesOf(objects(storage)), PODS, { address }, port as `${number}/TCP`)).toBe(true);
    expect(reaches(closed, PODS, BUCKET, '443/TCP')).toBe(true);
    expect(reaches(closed, PODS, { address }, port as `${number}/TCP`)).toBe(false);
  });

  test('of a Secret is read by the pod, and its keys are in no object', () => {
    const [container] = find(objects(s3({ identity: { type: 'secret', secretName: 'keys' } })), 'StatefulSet')
      .spec.template.spec.containers;

    expect(container.env.slice(0, 2)).toEqual(
      ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((key) => ({
        name: key,
        valueFrom: { secretKeyRef: { name: 'keys', key } },
      })),
    );
  });

  test('of a Secret of Google Cloud is a file', () => {
    const storage = { type: 'gcs', bucket: 'logs', identity: { type: 'secret', secretName: 'keys' } };
    const { spec } = find(objects(storage), 'StatefulSet').spec.template;

    expect(spec.volumes).toContainEqual({
      name: 'object-storage-key',
      secret: { secretName: 'keys', items: [{ key: 'key.json', path: 'key.json' }] },
    });
    expect(spec.containers[0].env).toContainEqual({
      name: 'GOOGLE_APPLICATION_CREDENTIALS',
      value: '/etc/object-storage-key/key.json',
    });
  });

  test('of a Secret of Azure is a variable in the file of Loki, which then has no other $', () => {
    const storage = {
      type: 'azure',
      account: 'logs',
      container: 'loki',
      identity: { type: 'secret', secretName: 'keys' },
    };
    const all = objects(storage);
    const text: string = find(all, 'ConfigMap').data['loki.yaml'];

    expect(find(all, 'StatefulSet').spec.template.spec.containers[0].args).toContain(
      '-config.expand-env=true',
    );
    expect(text.split('$').length).toBe(2);
    expect(text).toContain('account_key: ${AZURE_STORAGE_KEY}');
  });
});

describe('the address of S3', () => {
  const client = (more: object) =>
    config({ loki: { storage: s3(more) } }, 'loki').storage_config.object_store.s3;

  test.each<[object, object]>([
    [{}, { endpoint: 's3.eu-central-1.amazonaws.com', insecure: false, bucket_lookup_type: 'auto' }],
    [{ region: 'cn-north-1' }, { endpoint: 's3.cn-north-1.amazonaws.com.cn' }],
    [
      { endpoint: 'http://s3.storage.svc:9000', pathStyle: true },
      { endpoint: 's3.storage.svc:9000', insecure: true, bucket_lookup_type: 'path' },
    ],
    [{ endpoint: 'https://s3.example.com' }, { endpoint: 's3.example.com', insecure: false }],
  ])('follows from %j', (more, expected) => {
    expect(client(more)).toMatchObject(expected);
  });
});

describe('permissions', () => {
  const policy = (more: object) => JSON.stringify(setup(s3(more))[0]?.json);

  test('are for one bucket, for its prefix where it has one, and for its key', () => {
    expect(policy({})).toContain('"Resource":"arn:aws:s3:::example-loki/*"');
    expect(policy({ prefix: 'a' })).toContain('"Resource":"arn:aws:s3:::example-loki/a/*"');
    expect(policy({ prefix: 'a' })).toContain('{"StringLike":{"s3:prefix":["a","a/*"]}}');
    expect(policy({ region: 'cn-north-1' })).toContain('arn:aws-cn:s3:::');
    expect(policy({})).not.toContain('kms');
    expect(policy({ encryption: { type: 'SSE-KMS', kmsKeyId: 'a-key' } })).toContain(
      '"arn:aws:kms:eu-central-1:<account>:key/a-key"',
    );
  });

  test('never allow to change the bucket, and no rule of it deletes by age', () => {
    const all = [s3(), { type: 'gcs', bucket: 'logs', identity: { type: 'workload-identity' } }].map(setup);
    const text = JSON.stringify(all);

    expect(text).not.toMatch(/s3:\*|"Action":"\*"|s3:(?:Put|Delete)Bucket|storage\.admin/);
    expect(text).not.toMatch(/"Expiration"|"Delete"},"condition":{"age"/);
  });
});

describe('the use of a bucket', () => {
  const loaded = (loki: object = {}) =>
    settings({
      cluster: { nodes: 10 },
      loki: { storage: s3(), resources: { memory: '2Gi', memoryLimit: '4Gi' }, ...loki },
      capacity: { logsPerDay: '10Gi', spansPerSecond: 200 },
    });
  const GIB = 2 ** 30;

  test('follows from the volume of logs, and is three times as much with copies', () => {
    const [one, three] = [loaded(), loaded({ replicas: 3 })].map(lokiBucketUse);

    // 10Gi a day, of which 0.4 are stored for 7 days and 6 hours.
    expect((one?.bytes ?? 0) / GIB).toBeCloseTo(29, 1);
    // 1,200 streams of 12 chunks a day.
    expect(one?.puts).toBe(1_200 * 12 * 30);
    expect(three).toEqual({ bytes: 3 * (one?.bytes ?? 0), puts: 3 * (one?.puts ?? 0) });
  });

  test('is not known without capacity', () => {
    expect([lokiBucketUse(settings()), tempoBucketUse(settings())]).toEqual([undefined, undefined]);
  });

  test('is printed after what has to be set up', () => {
    const { storage } = loaded().loki;
    const text = printedSetup([
      { name: 'loki', namespace: 'monitoring', storage, use: { bytes: 1.5 * GIB, puts: 2_345_678 } },
      { name: 'tempo', namespace: 'monitoring', storage, use: { bytes: GIB, puts: 45_678 } },
    ]);

    expect(text).toContain(
      'at most about 2Gi once its retention has passed, and 2.3 million PUT requests in 30 days',
    );
    expect(text).toContain(
      'at most about 1Gi once its retention has passed, and 46000 PUT requests in 30 days',
    );
  });
});
