import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { caseManifests, type Manifest, manifests, settings } from '../support/render';
import { folderOf, git, runIn } from './folders';

const STACK = manifests(settings());
const MOVED = manifests(settings({ cluster: { namespace: 'observability' } }));

const file = (objects: readonly Manifest[]) => objects.map((object) => stringify(object)).join('---\n');

function review(base: Record<string, string>, head: Record<string, string>) {
  const run = runIn(folderOf({}), '--base', folderOf(base), '--head', folderOf(head), '--format', 'json');
  expect(run.error).toBe('');
  const report = JSON.parse(run.output);
  const findings: Manifest[] = report.clusters.flatMap((cluster: Manifest) => cluster.findings);
  return { verdict: report.verdict as string, effects: report.effects, findings };
}

const titles = (findings: readonly Manifest[], rule: string) =>
  findings.filter((one) => one.rule === rule).map(({ title }) => title as string);

/** One line for each component, with its pods. */
const COMPONENTS = [
  /^logs: \d+ objects \(.*StatefulSet.*\); 1 pod, 300m CPU, 1Gi memory, 30Gi storage$/,
  /^traces: \d+ objects .*; 1 pod, .* 20Gi storage$/,
  /^trace-collector: .*; 1 pod, .*; ServiceAccount monitoring\/otel-collector may get\/list\/watch pods/,
  /^log-agent: .*; on each node 1 pod, 50m CPU, 128Mi memory; .*may get\/list\/watch pods in the whole cluster/,
  /^network: 4 objects \(NetworkPolicy\)$/,
  /^datasources: /,
  /^dashboards: /,
];

describe('a first deployment', () => {
  test('is one line per component and neither deletes nor loses anything', () => {
    const { verdict, effects, findings } = review({ 'README.md': '' }, { 'a.yaml': file(STACK) });
    const lines = titles(findings, 'first-deployment');

    expect(verdict).toBe('A first deployment. Nothing that runs is affected.');
    expect(effects).toEqual({ live: lines.length });
    expect(lines).toHaveLength(COMPONENTS.length);
    for (const component of COMPONENTS) expect(lines.filter((one) => component.test(one))).toHaveLength(1);
  });

  test('still reports what is internet-facing', () => {
    const { findings } = review({}, { 'a.yaml': file(caseManifests('cognito')) });

    expect(titles(findings, 'internet-facing')).toHaveLength(2);
    expect(titles(findings, 'first-deployment').join()).toContain('ingress: 2 objects (Ingress); routes to');
  });

  test('of a cluster does not change other clusters', () => {
    const both = { 'a/a.yaml': file(STACK), 'b/b.yaml': file(MOVED) };
    const { verdict, findings } = review({ 'a/a.yaml': file(STACK) }, both);

    expect(verdict).toBe('A first deployment. Nothing that runs is affected.');
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['first-deployment']));
  });

  test('that replaces an example is distinguished from a move, which is unknown', () => {
    const { verdict, findings } = review({ 'a.yaml': file(STACK) }, { 'a.yaml': file(MOVED) });

    expect(verdict).toBe(
      'A first deployment. Check before you merge. It has 1 change that cannot be assessed.',
    );
    expect(titles(findings, 'other-manifests')).toEqual([
      `the base has ${STACK.length} objects in other namespaces, with the data of PersistentVolumeClaim monitoring/loki, PersistentVolumeClaim monitoring/tempo`,
    ]);
    expect(titles(findings, 'first-deployment')).toHaveLength(COMPONENTS.length);
  });

  test('under another values file name replaces the example', () => {
    const { effects, findings } = review({ 'a.yaml': file(STACK) }, { 'prod/a.yaml': file(STACK) });

    expect(effects).toEqual({ unknown: 1, live: COMPONENTS.length });
    expect(titles(findings, 'cluster-replaced')).toHaveLength(1);
  });

  test('is recognized in a repository without manifests, and in one without commits', () => {
    const folder = folderOf({ 'README.md': '', 'dist/a.yaml': file(STACK) });
    git(folder, 'init', '--quiet');
    const unborn = runIn(folder);
    git(folder, 'add', 'README.md');
    git(folder, 'commit', '--quiet', '-m', 'first');
    const empty = runIn(folder);

    expect(unborn.output).toMatch(/^nothing \(no commit yet\) → dist: 0 → \d+ objects/);
    expect(empty.output).toMatch(/\(no dist there\) → dist: 0 → \d+ objects/);
    for (const { output } of [unborn, empty])
      expect(output).toContain('A first deployment. Nothing that runs');
  });
});

describe('a cluster whose manifests are all removed', () => {
  test('is one finding about lost data', () => {
    const both = { 'a/a.yaml': file(STACK), 'b/b.yaml': file(MOVED) };
    const { effects, findings } = review(both, { 'a/a.yaml': both['a/a.yaml'] });

    expect(effects).toEqual({ 'data-loss': 1 });
    expect(findings[0]).toMatchObject({
      rule: 'cluster-gone',
      steps: [expect.stringContaining('snapshots')],
    });
    expect(findings[0].title).toContain('all manifests of cluster b were removed');
  });

  test('is not reported if one object remains', () => {
    expect(
      review({ 'a.yaml': file(STACK) }, { 'a.yaml': file(STACK.slice(0, 1)) }).effects['data-loss'],
    ).toBe(2);
  });
});
