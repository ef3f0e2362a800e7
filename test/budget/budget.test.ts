import { describe, expect, test } from '@jest/globals';
import { excesses } from '../../lib/budget/budget';
import { printedRequests } from '../../lib/budget/print';
import { type ResourceRequests, requestsOf } from '../../lib/kubernetes/requests';
import { manifests, settings } from '../support/render';

/** A cluster with its requests, as synth has it. */
function cluster(name: string, values: object = {}) {
  const of = settings(values);
  return { name, settings: of, requests: requestsOf(manifests(of), { nodes: of.cluster.nodes }) };
}

describe('a budget', () => {
  test('is not exceeded by the smallest values file', () => {
    const { requests, settings: of } = cluster('minimal');

    expect(excesses(requests, of.budget)).toEqual([]);
  });

  test('can be used completely', () => {
    const budget = { cpu: '950m', memory: '2944Mi', storage: '50Gi', pods: 6 };
    const { requests, settings: of } = cluster('exact', { budget });

    expect(excesses(requests, of.budget)).toEqual([]);
  });

  test('is exceeded by requests that cannot be parsed', () => {
    const { requests, settings: of } = cluster('unreadable');
    const total = { ...requests.total, cpu: Number.NaN };

    expect(excesses({ ...requests, total }, of.budget)).toEqual([
      { settings: ['budget.cpu', 'cluster.nodes'], message: expect.stringContaining('at least unknown') },
    ]);
  });

  test('that is exceeded names the total and its three largest items', () => {
    const budget = { cpu: '0.9', memory: '2Gi', storage: '40Gi', pods: 5 };
    const { requests, settings: of } = cluster('over', { budget, cluster: { nodes: 8 } });

    expect(
      excesses(requests, of.budget).map(({ settings: [first], message }) => `${first} ${message}`),
    ).toEqual([
      'budget.cpu must be at least 1200m, the total that the stack requests, not 900m; raise it, or reduce the largest requests: DaemonSet promtail 400m, StatefulSet loki 300m, Deployment tempo 300m',
      'budget.memory must be at least 3.5Gi, the total that the stack requests, not 2Gi; raise it, or reduce the largest requests: StatefulSet loki 1Gi, Deployment tempo 1Gi, DaemonSet promtail 1Gi',
      'budget.storage must be at least 50Gi, the total that the stack requests, not 40Gi; raise it, or reduce the largest requests: StatefulSet loki 30Gi, Deployment tempo 20Gi',
      'budget.pods must be at least 11, the total that the stack requests, not 5; raise it, or reduce the largest requests: DaemonSet promtail 8, StatefulSet loki 1, Deployment tempo 1',
    ]);
  });

  test.each([
    ['memory', '10001M'],
    ['memory', '5462Mi'],
    ['storage', '70000000001'],
  ])('of %s can be raised to what the message says, where an item is %s', (resource, size) => {
    const storage = resource === 'storage' ? { size } : { size: '30Gi' };
    const memory = resource === 'memory' ? { memory: size, memoryLimit: '12Gi' } : {};
    const values = { loki: { storage, resources: memory } };
    const { requests, settings: of } = cluster('odd', values);
    const [excess] = excesses(requests, of.budget);
    const wanted = /at least (\S+),/.exec(excess?.message ?? '')?.[1];

    expect(wanted).toMatch(/^\d+Mi$/);
    const raised = settings({ ...values, budget: { [resource]: wanted } });
    expect(excesses(requests, raised.budget)).toEqual([]);
  });
});

describe('the output of synth', () => {
  test('is a table of workloads, their total and the budget', () => {
    expect(printedRequests([cluster('default')]).split('\n')).toEqual([
      'default requests                        CPU   memory  storage  pods',
      'StatefulSet loki                       300m      1Gi     30Gi     1',
      'Deployment tempo                       300m      1Gi     20Gi     1',
      'Deployment otel-collector              200m    512Mi        0     1',
      'DaemonSet promtail, 3 × 50m and 128Mi  150m    384Mi        0     3',
      'total                                  950m  2.875Gi     50Gi     6',
      'budget                                    2      4Gi     50Gi    10',
    ]);
  });

  test('is one line per cluster if there are many', () => {
    const names = ['default', 'production', 'qa', 'staging'];

    expect(printedRequests(names.map((name) => cluster(name))).split('\n')).toEqual([
      'requests of budget        CPU          memory       storage     pods',
      'default             950m of 2  2.875Gi of 4Gi  50Gi of 50Gi  6 of 10',
      'production          950m of 2  2.875Gi of 4Gi  50Gi of 50Gi  6 of 10',
      'qa                  950m of 2  2.875Gi of 4Gi  50Gi of 50Gi  6 of 10',
      'staging             950m of 2  2.875Gi of 4Gi  50Gi of 50Gi  6 of 10',
    ]);
  });

  test('includes an unmounted claim and rounds up', () => {
    const total = { cpu: 0, memory: 0, storage: 1.1 * 2 ** 30, pods: 0 };
    const objects = [{ object: 'PersistentVolumeClaim odd', perNode: false, ends: false, ...total }];
    const odd: ResourceRequests = { objects, total };

    expect(printedRequests([{ ...cluster('odd'), requests: odd }])).toContain('1127Mi');
  });
});
