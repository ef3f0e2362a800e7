import { expect, test } from '@jest/globals';
import type { Manifest } from '../support/render';
import { claim, judge, pick, remove } from './existing';
import { tells, type Wrong } from './wrong';

const monitoring = (objects: Manifest[]) => pick(objects, 'Namespace', 'monitoring');
const node1 = (objects: Manifest[]) => pick(objects, 'Node', 'node-1');

const WRONG: readonly Wrong[] = [
  {
    what: 'a cluster that is too old',
    id: 'kubernetes-version',
    change: (objects) => {
      for (const one of objects.filter(({ kind }) => kind === 'Node'))
        one.status.nodeInfo.kubeletVersion = 'v1.24.17';
    },
    verdict: 'fail',
    evidence: 'nodes run Kubernetes 1.24',
  },
  {
    what: 'a node that is older than what is tested',
    id: 'kubernetes-version',
    change: (objects) => {
      node1(objects).status.nodeInfo.kubeletVersion = 'v1.26.1';
    },
    verdict: 'warn',
    evidence: 'nodes run Kubernetes 1.26 to 1.33',
  },
  {
    what: 'CRDs of the operator that are missing',
    id: 'api-versions',
    change: (objects) =>
      remove(objects, pick(objects, 'CustomResourceDefinition', 'servicemonitors.monitoring.coreos.com')),
    verdict: 'fail',
    evidence: 'not served: monitoring.coreos.com/v1 ServiceMonitor',
  },
  {
    what: 'an API group that is not served',
    id: 'api-versions',
    change: (objects) => remove(objects, pick(objects, 'APIService', 'v1.networking.k8s.io')),
    verdict: 'fail',
    evidence: 'not served: networking.k8s.io/v1 Ingress, networking.k8s.io/v1 NetworkPolicy',
  },
  {
    what: 'a namespace that is not there',
    id: 'namespace',
    change: (objects) => remove(objects, monitoring(objects)),
    verdict: 'fail',
    evidence: 'there is no namespace monitoring',
  },
  {
    what: 'a namespace that is being deleted',
    id: 'namespace',
    change: (objects) => {
      monitoring(objects).status.phase = 'Terminating';
    },
    verdict: 'fail',
    evidence: 'namespace monitoring is being deleted',
  },
  {
    what: 'a namespace that enforces baseline',
    id: 'pod-security',
    change: (objects) => {
      monitoring(objects).metadata.labels['pod-security.kubernetes.io/enforce'] = 'baseline';
    },
    verdict: 'fail',
    evidence:
      'namespace monitoring enforces baseline, which refuses the pods of DaemonSet monitoring/promtail (it reads log files of the node)',
  },
  {
    what: 'a namespace that warns of what is not restricted',
    id: 'pod-security',
    change: (objects) => {
      monitoring(objects).metadata.labels['pod-security.kubernetes.io/warn'] = 'restricted';
    },
    verdict: 'warn',
    evidence: 'namespace monitoring warns of or audits the pods of DaemonSet monitoring/promtail',
  },
  {
    what: 'a name that a Helm release has',
    id: 'name-clashes',
    change: (objects) => {
      const annotations = { 'meta.helm.sh/release-name': 'loki-stack' };
      objects.push({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'loki', namespace: 'monitoring', annotations },
      });
    },
    verdict: 'fail',
    evidence: 'Service monitoring/loki exists, of the Helm release loki-stack',
  },
];

tells(WRONG);

test('takes an object of ours for no clash', () => {
  const [result] = judge('name-clashes', (objects) => objects.push(claim('gp3', '30Gi')));

  expect(result?.verdict).toBe('ok');
  expect(result?.evidence).toMatch(/^1 of \d+ are there already, and are ours$/);
});
