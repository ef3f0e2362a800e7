import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { renderYaml } from '../../lib/constructs/config-file';
import { readAnswer, readExport } from '../../lib/preflight/answers';
import { CHECKS } from '../../lib/preflight/checks';
import { Cluster } from '../../lib/preflight/cluster';
import { untolerated } from '../../lib/preflight/pods';
import { fragments, preflight, type Result, tally } from '../../lib/preflight/preflight';
import { exportCommand, reads, secretReads, secretsOf } from '../../lib/preflight/reads';
import { jsonReport, textReport } from '../../lib/preflight/report';
import type { Manifest } from '../support/render';
import { cluster, desired, existing, pick } from './existing';

/** As kubectl prints a list. */
const printed = (items: readonly object[]) =>
  `${JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, undefined, 4)}\n`;

/** As the export command writes the answers to its calls. */
const exported = (objects: readonly Manifest[], errors: Readonly<Record<string, string>> = {}) =>
  reads(desired())
    .map(({ kinds }) => {
      const failed = kinds.flatMap((kind) => errors[kind] ?? []);
      const items = objects.filter(({ kind }) => kinds.includes(kind) && errors[kind] === undefined);
      return `# ${kinds.join(',')}\n${printed(items)}${failed.map((line) => `${line}\n`).join('')}`;
    })
    .join('');

const notOk = (results: readonly Result[]) =>
  results.filter(({ verdict }) => verdict !== 'ok').map(({ id, observed }) => [id, observed]);

const UNSEEN_BY_ALL = [
  'ingress-controller',
  'the load balancer is outside the cluster, and its addresses are not in the Kubernetes API',
];

test('finds no problem in the cluster of the README', () => {
  const results = preflight(desired(), cluster(existing()));

  expect(notOk(results)).toEqual([UNSEEN_BY_ALL]);
  expect(new Set(results.map(({ id }) => id))).toEqual(new Set(CHECKS.map(({ id }) => id)));
});

describe('unknown is not ok:', () => {
  const results = preflight(desired(), cluster(existing()));

  test.each(CHECKS)('$id names the objects behind each ok', ({ id }) => {
    const ok = results.filter((result) => result.id === id && result.verdict === 'ok' && result.required);

    expect(ok.filter(({ objects }) => objects.length === 0)).toEqual([]);
  });

  const empty = preflight(desired(), readExport('cluster.json', printed([]), desired()));
  const none = preflight(desired(), new Cluster([]));

  test.each(CHECKS)('$id finds nothing ok, and nothing missing, in an empty export', ({ id }) => {
    const found = empty.filter((result) => result.id === id);

    expect(found.map(({ verdict }) => verdict)).toEqual(found.map(() => 'unknown'));
    expect(found.length).toBeGreaterThan(0);
    for (const { fix } of found) expect(fix).toMatch(/kubectl |^check |npm run preflight/);
  });

  test.each(CHECKS)('$id finds nothing ok in a cluster without objects', ({ id }) => {
    expect(none.filter((result) => result.id === id).map(({ verdict }) => verdict)).not.toContain('ok');
  });

  const kinds = [...new Set(existing().map(({ kind }) => kind as string))];

  test.each(kinds)('a %s that was not read is not taken for missing', (kind) => {
    const rest = existing().filter((object) => object.kind !== kind);
    const unread = new Map([[kind, `${kind} is forbidden`]]);

    expect(tally(preflight(desired(), cluster(rest, { unread }))).fail).toBe(0);
  });
});

test('reports what was not read, with the reason and a command', () => {
  const unread = new Map([['Node', 'nodes is forbidden']]);
  const results = preflight(desired(), cluster(existing(), { unread, context: 'my prod' }));
  const unknown = results.filter(({ verdict }) => verdict === 'unknown');

  expect(unknown.map(({ id }) => id)).toEqual([
    'kubernetes-version',
    'pod-security',
    'ingress-controller',
    'agent-nodes',
    'inotify',
  ]);
  expect(unknown[0]).toMatchObject({
    observed: 'Node was not read: nodes is forbidden',
    fix: "find out: kubectl --context 'my prod' get node --all-namespaces",
  });
});

