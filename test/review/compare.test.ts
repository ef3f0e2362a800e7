/** @jest-environment node */
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { unfold } from '../../lib/kubernetes/embedded';
import { EmbeddedDocument, type Json } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { applyChanges } from '../../lib/review/diff/apply';
import { canonical } from '../../lib/review/diff/canonical';
import { compare } from '../../lib/review/diff/compare';
import { formatPath } from '../../lib/review/diff/path';

/** Few keys and values, so that two random manifests have much in common. */
const key = fc.constantFrom(
  'name',
  'port',
  'protocol',
  'data',
  'rules',
  'x/y.z',
  '',
  '__proto__',
  'constructor',
);
const scalar = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, -0, 1, '', 'a', 'b', '1', 'null', 10n ** 20n, 1.5),
  fc.string(),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), value: tie('value') }), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** A list and another with the same entries, some of them left out, in another order. */
const pairOfLists = fc
  .array(value, { maxLength: 6 })
  .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list), value))
  .map(([list, rest, more]): [Json, Json] => [list, [...rest, more]]);
const pairOfValues = fc.oneof(fc.tuple(value, value), pairOfLists);

/** Where lists of every sort are: named, of any order, of a pod, of nobody's knowledge. */
const place = fc.constantFrom<[string, (inside: Json) => Json]>(
  ['Custom', (inside) => ({ spec: inside })],
  ['Service', (inside) => ({ spec: { ports: inside } })],
  ['rbac.authorization.k8s.io/Role', (inside) => ({ rules: inside })],
  ['rbac.authorization.k8s.io/Role', (inside) => ({ rules: [{ verbs: inside }] })],
  ['networking.k8s.io/NetworkPolicy', (inside) => ({ spec: { ingress: inside } })],
  ['networking.k8s.io/NetworkPolicy', (inside) => ({ spec: { ingress: [{ from: inside }] } })],
  ['networking.k8s.io/Ingress', (inside) => ({ spec: { rules: [{ host: 'a', http: { paths: inside } }] } })],
  ['apps/Deployment', (inside) => ({ spec: { template: { spec: { containers: inside } } } })],
  ['ConfigMap', (inside) => ({ data: { 'a.yaml': asDocument(inside) } })],
);

function asDocument(data: Json): Json {
  return data !== null && typeof data === 'object' && !(data instanceof EmbeddedDocument)
    ? new EmbeddedDocument(data, canonical('', data))
    : data;
}

