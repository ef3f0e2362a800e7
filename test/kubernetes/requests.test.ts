import { describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import {
  type Amounts,
  type ObjectRequests,
  requestsOf,
  requestsResources,
} from '../../lib/kubernetes/requests';
import { CASE_NAMES, caseManifests, type Manifest, manifests, settings } from '../support/render';

const GI = 2 ** 30;

/** A container that requests some millicores, and as many mebibytes. */
const container = (amount: number, more: object = {}) => ({
  resources: { requests: { cpu: `${amount}m`, memory: `${amount}Mi` } },
  ...more,
});

const claim = (name: string, storage: string, namespace = 'monitoring'): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace },
  spec: { resources: { requests: { storage } } },
});

/** A workload whose pods are as given. */
const workload = (kind: string, pod: object, spec: object = {}): Manifest => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name: kind.toLowerCase(), namespace: 'monitoring' },
  spec: { ...spec, template: { spec: pod } },
});

const mount = (claimName: string) => ({ persistentVolumeClaim: { claimName } });

/** What the only workload among some objects requests, on 5 nodes. */
function item(...objects: Manifest[]): ObjectRequests {
  const { objects: requesting } = requestsOf(objects, { nodes: 5 });
  expect(requesting).toHaveLength(1);
  return requesting[0] as ObjectRequests;
}

/** Millicores that a pod requests. */
const cpu = (pod: object) => item(workload('Deployment', pod)).cpu;

describe('the requests of a pod', () => {
  test('are the sum of its containers', () => {
    const billed = item(workload('Deployment', { containers: [container(100), container(50)] }));

    expect(billed).toMatchObject({ cpu: 150, memory: 150 * 2 ** 20, storage: 0, pods: 1 });
  });

  test('include an init container only if it requests more than what runs after it', () => {
    const containers = [container(100), container(50)];

    expect(cpu({ containers, initContainers: [container(120), container(90)] })).toBe(150);
    expect(cpu({ containers, initContainers: [container(120), container(400)] })).toBe(400);
  });

  test('include a sidecar in addition to the containers and the later init containers', () => {
    const sidecar = container(30, { restartPolicy: 'Always' });

    expect(cpu({ containers: [container(100)], initContainers: [sidecar] })).toBe(130);
    expect(cpu({ containers: [container(100)], initContainers: [sidecar, container(120)] })).toBe(150);
    expect(cpu({ containers: [container(100)], initContainers: [container(120), sidecar] })).toBe(130);
  });

  test('fall back to limits, and include the overhead of a runtime class', () => {
    const limited = { resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '250m' } } };

    expect(item(workload('Deployment', { containers: [limited] }))).toMatchObject({ cpu: 250, memory: GI });
    expect(cpu({ containers: [container(100)], overhead: { cpu: '10m' } })).toBe(110);
  });

  test('at pod level replace those of its containers', () => {
    const pod = { containers: [container(100)], resources: { requests: { cpu: '300m' } } };

    expect(item(workload('Deployment', pod))).toMatchObject({ cpu: 300, memory: 100 * 2 ** 20 });
  });

  test('are 0 for containers without requests and NaN for an invalid quantity', () => {
    expect(cpu({ containers: [{}, { resources: { requests: { cpu: '0' } } }] })).toBe(0);
    expect(cpu({ containers: [{ resources: { requests: { cpu: '1e3' } } }] })).toBe(1_000_000);
    expect(cpu({ containers: [container(100), { resources: { requests: { cpu: '1 core' } } }] })).toBeNaN();
  });
});

describe('the requests of a workload', () => {
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

  test('of a CronJob are those of one run, and of a Pod its own', () => {
    const metadata = { name: 'one' };
    const jobTemplate = { spec: { parallelism: 2, template: { spec: pod } } };

    expect(item({ apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { jobTemplate } })).toMatchObject({
      pods: 2,
      cpu: 200,
    });
    expect(item({ apiVersion: 'v1', kind: 'Pod', metadata, spec: pod })).toMatchObject({ pods: 1, cpu: 100 });
  });

  test('include the claim that its pods mount, once', () => {
    const mounting = workload('Deployment', { ...pod, volumes: [mount('data'), {}] }, { replicas: 2 });

    expect(item(mounting, claim('data', '30Gi'))).toMatchObject({ storage: 30 * GI, pods: 2 });
  });

  test('include one volume per pod for a claim template or an ephemeral volume', () => {
    const templates = { replicas: 3, volumeClaimTemplates: [claim('data', '10Gi'), claim('wal', '2Gi')] };
    const ephemeral = { ephemeral: { volumeClaimTemplate: claim('scratch', '1Gi') } };

    expect(item(workload('StatefulSet', pod, templates)).storage).toBe(36 * GI);
    expect(item(workload('DaemonSet', { ...pod, volumes: [ephemeral] })).storage).toBe(5 * GI);
  });

  test('exclude a claim of another namespace or an unmounted claim, which is listed separately', () => {
    const mounting = workload('Deployment', { ...pod, volumes: [mount('data')] });

    expect(requestsOf([mounting, claim('data', '7Gi', 'elsewhere')], { nodes: 1 }).objects).toEqual([
      expect.objectContaining({ object: 'Deployment deployment', storage: 0 }),
      expect.objectContaining({ object: 'PersistentVolumeClaim data', cpu: 0, storage: 7 * GI, pods: 0 }),
    ]);
  });
});

describe('the requests of a cluster', () => {
  test('are the sum of its objects, with a shared claim counted once', () => {
    const volumes = [mount('data')];
    const pod = { containers: [container(100)], volumes };
    const objects = [claim('data', '8Gi'), workload('Deployment', pod), workload('StatefulSet', pod)];

    expect(requestsOf(objects, { nodes: 1 }).total).toEqual({
      cpu: 200,
      memory: 200 * 2 ** 20,
      storage: 8 * GI,
      pods: 2,
    });
  });

  test('increase by one agent per node', () => {
    const objects = manifests(settings());
    const [few, more] = [3, 4].map((nodes) => requestsOf(objects, { nodes }).total) as [Amounts, Amounts];

    expect([more.cpu - few.cpu, more.memory - few.memory, more.pods - few.pods]).toEqual([
      50,
      128 * 2 ** 20,
      1,
    ]);
  });

  test.each(CASE_NAMES)('include every pod and every volume of the case %s', (name) => {
    const objects = caseManifests(name);
    const asking = objects.filter((object) => /"(containers|requests)":/.test(JSON.stringify(object)));

    expect(asking.length).toBeGreaterThan(1);
    expect(asking.filter((object: KubernetesObject) => !requestsResources(object))).toEqual([]);
  });
});