describe('an export', () => {
  const read = (text: string) => notOk(preflight(desired(), readExport('cluster.json', text, desired())));
  const always = [
    ['name-clashes', 'not read: Secret'],
    ['grafana-names', 'datasources that were created manually in Grafana are not in the Kubernetes API'],
    UNSEEN_BY_ALL,
    ['inotify', 'kernel limits are not in the Kubernetes API'],
  ];

  test('contains no Secrets and reports so', () => {
    expect(read(exported(existing()))).toEqual(always);
  });

  test('contains kubectl errors, which do not count as an empty list', () => {
    const error = 'Error from server (Forbidden): resourcequotas is forbidden: User "guest" cannot list';

    expect(read(exported(existing(), { ResourceQuota: error }))).toEqual([
      ...always.slice(0, 3),
      ['quotas', `ResourceQuota was not read: ${error}`],
      ...always.slice(3),
    ]);
  });

  test('written by hand reports unknown for missing kinds', () => {
    const names = read(printed(existing())).map(([id]) => id);

    expect(names).toEqual([
      'name-clashes',
      'grafana-names',
      'ingress-controller',
      'existing-claims',
      'quotas',
      'limit-ranges',
      'inotify',
    ]);
  });

  test('may come from Windows', () => {
    expect(read(`\uFEFF${exported(existing()).replaceAll('\n', '\r\n')}`)).toEqual(always);
  });

  test('may have each response on one line', () => {
    const compact = existing().map((object) => JSON.stringify(object));

    expect(read(`${compact.join('\n')}\n`)).toEqual(read(printed(existing())));
  });

  test.each(['error: the server has refused\n', '', '{"kind": "List", "items"\n'])('is not %j', (text) => {
    expect(() => readExport('cluster.json', text, desired())).toThrow(
      /^cluster\.json is not the output of kubectl get -o json.*; write it again: npm run -s preflight -- --export-command$/,
    );
  });
});

/** Paths of every field below a value. */
function* paths(value: Manifest, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (!Array.isArray(value)) yield [...path, key];
    yield* paths(one, [...path, key]);
  }
}

test('reads objects with missing fields', () => {
  const stack = desired();
  const identifying = ['kind', 'apiVersion', 'metadata', 'metadata.name'];
  const fields = existing().flatMap((object, index) =>
    [...paths(object)]
      .filter((path) => !identifying.includes(path.join('.')))
      .map((path) => ({ id: [object.kind, ...path].join('.').replace(/\d+/g, '*'), index, path })),
  );
  for (const { id, index, path } of new Map(fields.map((field) => [field.id, field])).values()) {
    const objects = existing();
    delete path.slice(0, -1).reduce((part: Manifest, key) => part[key], objects[index])[path.at(-1) ?? ''];

    expect([id, preflight(stack, cluster(objects)).length > 0]).toEqual([id, true]);
  }
});

test('treats an unserved kind as one without objects', () => {
  const error = 'error: the server doesn\'t have a resource type "prometheus"\n';

  expect(readAnswer(error, ['Prometheus'])).toEqual({ objects: [], unread: [] });
  expect(readAnswer(error, ['Node', 'Prometheus']).unread).toHaveLength(2);
  expect(readAnswer(`Warning: v1 Endpoints is deprecated\n${printed([])}`, ['Node']).unread).toEqual([]);
});

test('never reads the contents of a Secret', () => {
  const asked = reads(desired()).map(({ args }) => args.join(' '));

  expect(asked.filter((args) => /secret/i.test(args))).toEqual([]);
  // The template prints the key of each entry, never its value.
  for (const { args } of secretReads(desired()))
    expect(args.join(' ').replace('range $key, $_ := .data', '')).not.toMatch(/json|yaml|\.data|\$_/);
  expect(exportCommand(desired(), 'cluster.json', true)).not.toMatch(/secret/i);
});

