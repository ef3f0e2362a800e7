import { describe, expect, test } from '@jest/globals';
import { readAdditions } from '../lib/additions';
import { excesses } from '../lib/budget/budget';
import { requestsOf } from '../lib/kubernetes/requests';
import { stackSettings } from '../lib/settings';
import { readClusters } from '../lib/values/read-clusters';
import { workloadsOf } from '../scripts/objects';
import { brokenConnections, connectionsIn } from './support/connections';
import { describeManifests } from './support/describe-manifests';
import { CASE_NAMES, caseManifests, caseSettings, type Manifest, manifests } from './support/render';

// What is checked here is yours: every cluster of values/. The other tests are about this product, and do not depend on
// values/ at all.

const CLUSTERS = readClusters('values', stackSettings);
const ADDITIONS = readAdditions(
  '.',
  CLUSTERS.map(({ settings }) => settings),
);

const existingPods = ({ grafana, networkPolicies }: (typeof CLUSTERS)[number]['settings']) => ({
  grafana: { namespace: grafana.namespace, labels: networkPolicies.grafana.podLabels },
  prometheus: {
    namespace: networkPolicies.prometheus.namespace,
    labels: networkPolicies.prometheus.podLabels,
  },
});

for (const { name, settings } of CLUSTERS)
  describeManifests(`the cluster ${name}`, manifests(settings, ADDITIONS));

describe.each(CLUSTERS)('the cluster $name', ({ settings }) => {
  const objects = manifests(settings, ADDITIONS);

  test('stays within its budget', () => {
    const requests = requestsOf(objects, { nodes: settings.cluster.nodes });

    expect(excesses(requests, settings.budget)).toEqual([]);
  });

  test('connects its parts, Grafana and Prometheus', () => {
    const connections = connectionsIn(objects, existingPods(settings));

    // Prometheus reads the metrics of each.
    expect(connections.length).toBeGreaterThanOrEqual(workloadsOf(objects).length);
    expect(brokenConnections(objects, connections)).toEqual([]);
  });
});

describe.each(CASE_NAMES)('a connection of the case %s', (name) => {
  const objects = caseManifests(name);
  const connections = connectionsIn(objects, existingPods(caseSettings(name)));
  /** The objects with something removed from all of one kind. */
  const without = (kind: string, remove: (object: Manifest) => void) => {
    const changed = structuredClone(objects);
    for (const object of changed.filter((one) => one.kind === kind)) remove(object);
    return changed;
  };

  test('breaks without the port of the Service, its selector, or the rules of a NetworkPolicy', () => {
    const policies = objects.some(({ kind }) => kind === 'NetworkPolicy');
    const broken = [
      without('Service', ({ spec }) => {
        spec.ports = [];
      }),
      without('Service', ({ spec }) => {
        spec.selector = { app: 'nothing' };
      }),
      without('NetworkPolicy', ({ spec }) => {
        spec.ingress = [];
      }),
    ].map((changed) => brokenConnections(changed, connections).length);

    expect(brokenConnections(objects, connections)).toEqual([]);
    expect(broken).toEqual([connections.length, connections.length, policies ? connections.length : 0]);
  });
});
