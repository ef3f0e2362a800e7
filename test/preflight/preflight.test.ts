import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { renderYaml } from '../../lib/constructs/config-file';
import { CHECKS } from '../../lib/preflight/checks';
import { Cluster } from '../../lib/preflight/cluster';
import { clusterOf } from '../../lib/preflight/export';
import { fragments, preflight, tally } from '../../lib/preflight/preflight';
import { exportCommand, reads, secretReads, secretsOf } from '../../lib/preflight/reads';
import { jsonReport, textReport } from '../../lib/preflight/report';
import { untolerated } from '../../lib/preflight/selectors';
import { Wanted } from '../../lib/preflight/wanted';
import { manifests, settings } from '../support/render';
import { existing, pick, STACK } from './existing';

const wanted = new Wanted(manifests(settings(STACK)));

/** As kubectl prints a list. */
const printed = (items: readonly object[]) =>
  `${JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, undefined, 4)}\n`;

test('finds nothing wrong with the cluster of the README', () => {
  const results = preflight(
    wanted,
    new Cluster(existing(), new Map(), [{ node: 'node-1', instances: 8192, watches: 524_288 }]),
  );

  expect(results.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(new Set(results.map(({ id }) => id))).toEqual(new Set(CHECKS.map(({ id }) => id)));
});

test('says unknown of what was not read, and what right is missing', () => {
  const cluster = new Cluster(existing(), new Map([['Node', 'nodes is forbidden']]));
  const unknown = preflight(wanted, cluster).filter(({ verdict }) => verdict === 'unknown');

  expect(unknown.map(({ id }) => id)).toEqual(['kubernetes-version', 'agent-nodes', 'inotify']);
  expect(unknown[0]).toMatchObject({
    evidence: 'Node was not read: nodes is forbidden',
    cure: 'let kubectl list objects of kind Node, and try again',
  });
});

test('reads an export of several answers of kubectl, and says that Secrets are not in it', () => {
  const [first = [], second = []] = [existing().slice(0, 20), existing().slice(20)];
  const single = `${JSON.stringify(second[0], undefined, 4)}\n`;
  const results = preflight(
    wanted,
    clusterOf('cluster.json', printed(first) + single + printed(second.slice(1))),
  );

  expect(results.filter(({ verdict }) => verdict !== 'ok').map(({ id, evidence }) => [id, evidence])).toEqual(
    [
      ['name-clashes', 'Secret was not read (an export holds none)'],
      ['inotify', 'limits of the kernel are not in the Kubernetes API'],
    ],
  );
});

test.each([
  [
    'error: the server has refused\n',
    /^cluster\.json is not what kubectl get -o json writes \(.+\); write it again: npm run -s preflight -- --export-command$/,
  ],
  [
    printed([]),
    /^cluster\.json holds no Namespace, as every cluster does: kubectl failed; write it again: npm run -s preflight -- --export-command$/,
  ],
])('refuses an export that is none: %j', (text, message) => {
  expect(() => clusterOf('cluster.json', text)).toThrow(message);
});

test('never asks for what is in a Secret', () => {
  const asked = reads(wanted).map(({ args }) => args.join(' '));

  expect(asked.filter((args) => /secret/i.test(args))).toEqual([]);
  for (const { args } of secretReads(wanted))
    expect(args.join(' ')).not.toMatch(/json\b(?!path)|yaml|\.data/);
  expect(exportCommand(wanted, 'cluster.json')).not.toMatch(/secret/i);
});

test('looks up every object that is to be applied', () => {
  const read = new Set([...reads(wanted), ...secretReads(wanted)].flatMap(({ kinds }) => kinds));

  expect(wanted.objects.filter(({ kind }) => !read.has(kind))).toEqual([]);
});

test('knows whose a Secret is by its labels', () => {
  expect(secretsOf('')).toEqual([]);
  expect(secretsOf('monitoring x ')[0]?.metadata.labels).toEqual({});
  expect(secretsOf('monitoring x logs-and-traces')[0]?.metadata.labels).toEqual({
    'app.kubernetes.io/part-of': 'logs-and-traces',
  });
});

test('merges what is to be pasted into one fragment for each file', () => {
  const objects = existing();
  const { spec } = pick(objects, 'Prometheus', 'prometheus-kube-prometheus-prometheus');
  spec.enableFeatures = [];
  spec.ruleSelector = { matchLabels: { team: 'a' } };
  pick(objects, 'StorageClass', 'gp3').metadata.name = 'gp2';
  const results = preflight(wanted, new Cluster(objects));

  expect(fragments(results)).toEqual({
    ours: { storageClass: { create: true } },
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
  const [, kps = ''] = text.split(
    'Paste into the Helm values of kube-prometheus-stack, then helm upgrade:\n\n',
  );
  expect(parse(kps.split('\n\n')[0] ?? '')).toEqual(fragments(results).kubePrometheusStack);
  expect(text.split('\n')[0]).toMatch(/^fail {5}prometheus-selectors {2}/);
  expect(text).toContain(`${tally(results).fail} fail, `);
  expect(JSON.parse(jsonReport(results))).toMatchObject({ tally: tally(results), paste: fragments(results) });
});

test('weighs taints against tolerations as the scheduler does', () => {
  const node = (key: string, effect: string) => ({
    ...pick(existing(), 'Node', 'node-1'),
    spec: { taints: [{ key, value: 'gpu', effect }] },
  });
  const left = (tolerations: object[], key = 'dedicated', effect = 'NoSchedule') =>
    untolerated({ containers: [], tolerations }, node(key, effect)).length;

  expect(left([])).toBe(1);
  expect(left([{ operator: 'Exists' }])).toBe(0);
  expect(left([{ key: 'dedicated', value: 'gpu' }])).toBe(0);
  expect(left([{ key: 'dedicated', value: 'db' }])).toBe(1);
  expect(left([{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }])).toBe(1);
  expect(left([], 'dedicated', 'PreferNoSchedule')).toBe(0);
  expect(left([], 'node.kubernetes.io/unschedulable')).toBe(0);
});