test('looks up every object to apply', () => {
  const read = new Set([...reads(desired()), ...secretReads(desired())].flatMap(({ kinds }) => kinds));

  expect(desired().objects.filter(({ kind }) => !read.has(kind))).toEqual([]);
});

test('determines the owner of a Secret by its labels', () => {
  expect(secretsOf('')).toEqual([]);
  expect(secretsOf('monitoring x  username password ')[0]).toMatchObject({
    metadata: { labels: {} },
    data: { username: '', password: '' },
  });
  expect(secretsOf('monitoring x logs-and-traces ')[0]?.metadata.labels).toEqual({
    'app.kubernetes.io/part-of': 'logs-and-traces',
  });
});

test('merges the fixes into one fragment per file', () => {
  const objects = existing();
  const { spec } = pick(objects, 'Prometheus', 'prometheus-kube-prometheus-prometheus');
  spec.enableFeatures = [];
  spec.ruleSelector = { matchLabels: { team: 'a' } };
  pick(objects, 'StorageClass', 'gp3').metadata.name = 'gp2';
  const results = preflight(desired(), cluster(objects));

  expect(fragments(results)).toEqual({
    values: { storageClass: { create: true } },
    kubePrometheusStack: {
      prometheus: {
        prometheusSpec: {
          ruleSelector: {},
          ruleSelectorNilUsesHelmValues: false,
          enableFeatures: ['exemplar-storage'],
        },
      },
    },
  });
  const text = textReport(results, renderYaml);
  const [, helm = ''] = text.split(
    'Paste into the Helm values of kube-prometheus-stack, then run helm upgrade:\n\n',
  );
  expect(parse(helm.split('\n\n')[0] ?? '')).toEqual(fragments(results).kubePrometheusStack);
  expect(text.split('\n')[0]).toMatch(/^fail {5}prometheus-selectors {2}/);
  expect(text).toContain('looked at Node node-1, node-2, node-3\n');
  expect(text).toContain(`${tally(results).fail} fail, `);
  const json = JSON.parse(jsonReport(results));
  expect(json).toMatchObject({ tally: tally(results), paste: fragments(results) });
  expect(json.checks[0].objects).toEqual(['Node node-1', 'Node node-2', 'Node node-3']);
});

test.each([
  [
    ['10.0.0.0/8', 'a'],
    ['10.0.0.0/8', 'b'],
    ['10.0.0.0/8', 'a', 'b'],
  ],
  [[{ key: 'x' }], [{ key: 'x' }, { key: 'y' }], [{ key: 'x' }, { key: 'y' }]],
])('joins the lists %j and %j of two checks', (first, second, joined) => {
  const results = [first, second].map((list) => ({ values: { networkPolicies: { list } } }));

  expect(fragments(results as unknown as Result[])).toEqual({
    values: { networkPolicies: { list: joined } },
  });
});

test('compares taints with tolerations like the scheduler', () => {
  const node = (key: string, effect: string) => ({
    ...pick(existing(), 'Node', 'node-1'),
    spec: { taints: [{ key, value: 'gpu', effect }] },
  });
  const agent = (tolerations: object[]): Manifest => ({
    spec: { template: { spec: { containers: [], tolerations } } },
  });
  const left = (tolerations: object[], key = 'dedicated', effect = 'NoSchedule') =>
    untolerated(agent(tolerations), node(key, effect)).length;

  expect(left([])).toBe(1);
  expect(left([{ operator: 'Exists' }])).toBe(0);
  expect(left([{ key: 'dedicated', value: 'gpu' }])).toBe(0);
  expect(left([{ key: 'dedicated', value: 'db' }])).toBe(1);
  expect(left([{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }])).toBe(1);
  expect(left([], 'dedicated', 'PreferNoSchedule')).toBe(0);
  expect(left([], 'node.kubernetes.io/unschedulable')).toBe(0);
});
