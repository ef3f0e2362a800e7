import { describe, expect, test } from '@jest/globals';
import { expectedStreams } from '../../lib/capacity/logs';
import { LOKI } from '../../lib/capacity/measured';
import { Duration } from '../../lib/kubernetes/duration';
import { lokiConfig } from '../../lib/loki/config';
import { settings } from '../support/render';

/** Streams of a cluster of one node, one pod and one container, and of what a test says. */
function streams(cluster: object = {}, labels = ['namespace', 'pod', 'container']) {
  const one = { nodes: 1, podsPerNode: 1, containersPerPod: 1, newPodsPerHour: 0 };
  const of = settings({ cluster: { ...one, ...cluster }, logs: { labels } });
  return expectedStreams(of.cluster, of.logs.labels);
}

describe('the streams of a cluster', () => {
  test('are its containers, and twice as many while all pods are replaced', () => {
    expect(streams({ nodes: 5, podsPerNode: 20, containersPerPod: 3 })).toEqual({ usual: 300, most: 600 });
  });

  test('double with the label stream and with no other label', () => {
    expect(streams({}, ['namespace', 'pod', 'container', 'app', 'node', 'job']).usual).toBe(1);
    expect(streams({}, ['namespace', 'pod', 'container', 'stream']).usual).toBe(2);
  });

  test('include those of ended pods until they are idle for half an hour', () => {
    expect(streams({ newPodsPerHour: 120 })).toEqual({ usual: 63, most: 64 });
  });

  test('are active for the time in the config of Loki', () => {
    const { loki, cluster } = settings();
    const { chunk_idle_period, max_chunk_age, chunk_target_size } = lokiConfig(loki, {
      ring: cluster,
      sources: { streamLabels: [], otlp: false, fields: [] },
      tenants: [],
    }).ingester;
    const minutes = (text: string) => (Duration.parse(text)?.seconds ?? 0) / 60;

    expect(LOKI.idleMinutes).toBe(minutes(chunk_idle_period) + 1);
    expect(LOKI.chunkHours * 60).toBe(minutes(max_chunk_age));
    expect(LOKI.chunkBytes).toBe(chunk_target_size);
  });
});
