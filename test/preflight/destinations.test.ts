import { expect, test } from '@jest/globals';
import { Desired } from '../../lib/preflight/desired';
import { secretReads } from '../../lib/preflight/reads';
import { type Manifest, manifests, settings } from '../support/render';
import { assess, STACK } from './existing';

const url = 'https://logs.example.com';
const values = {
  ...STACK,
  loki: { enabled: false },
  logs: {
    destinations: {
      central: { url, authentication: { type: 'basic', secretName: 'login' }, caConfigMapName: 'authority' },
    },
  },
  tracing: {
    destinations: {
      central: { url, authentication: { type: 'bearer', secretName: 'token' }, caSecretName: 'tls' },
    },
    resources: { memoryLimit: '2Gi' },
  },
};
const object = (kind: string, name: string, ...keys: string[]): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'monitoring' },
  data: Object.fromEntries(keys.map((key) => [key, ''])),
});
const ALL = [
  object('Secret', 'login', 'username', 'password'),
  object('ConfigMap', 'authority', 'ca.crt'),
  object('Secret', 'token', 'token'),
  object('Secret', 'tls', 'ca.crt', 'tls.crt'),
];
const observed = (existing: readonly Manifest[]) =>
  assess('destinations', (objects) => objects.push(...existing), values).map(
    ({ verdict, observed: seen }) => `${verdict} ${seen}`,
  );

test('what destinations refer to exists', () => {
  expect(observed(ALL)).toEqual(['ok what the destinations refer to exists']);
});

test.each(ALL.map(({ kind, metadata }) => [kind, metadata.name] as const))(
  '%s %s has to exist',
  (kind, name) => {
    expect(observed(ALL.filter(({ metadata }) => metadata.name !== name))).toEqual([
      `fail ${kind} monitoring/${name} does not exist: the pod that reads it would not start`,
    ]);
  },
);

test('every key has to exist', () => {
  const without = ALL.map((one) => (one.metadata.name === 'login' ? object('Secret', 'login', 'user') : one));

  expect(observed(without)).toEqual([
    'fail Secret monitoring/login has no key username, password: the pod that reads it would not start',
  ]);
});

test('a Secret is looked up without its contents', () => {
  const of = settings(values);
  const asked = secretReads(new Desired(of, manifests(of))).map(({ args }) => args);

  for (const name of ['login', 'token', 'tls']) expect(asked.map((args) => args[2])).toContain(name);
});

test('nothing is required without destinations', () => {
  expect(assess('destinations', () => {}, STACK).map(({ observed: seen }) => seen)).toEqual([
    'no destination is outside the cluster',
  ]);
});
