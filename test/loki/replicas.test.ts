/** @jest-environment node */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { config, manifest, manifests, mistakes, settings } from '../support/render';

const storage = {
  type: 's3',
  size: '30Gi',
  bucket: 'example-loki',
  region: 'eu-central-1',
  identity: { type: 'pod-identity' },
};
const ring = { loki: { storage, replicas: 3 } };

describe('several replicas of Loki', () => {
  afterEach(() => void jest.restoreAllMocks());
  const today = (day: string) => jest.spyOn(Date, 'now').mockReturnValue(Date.parse(`${day}T23:59:00Z`));
  const moved = { storage, replicas: 3, periods: { '2024-04-01': 'filesystem', '2026-12-05': 's3' } };

  test('need a bucket', () => {
    expect(mistakes({ loki: { replicas: 3 } })).toEqual([
      'loki.replicas must be 1 with loki.storage.type filesystem, because no replica can read the volume of another; see docs/object-storage.md, got 3',
    ]);
  });

  test.each([0, 2, 4, 7, '3'])('are not %j', (replicas) => {
    expect(mistakes({ loki: { storage, replicas } })).toEqual([
      `loki.replicas must be 1, 3 or 5, got ${JSON.stringify(replicas)}`,
    ]);
  });

  test('wait until nothing that is kept is on the volume, and say until when', () => {
    const message =
      'loki.replicas must be 1 until 2026-12-13, because logs within loki.retention (7d) are on the volume, which only one pod can read; Loki would return results without them, got 3';

    for (const day of ['2026-11-26', '2026-12-05', '2026-12-12']) {
      today(day);
      expect(mistakes({ loki: moved })).toEqual([message]);
    }
    for (const day of ['2026-12-13', '2027-06-01']) {
      today(day);
      expect(mistakes({ loki: moved })).toEqual([]);
    }
  });

  test('wait for the last of several periods of the volume', () => {
    today('2026-12-14');
    const periods = { '2024-04-01': 's3', '2025-01-01': 'filesystem', '2026-12-05': 's3' };

    expect(mistakes({ loki: { ...moved, periods } })).toEqual([]);
    expect(mistakes({ loki: { ...moved, periods, retention: '30d' } })[0]).toContain(
      'must be 1 until 2027-01-05',
    );
  });

  test('render the same on every day', () => {
    today('2027-01-01');
    const first = JSON.stringify(manifests(settings({ loki: moved })));
    today('2030-01-01');

    expect(JSON.stringify(manifests(settings({ loki: { ...moved, logLevel: 'info' } })))).toBe(first);
  });

  test('store each line three times, and are found by a Service that leads to pods that are not ready', () => {
    const { common, memberlist, ruler } = config(ring, 'loki');
    const { spec } = manifest(ring, 'Service', 'loki-headless');

    expect(common).toMatchObject({ replication_factor: 3, ring: { kvstore: { store: 'memberlist' } } });
    expect(memberlist.join_members).toEqual(['dns+loki-headless.monitoring.svc.cluster.local:7946']);
    expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(ruler.enable_sharding).toBe(true);
  });

  test('have a node and a volume each, and lose one at a time', () => {
    const { spec } = manifest(ring, 'StatefulSet', 'loki');
    const [term] = spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;

    expect(term.topologyKey).toBe('kubernetes.io/hostname');
    expect(spec.volumeClaimTemplates).toHaveLength(1);
    expect(manifest(ring, 'PodDisruptionBudget', 'loki').spec.maxUnavailable).toBe(1);
  });

  test('keep the rules of the values about other pods', () => {
    const wanted = {
      topologyKey: 'topology.kubernetes.io/zone',
      labelSelector: { matchLabels: { app: 'x' } },
    };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [wanted] } };
    const values = { loki: { ...ring.loki, scheduling: { affinity } } };
    const { podAntiAffinity } = manifest(values, 'StatefulSet', 'loki').spec.template.spec.affinity;

    expect(podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toMatchObject([
      wanted,
      { topologyKey: 'kubernetes.io/hostname' },
    ]);
  });

  test('are scraped once each', () => {
    const { selector } = manifest(ring, 'ServiceMonitor', 'loki').spec;
    const services = manifests(settings(ring)).filter(
      ({ kind, metadata }) =>
        kind === 'Service' &&
        Object.entries(selector.matchLabels).every(([key, value]) => metadata.labels[key] === value),
    );

    expect(services.map(({ metadata }) => metadata.name)).toEqual(['loki']);
  });
});
