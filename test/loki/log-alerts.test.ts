import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { NO_ADDITIONS } from '../../lib/additions';
import { printedLogAlerts } from '../../lib/loki/print';
import { readLogAlerts } from '../../lib/loki/read-log-alerts';
import { configOf, type Manifest, manifests, settings } from '../support/render';

const LABELS = ['namespace', 'pod', 'container', 'app'];
const BEFORE = process.cwd();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-alerts-'));
  mkdirSync(join(folder, 'log-alerts'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(BEFORE);
  rmSync(folder, { recursive: true });
});

const write = (name: string, content: unknown) =>
  writeFileSync(join('log-alerts', name), typeof content === 'string' ? content : stringify(content));
const read = (...labels: string[][]) => readLogAlerts('log-alerts', labels.length > 0 ? labels : [LABELS]);

const alert = (change: object = {}) => ({
  alert: 'PaymentsFail',
  expr: 'sum by (app) (rate({namespace="shop"} |= "payment failed" [5m])) > 1',
  ...change,
});
const file = (...rules: object[]) => ({ groups: [{ name: 'shop', rules }] });

const render = (values: object = {}): Manifest[] =>
  manifests(settings(values), { ...NO_ADDITIONS, logAlerts: read() });
const byName = (objects: readonly Manifest[], kind: string, name: string): Manifest =>
  objects.find((one) => one.kind === kind && one.metadata.name === name);

describe('alerts on log lines', () => {
  test('reach Loki as they are written', () => {
    const written = file(
      alert({ for: '10m', labels: { severity: 'critical' }, annotations: { summary: '{{ $value }}' } }),
    );
    write('shop.yaml', written);

    expect(parse(byName(render(), 'ConfigMap', 'loki-log-alerts').data['shop.yaml'])).toEqual(written);
  });

  test('lie in the folder of the only tenant, and go to the existing Alertmanager', () => {
    write('shop.yaml', file(alert()));
    const objects = render();
    const { ruler } = configOf(objects, 'loki');
    const { volumes, containers } = byName(objects, 'StatefulSet', 'loki').spec.template.spec;

    expect(ruler.alertmanager_url).toBe('http://prometheus-kube-prometheus-alertmanager:9093');
    expect(volumes).toContainEqual({ name: 'log-alerts', configMap: { name: 'loki-log-alerts' } });
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'log-alerts',
      mountPath: `${ruler.storage.local.directory}/fake`,
      readOnly: true,
    });
  });

  test.each([
    [{}, 'http://prometheus-kube-prometheus-alertmanager:9093', 'monitoring'],
    [
      { networkPolicies: { prometheus: { namespace: 'metrics' } } },
      'http://prometheus-kube-prometheus-alertmanager.metrics.svc.cluster.local:9093',
      'metrics',
    ],
    [
      {
        monitoring: { alertmanagerUrl: 'http://other.ops:9094' },
        networkPolicies: { alertmanager: { namespace: 'ops' } },
      },
      'http://other.ops:9094',
      'ops',
    ],
  ])('may be sent to Alertmanager wherever it runs: %j', (values, url, namespace) => {
    write('shop.yaml', file(alert()));
    const objects = render(values);
    const { egress } = byName(objects, 'NetworkPolicy', 'loki').spec;

    expect(configOf(objects, 'loki').ruler.alertmanager_url).toBe(url);
    expect(egress).toContainEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'alertmanager' } },
        },
      ],
      ports: [{ port: 9093, protocol: 'TCP' }],
    });
  });

  test('leave no trace where there are none', () => {
    const objects = render();

    expect(readLogAlerts('elsewhere', [LABELS])).toEqual([]);
    expect(byName(objects, 'ConfigMap', 'loki-log-alerts')).toBeUndefined();
    expect(byName(objects, 'NetworkPolicy', 'loki').spec.egress).toBeUndefined();
    expect(JSON.stringify(objects)).not.toContain('alertmanager_url');
  });
});

