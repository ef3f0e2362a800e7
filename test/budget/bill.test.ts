import { describe, expect, test } from '@jest/globals';
import { BILLED_KINDS, type BillItem, bill } from '../../lib/budget/bill';
import { CASE_NAMES, caseManifests, type Manifest, manifests, settings } from '../support/render';

const GI = 2 ** 30;

/** A container that requests some millicores, and as many mebibytes. */
const container = (amount: number, more: object = {}) => ({
  resources: { requests: { cpu: `${amount}m`, memory: `${amount}Mi` } },
  ...more,
});

const claim = (name: string, storage: string, namespace = 'monitoring'): Manifest => ({
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace },
  spec: { resources: { requests: { storage } } },
});

/** A workload whose pods are as given. */
const workload = (kind: string, pod: object, spec: object = {}): Manifest => ({
  kind,
  metadata: { name: kind.toLowerCase(), namespace: 'monitoring' },
  spec: { ...spec, template: { spec: pod } },
});

const mount = (claimName: string) => ({ persistentVolumeClaim: { claimName } });

/** The only item on the bill of some objects, on 5 nodes. */
function item(...objects: Manifest[]): BillItem {
  const { items } = bill(objects, 5);
  expect(items).toHaveLength(1);
  return items[0] as BillItem;
}

/** Millicores that a pod requests. */
const cpu = (pod: object) => item(workload('Deployment', pod)).cpu;

describe('the bill of a pod', () => {
  test('adds up its containers', () => {
    const billed = item(workload('Deployment', { containers: [container(100), container(50)] }));

    expect(billed).toMatchObject({ cpu: 150, memory: 150 * 2 ** 20, storage: 0, pods: 1 });
  });

  test('has an init container only in so far as it requests more than what runs after it', () => {
    const containers = [container(100), container(50)];

    expect(cpu({ containers, initContainers: [container(120), container(90)] })).toBe(150);
    expect(cpu({ containers, initContainers: [container(120), container(400)] })).toBe(400);
  });

  test('has a sidecar beside the containers, and beside the init containers after it', () => {
    const sidecar = container(30, { restartPolicy: 'Always' });

    expect(cpu({ containers: [container(100)], initContainers: [sidecar] })).toBe(130);
    expect(cpu({ containers: [container(100)], initContainers: [sidecar, container(120)] })).toBe(150);
    expect(cpu({ containers: [container(100)], initContainers: [container(120), sidecar] })).toBe(130);
  });

  test('takes a limit for the request where there is none, and adds the overhead of a runtime class', () => {
    const limited = { resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '250m' } } };

    expect(item(workload('Deployment', { containers: [limited] }))).toMatchObject({ cpu: 250, memory: GI });
    expect(cpu({ containers: [container(100)], overhead: { cpu: '10m' } })).toBe(110);
  });

  test('is free of what requests nothing, and refuses what it cannot read', () => {
    expect(cpu({ containers: [{}, { resources: { requests: { cpu: '0' } } }] })).toBe(0);
    expect(() => cpu({ containers: [{ resources: { requests: { cpu: '1e3' } } }] })).toThrow(
      '"1e3" is not a quantity that a bill can be made of',
    );
  });
});

describe('the bill of a workload', () => {
  const pod = { containers: [container(100)] };

  test.each([
    ['Deployment', {}, 1],
    ['Deployment', { replicas: 3 }, 3],
    ['Deployment', { replicas: 0 }, 0],
    ['StatefulSet', { replicas: 2 }, 2],
    ['DaemonSet', {}, 5],
    ['Job', { parallelism: 4 }, 4],
  ])('of a %s with %j has %i pods', (kind, spec, pods) => {
    expect(item(workload(kind, pod, spec))).toMatchObject({ pods, cpu: pods * 100 });
  });

  test('of a CronJob is that of one run, and of a Pod that of itself', () => {
    const metadata = { name: 'one' };
    const jobTemplate = { spec: { parallelism: 2, template: { spec: pod } } };

    expect(item({ kind: 'CronJob', metadata, spec: { jobTemplate } })).toMatchObject({ pods: 2, cpu: 200 });
    expect(item({ kind: 'Pod', metadata, spec: pod })).toMatchObject({ pods: 1, cpu: 100 });
  });

  test('has the claim that its pods mount, once', () => {
    const mounting = workload('Deployment', { ...pod, volumes: [mount('data'), {}] }, { replicas: 2 });

    expect(item(mounting, claim('data', '30Gi'))).toMatchObject({ storage: 30 * GI, pods: 2 });
  });

  test('has a volume for each pod of a template of claims, and of an ephemeral volume', () => {
    const templates = { replicas: 3, volumeClaimTemplates: [claim('data', '10Gi'), claim('wal', '2Gi')] };
    const ephemeral = { ephemeral: { volumeClaimTemplate: claim('scratch', '1Gi') } };

    expect(item(workload('StatefulSet', pod, templates)).storage).toBe(36 * GI);
    expect(item(workload('DaemonSet', { ...pod, volumes: [ephemeral] })).storage).toBe(5 * GI);
  });

  test('leaves a claim of another namespace, or that nobody mounts, on a line of its own', () => {
    const mounting = workload('Deployment', { ...pod, volumes: [mount('data')] });

    expect(bill([mounting, claim('data', '7Gi', 'elsewhere')], 1).items).toEqual([
      expect.objectContaining({ object: 'Deployment deployment', storage: 0 }),
      { object: 'PersistentVolumeClaim data', perNode: false, cpu: 0, memory: 0, storage: 7 * GI, pods: 0 },
    ]);
  });
});

describe('the bill of a cluster', () => {
  test('is the sum of its items, of which two that share a claim pay for it once', () => {
    const volumes = [mount('data')];
    const pod = { containers: [container(100)], volumes };
    const objects = [claim('data', '8Gi'), workload('Deployment', pod), workload('StatefulSet', pod)];

    expect(bill(objects, 1).total).toEqual({ cpu: 200, memory: 200 * 2 ** 20, storage: 8 * GI, pods: 2 });
  });

  test('grows by one agent with each node', () => {
    const objects = manifests(settings());
    const [few, more] = [bill(objects, 3).total, bill(objects, 4).total];

    expect([more.cpu - few.cpu, more.memory - few.memory, more.pods - few.pods]).toEqual([
      50,
      128 * 2 ** 20,
      1,
    ]);
  });

  test.each(CASE_NAMES)('has every pod and every volume that the case %s renders', (name) => {
    const objects = caseManifests(name);
    const asking = objects.filter((object) => /"(containers|requests)":/.test(JSON.stringify(object)));

    expect(asking.length).toBeGreaterThan(4);
    expect(asking.map(({ kind }) => kind).filter((kind) => !BILLED_KINDS.includes(kind))).toEqual([]);
  });
});
