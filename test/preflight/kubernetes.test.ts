import { expect, test } from '@jest/globals';
import type { Manifest } from '../support/render';
import { assess, claim, pick, remove } from './existing';
import { reports, type Wrong } from './wrong';

const monitoring = (objects: Manifest[]) => pick(objects, 'Namespace', 'monitoring');
const node1 = (objects: Manifest[]) => pick(objects, 'Node', 'node-1');

/** Changes what every node reports about itself. */
const reportAll = (fields: object) => (objects: Manifest[]) => {
  for (const { status } of objects.filter(({ kind }) => kind === 'Node'))
    Object.assign(status.nodeInfo, fields);
};

const AGENT =
  'DaemonSet monitoring/promtail (it mounts /var/lib/promtail of its node, mounts /var/log/pods of its node)';

const WRONG: readonly Wrong[] = [
  {
    what: 'a cluster that is too old',
    id: 'kubernetes-version',
    change: (objects) => {
      for (const one of objects.filter(({ kind }) => kind === 'Node'))
        one.status.nodeInfo.kubeletVersion = 'v1.24.17';
    },
    verdict: 'fail',
    observed: 'nodes run Kubernetes 1.24',
  },
  {
    what: 'a node that is older than what is tested',
    id: 'kubernetes-version',
    change: (objects) => {
      node1(objects).status.nodeInfo.kubeletVersion = 'v1.26.1';
    },
    verdict: 'warn',
    observed: 'nodes run Kubernetes 1.26 to 1.33',
  },
  {
    what: 'CRDs of the operator that are missing',
    id: 'api-versions',
    change: (objects) =>
      remove(objects, pick(objects, 'CustomResourceDefinition', 'servicemonitors.monitoring.coreos.com')),
    verdict: 'fail',
    observed: 'not served: monitoring.coreos.com/v1 ServiceMonitor',
  },
  {
    what: 'an API group that is not served',
    id: 'api-versions',
    change: (objects) => remove(objects, pick(objects, 'APIService', 'v1.networking.k8s.io')),
    verdict: 'fail',
    observed: 'not served: networking.k8s.io/v1 Ingress, networking.k8s.io/v1 NetworkPolicy',
  },
  {
    what: 'a namespace that is not there',
    id: 'namespace',
    change: (objects) => remove(objects, monitoring(objects)),
    verdict: 'fail',
    observed: 'namespace monitoring does not exist',
  },
  {
    what: 'a namespace that is being deleted',
    id: 'namespace',
    change: (objects) => {
      monitoring(objects).status.phase = 'Terminating';
    },
    verdict: 'fail',
    observed: 'namespace monitoring is being deleted',
  },
  {
    what: 'a namespace that enforces baseline',
    id: 'pod-security',
    change: (objects) => {
      monitoring(objects).metadata.labels['pod-security.kubernetes.io/enforce'] = 'baseline';
    },
    verdict: 'fail',
    observed: `namespace monitoring enforces baseline, which refuses ${AGENT}`,
  },
  {
    what: 'a namespace that warns about what is not restricted',
    id: 'pod-security',
    change: (objects) => {
      monitoring(objects).metadata.labels['pod-security.kubernetes.io/warn'] = 'restricted';
    },
    verdict: 'warn',
    observed: `namespace monitoring warns about or audits ${AGENT}`,
  },
  {
    what: 'Talos, which enforces baseline without a label',
    id: 'pod-security',
    change: reportAll({ osImage: 'Talos (v1.11.3)' }),
    verdict: 'fail',
    observed: `namespace monitoring enforces baseline (the default of Talos), which refuses ${AGENT}`,
  },
  {
    what: 'RKE2, which may enforce restricted without a label',
    id: 'pod-security',
    change: reportAll({ kubeletVersion: 'v1.33.5+rke2r1' }),
    verdict: 'unknown',
    observed:
      'namespace monitoring has no label pod-security.kubernetes.io/enforce, and Kubernetes v1.33.5+rke2r1 may enforce restricted by default',
  },
  {
    what: 'OpenShift, which has a further admission',
    id: 'pod-security',
    change: reportAll({ osImage: 'Red Hat Enterprise Linux CoreOS 418.94.202510060116-0' }),
    verdict: 'unknown',
    observed:
      'OpenShift admits Deployment monitoring/tempo, Deployment monitoring/otel-collector, StatefulSet monitoring/loki, DaemonSet monitoring/promtail by SecurityContextConstraints, which preflight does not read',
  },
  {
    what: 'GKE Autopilot, which refuses host paths',
    id: 'pod-security',
    change: (objects) => {
      node1(objects).metadata.name = 'gk3-autopilot-pool-2-1a2b3c4d-x5yz';
    },
    verdict: 'fail',
    observed:
      'GKE Autopilot manages gk3-autopilot-pool-2-1a2b3c4d-x5yz and refuses DaemonSet monitoring/promtail: pods may not write to folders of their node',
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
    observed: 'Service monitoring/loki exists, part of the Helm release loki-stack',
  },
];

reports(WRONG);

test('does not report an object of this stack as a clash', () => {
  const [result] = assess('name-clashes', (objects) => objects.push(claim('gp3', '30Gi')));

  expect(result?.verdict).toBe('ok');
  expect(result?.observed).toMatch(/^1 of \d+ objects exist, and are part of this stack$/);
});

test.each(['privileged', 'baseline'])(
  'lets the label %s of a namespace override the Talos default',
  (level) => {
    const [result] = assess('pod-security', (objects) => {
      reportAll({ osImage: 'Talos (v1.11.3)' })(objects);
      monitoring(objects).metadata.labels['pod-security.kubernetes.io/enforce'] = level;
    });

    expect(result?.verdict).toBe(level === 'privileged' ? 'ok' : 'fail');
    expect(result?.observed).toContain(`namespace monitoring enforces ${level}`);
  },
);