describe('a mistake in a file of log alerts', () => {
  test.each<[unknown, string]>([
    ['', 'log-alerts/x.yaml:1:1: the file is empty'],
    [{ groups: [] }, 'log-alerts/x.yaml:1:9: groups must contain a group'],
    [{ groups: {} }, 'log-alerts/x.yaml:1:9: groups must be a list of groups'],
    [{ group: [] }, 'log-alerts/x.yaml:1:1: group is not a setting; did you mean "groups"?'],
    [file(), 'groups[0].rules must contain an alert'],
    [file(alert({ record: 'shop:errors' })), 'groups[0].rules[0].record is not a setting'],
    [
      file(alert({ alert: 'Payments fail' })),
      'groups[0].rules[0].alert must be the name of an alert such as',
    ],
    [
      file(alert({ for: '5 minutes' })),
      'groups[0].rules[0].for must be a duration of at least 0s such as "5m" or "1h", got "5 minutes"; did you mean "5m"?',
    ],
    [file(alert({ labels: { 'team-name': 'x' } })), 'must be the name of a label'],
    [
      file(alert({ expr: 'rate({app="x"}[5m]' })),
      'log-alerts/x.yaml:5:15: groups[0].rules[0].expr must be valid LogQL; the first error is at its end, got',
    ],
    [
      file(alert({ expr: 'sum(\n  rat({app="x"} |= "more than a person reads" [5m])\n)' })),
      String.raw`must be valid LogQL; the first error is at "rat({app=\"x\"} |= \"more than a person rea…", got`,
    ],
    [file(alert({ expr: 'up == 0' })), 'must be valid LogQL'],
    [file(alert({ expr: '{app="x"} |= "failed"' })), 'must be a metric query such as'],
    [
      file(alert({ expr: 'count_over_time({namspace="shop"}[5m]) > 0' })),
      'must select streams by their labels namespace, pod, container, app, not by "namspace" (did you mean "namespace"?)',
    ],
    [
      { groups: [...file(alert()).groups, ...file(alert()).groups] },
      'groups[1].name must be unique, got "shop" again',
    ],
  ])('%j is told with its place', (content, message) => {
    write('x.yaml', content);

    expect(() => read()).toThrow(message);
  });

  test.each(['x.yml', 'X.yaml', '-x.yaml'])('the name %s is refused', (name) => {
    write(name, file(alert()));

    expect(() => read()).toThrow(`log-alerts/${name}:1:1: must be renamed`);
  });

  test('is told together with those of other files', () => {
    write('a.yaml', file(alert({ expr: 'up' })));
    write('b.yaml', '{');

    expect(() => read()).toThrow(/log-alerts\/a\.yaml:\d+.*\nlog-alerts\/b\.yaml:1/);
  });

  test('is a label that only some clusters have', () => {
    write('x.yaml', file(alert({ expr: 'count_over_time({app="x"}[5m]) > 0' })));

    expect(read(LABELS)).toHaveLength(1);
    expect(() => read(LABELS, ['namespace', 'pod', 'container'])).toThrow('not by "app"');
  });
});

test('an expression may filter by any field, and use functions that are newer than the grammar', () => {
  write(
    'x.yaml',
    file(alert({ expr: 'approx_topk(3, sum by (user) (rate({app="x"} | json | user != "" [5m]))) > 1' })),
  );

  expect(read()).toHaveLength(1);
});

test('log alerts of a cluster without Loki are named, because nothing evaluates them', () => {
  const cluster = (name: string, enabled: boolean) => ({ name, settings: { loki: { enabled } } });
  const files = [{ name: 'errors.yaml' }, { name: 'memory.yaml' }];

  expect(printedLogAlerts([cluster('a', true), cluster('b', false)], files)).toBe(
    'b: log-alerts/errors.yaml, log-alerts/memory.yaml have no effect with loki.enabled false, because no Loki evaluates log alerts',
  );
  expect(printedLogAlerts([cluster('a', true)], files)).toBe('');
  expect(printedLogAlerts([cluster('b', false)], [])).toBe('');
});