describe('changes', () => {
  test('turn any old manifest into any new one', () => {
    fc.assert(
      fc.property(place, pairOfValues, ([kind, put], [old, next]) => {
        const [before, after] = [put(old), put(next)];
        const changes = compare(kind, before, after);

        expect(canonical(kind, applyChanges(before, changes))).toBe(canonical(kind, after));
      }),
      { numRuns: 3000 },
    );
  });

  test('are empty only if both are equal', () => {
    fc.assert(
      fc.property(place, pairOfValues, ([kind, put], [old, next]) => {
        const [before, after] = [put(old), put(next)];

        expect(compare(kind, before, after).length === 0).toBe(
          canonical(kind, before) === canonical(kind, after),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('are verified in each run: a review that misses one fails', () => {
    jest.isolateModules(() => {
      jest.doMock('../../lib/review/diff/apply', () => ({ applyChanges: (old: Json) => old }));
      const { reviewOf } = jest.requireActual<typeof import('./support')>('./support');
      const object = (value: number) => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, value });

      expect(() => reviewOf([object(1)], [object(2)])).toThrow('X x: the review missed a change');
    });
  });

  test('have a type', () => {
    const seen = (kind: string, old: Json, next: Json) =>
      compare(kind, old, next).map((change) => {
        const { type, path, ...values } = change;
        return { type, path: formatPath(path), ...values };
      });

    expect(seen('X', { a: 1 }, {})).toEqual([{ type: 'removed', path: 'a', old: 1 }]);
    expect(seen('X', { a: null }, {})).toEqual([{ type: 'removed', path: 'a', old: null }]);
    expect(seen('X', {}, { a: null })).toEqual([{ type: 'added', path: 'a', new: null }]);
    expect(seen('X', { a: { b: 1 } }, { a: {} })).toEqual([{ type: 'removed', path: 'a.b', old: 1 }]);
    expect(seen('X', { a: { b: 1 } }, { a: [] })).toEqual([
      { type: 'changed', path: 'a', old: { b: 1 }, new: [] },
    ]);
    expect(seen('X', { a: '1' }, { a: 1 })).toEqual([{ type: 'changed', path: 'a', old: '1', new: 1 }]);
  });
});

describe('entries of lists', () => {
  const paths = (kind: string, old: Json, next: Json) =>
    compare(kind, old, next).map(({ type, path }) => `${type} ${formatPath(path)}`);
  const pod = (containers: Json) => ({ spec: { template: { spec: { containers } } } });

  test('are matched by name, not by position', () => {
    const old = pod([
      { name: 'a', image: '1' },
      { name: 'b', image: '1' },
    ]);
    const next = pod([{ name: 'b', image: '2' }]);

    expect(paths('apps/Deployment', old, next)).toEqual([
      'removed spec.template.spec.containers[name=a]',
      'changed spec.template.spec.containers[name=b].image',
    ]);
  });

  test.each<[string, Json, Json]>([
    [
      'Service',
      { spec: { ports: [{ port: 1 }, { port: 2 }] } },
      { spec: { ports: [{ port: 2 }, { port: 1 }] } },
    ],
    [
      'rbac.authorization.k8s.io/Role',
      { rules: [{ verbs: ['get', 'list'] }, { verbs: [] }] },
      { rules: [{ verbs: [] }, { verbs: ['list', 'get'] }] },
    ],
    [
      'networking.k8s.io/Ingress',
      { spec: { tls: [{ hosts: ['a', 'b'] }] } },
      { spec: { tls: [{ hosts: ['b', 'a'] }] } },
    ],
  ])('of type %s may come in any order', (kind, old, next) => {
    expect(compare(kind, old, next)).toEqual([]);
  });

  test('of a pod are ordered, because another order restarts it', () => {
    expect(
      paths('apps/Deployment', pod([{ name: 'a' }, { name: 'b' }]), pod([{ name: 'b' }, { name: 'a' }])),
    ).toEqual(['reordered spec.template.spec.containers']);
  });

  test('without names are matched with similar ones', () => {
    const old: Json = { stages: [{ regex: 'a' }, { json: 'b' }, { drop: 'c' }] };
    const next: Json = { stages: [{ json: 'B' }, { drop: 'c' }, { pack: 'd' }] };

    expect(paths('X', old, next)).toEqual(['removed stages[0]', 'changed stages[0].json', 'added stages[2]']);
  });
});

describe('embedded documents', () => {
  const config = (text: string, name = 'loki.yaml') =>
    unfold({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
      data: { [name]: text },
    } as KubernetesObject);
  const seen = (old: string, next: string, name?: string) =>
    compare('ConfigMap', config(old, name), config(next, name)).map(
      ({ type, path }) => `${type} ${formatPath(path)}`,
    );

  test('are compared as data', () => {
    expect(seen('a: {b: 1}\nc: 2', 'c: 2\na:\n  b: 3')).toEqual(['changed data["loki.yaml"] › a.b']);
    expect(seen('{"panels":[{"id":1}]}', '{"panels": []}', 'dashboard')).toEqual([
      'removed data.dashboard › panels[id=1]',
    ]);
  });

  test('with equal data are reported as rewritten', () => {
    expect(seen('a: 1', '# why\na: 1')).toEqual(['rewritten data["loki.yaml"]']);
  });

  test('that no longer parse are strings', () => {
    expect(seen('a: 1', 'a: [1')).toEqual(['changed data["loki.yaml"]']);
    expect(seen('a: 1', 'a: 1\n---\nb: 1')).toEqual(['changed data["loki.yaml"]']);
  });

  test('lose no digit of a number', () => {
    expect(seen('{"id": 9007199254740993}', '{"id": 9007199254740992}', 'a.json')).toEqual([
      'changed data["a.json"] › id',
    ]);
  });
});
