import { expect, test } from '@jest/globals';
import { Desired } from '../../lib/preflight/desired';
import { reads, secretReads } from '../../lib/preflight/reads';
import { type Manifest, manifests, settings } from '../support/render';
import { assess, STACK } from './existing';
import { reports } from './wrong';

const SECRET = { type: 'secret', secretName: 'loki-bucket' };
const s3 = (more: object = {}) => ({
  type: 's3',
  bucket: 'example-loki',
  region: 'eu-central-1',
  identity: { type: 'pod-identity' },
  ...more,
});
const withLoki = (loki: object) => ({ ...STACK, loki });

const named = (kind: string, name: string): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'monitoring' },
});
const daemonSet = (name: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system' },
  spec: { template: { spec: { containers: [] } } },
});

/** The ConfigMap of a Loki of this stack that runs. */
function running(loki: object): Manifest {
  const found = manifests(settings({ loki })).find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'loki',
  );
  return found;
}

const moved = { storage: s3({ size: '30Gi' }), periods: { '2024-04-01': 'filesystem', '2026-12-05': 's3' } };
const ring = withLoki({ storage: s3(), replicas: 3 });
const nodes = (objects: Manifest[]) => objects.filter(({ kind }) => kind === 'Node');

reports([
  {
    what: 'a bucket in place of the volume of a Loki that runs',
    id: 'loki-periods',
    values: withLoki({ storage: s3() }),
    change: (objects) => objects.push(running({})),
    verdict: 'fail',
    observed:
      'the Loki that runs keeps logs from 2024-04-01 on in filesystem with the index index_; dist/ says s3 with the index index_: they could not be found any more',
  },
  {
    what: 'another prefix of the index',
    id: 'loki-periods',
    values: withLoki({ indexPrefix: 'loki_index_' }),
    change: (objects) => objects.push(running({})),
    verdict: 'fail',
    observed:
      'the Loki that runs keeps logs from 2024-04-01 on in filesystem with the index index_; dist/ says filesystem with the index loki_index_: they could not be found any more',
  },
  {
    what: 'a period that is gone',
    id: 'loki-periods',
    values: withLoki({ storage: s3(), periods: { '2026-12-05': 's3' } }),
    change: (objects) => objects.push(running(moved)),
    verdict: 'fail',
    observed:
      'the Loki that runs keeps logs from 2024-04-01 on in filesystem with the index index_; dist/ says nothing: they could not be found any more',
  },
  {
    what: 'fewer nodes than replicas',
    id: 'loki-replicas',
    values: { ...ring, budget: { cpu: '4', memory: '8Gi', storage: '100Gi' } },
    change: (objects) => {
      for (const node of nodes(objects).slice(2)) node.spec.taints = [{ key: 'team', effect: 'NoSchedule' }];
    },
    verdict: 'fail',
    observed: '3 replicas of Loki need a node each, and may run on 2 (node-1, node-2)',
  },
]);

const observed = (id: string, values: object, change: (objects: Manifest[]) => void = () => {}) =>
  assess(id, change, values).map(({ verdict, observed: seen }) => `${verdict} ${seen}`);

test('a Loki whose periods are all kept is fine, also with a further one', () => {
  expect(observed('loki-periods', withLoki(moved), (objects) => objects.push(running({})))).toEqual([
    'ok every schema period of the Loki that runs is kept',
  ]);
});

test('a Secret and a certificate authority that a store names have to exist', () => {
  const values = withLoki({
    storage: s3({ endpoint: 'https://s3.example.com', caConfigMapName: 'ca', identity: SECRET }),
  });

  expect(observed('bucket-access', values)).toEqual([
    'fail Secret monitoring/loki-bucket does not exist: the pod that reads it would not start',
    'fail ConfigMap monitoring/ca does not exist: the pod that reads it would not start',
  ]);
  expect(
    observed('bucket-access', values, (objects) =>
      objects.push(named('Secret', 'loki-bucket'), { ...named('ConfigMap', 'ca'), data: { 'ca.crt': '' } }),
    ),
  ).toEqual(['ok what the stores refer to exists']);
});

test.each<[string, object, Manifest]>([
  ['eks-pod-identity-agent', s3(), daemonSet('eks-pod-identity-agent')],
  [
    'azure-wi-webhook-controller-manager',
    {
      type: 'azure',
      account: 'logs',
      container: 'loki',
      identity: { type: 'workload-identity', clientId: '1234abcd-12ab-34cd-56ef-1234567890ab' },
    },
    daemonSet('azure-wi-webhook-controller-manager'),
  ],
])('%s has to run', (name, storage, workload) => {
  const values = withLoki({ storage });

  expect(observed('bucket-access', values)).toEqual([
    `fail ${name} does not run: the pods get no credentials for their bucket`,
  ]);
  expect(observed('bucket-access', values, (objects) => objects.push(workload))).toEqual([
    'ok what the stores refer to exists',
  ]);
});

test('the metadata server of GKE has to be on the nodes', () => {
  const values = withLoki({
    storage: { type: 'gcs', bucket: 'logs', identity: { type: 'workload-identity' } },
  });
  const enable = (objects: Manifest[]) => {
    for (const { metadata } of nodes(objects))
      metadata.labels['iam.gke.io/gke-metadata-server-enabled'] = 'true';
  };

  expect(observed('bucket-access', values)).toEqual([
    'fail no node has the metadata server of GKE: the pods get no credentials for their bucket',
  ]);
  expect(observed('bucket-access', values, enable)).toEqual(['ok what the stores refer to exists']);
});

test('a zone of its own is all that three Lokis find', () => {
  expect(
    observed('loki-replicas', { ...ring, budget: { cpu: '4', memory: '8Gi', storage: '100Gi' } }),
  ).toEqual([
    'warn all nodes that Loki may run on are in zone eu-central-1a: without that zone no log can be stored or read',
  ]);
});

test('what others make is looked up by name, and Secrets without their contents', () => {
  const of = settings(withLoki({ storage: s3({ identity: SECRET }) }));
  const desired = new Desired(of, manifests(of));

  expect(secretReads(desired).flatMap(({ args }) => args)).toContain('loki-bucket');
  expect(reads(desired).flatMap(({ args }) => args)).not.toContain('secret/loki-bucket');
});
