import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Manifest, manifest, settings } from '../support/render';

const DOCS = join(__dirname, '..', '..', 'docs');
const read = (name: string) => readFileSync(join(DOCS, `setup-prometheus-first.${name}`), 'utf8');
const values = parse(read('values.yaml'));

test('gives Prometheus 50Gi and Grafana 5Gi of the StorageClass in the guide', () => {
  const { storageClassName, resources } =
    values.prometheus.prometheusSpec.storageSpec.volumeClaimTemplate.spec;
  const { persistence } = values.grafana;

  expect([resources.requests.storage, persistence.size]).toEqual(['50Gi', '5Gi']);
  expect(parse(read('storage-class.yaml')).metadata.name).toBe(storageClassName);
  expect(persistence).toMatchObject({ enabled: true, storageClassName });
});

test('contains no password', () => {
  expect(JSON.stringify(values)).not.toMatch(/password/i);
  expect(values.grafana.admin).toEqual({ existingSecret: 'grafana-admin' });
  expect(read('md')).toContain('kubectl create secret generic grafana-admin -n monitoring');
});

test('creates the StorageClass of storageClass.create, except for the values that the user chooses', () => {
  const chosen = ['iops', 'throughput', 'csi.storage.k8s.io/fstype'];
  const created = manifest(
    { cluster: { storageClassName: 'gp3' }, storageClass: { create: true } },
    'StorageClass',
    'gp3',
  );
  for (const key of chosen) delete created.parameters[key];

  expect(parse(read('storage-class.yaml'))).toEqual({ ...created, metadata: { name: 'gp3' } });
});

test('serves only hosts that the stack does not use', () => {
  const hosts = values.extraManifests.flatMap(({ spec }: Manifest) =>
    spec.rules.map(({ host }: Manifest) => host),
  );

  expect(hosts).toEqual(['grafana.bluesunnywings.com', 'prometheus.bluesunnywings.com']);
  for (const host of hosts)
    expect(() =>
      settings({ cluster: { domain: 'bluesunnywings.com' }, ingress: { hosts: { loki: host } } }),
    ).toThrow(`must not be ${host}, which belongs to kube-prometheus-stack; choose another host name`);
});
