import { describe, expect, test } from '@jest/globals';
import { printedAgents } from '../../lib/logs/print';
import type { Settings } from '../../lib/settings';
import { ValuesError } from '../../lib/values/problem';
import { logHops } from '../../scripts/smoke/logs';
import { type Manifest, manifests, settings } from '../support/render';

const NONE = { logs: { agent: 'none' }, networkPolicies: { logAgent: { podLabels: { app: 'fluent-bit' } } } };
const agentsOf = (values: object) =>
  manifests(settings(values))
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'log-agent')
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);

function mistake(values: object): string {
  try {
    settings(values);
    return '';
  } catch (error) {
    if (error instanceof ValuesError) return error.message.replace(/^\S+ /, '');
    throw error;
  }
}

describe('logs.agent', () => {
  test('installs one agent, the same objects of either', () => {
    const kinds = (agent: string) => agentsOf({ logs: { agent } }).map((one) => one.split(' ')[0]);

    expect(kinds('promtail')).toContain('DaemonSet');
    expect(kinds('otel')).toEqual(kinds('promtail'));
  });

  test('none installs none, and lets the one of the operator send to Loki', () => {
    const objects = manifests(settings(NONE));
    const loki = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'loki');
    const peers = loki.spec.ingress.flatMap(({ from }: Manifest) => from);

    expect(agentsOf(NONE)).toEqual([]);
    expect(peers).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
      podSelector: { matchLabels: { app: 'fluent-bit' } },
    });
    expect(JSON.stringify(objects)).not.toMatch(/promtail|otelcol_processor_filter_logs_filtered/);
  });

  test('none needs to know who sends, as nothing would reach Loki', () => {
    expect(mistake({ logs: { agent: 'none' } })).toMatch(
      /^networkPolicies\.logAgent\.podLabels must name the pods of your own agent/,
    );
    expect(mistake({ logs: { agent: 'none' }, networkPolicies: { enabled: false } })).toBe('');
    expect(mistake({ networkPolicies: { logAgent: { cidrs: ['10.0.0.0/16'] } } })).toMatch(
      /must be null with logs\.agent promtail/,
    );
  });

  test('otel needs a queue for fifteen minutes of logs, if they are known', () => {
    const values = (logsPerDay: string, size?: string) => ({
      cluster: { nodes: 1, podsPerNode: 10 },
      logs: { agent: 'otel' },
      capacity: { logsPerDay },
      loki: { storage: { size: '200Gi' }, resources: { memory: '2Gi', memoryLimit: '8Gi', cpu: '1' } },
      ...(size && { otelAgent: { queue: { size } } }),
    });

    expect(mistake(values('10Gi'))).toBe('');
    expect(mistake(values('10Gi', '100Mi'))).toMatch(/^otelAgent\.queue\.size must be at least 598Mi/);
  });

  test('is reported while it is one without fixes', () => {
    const named = (name: string, agent: string) => ({
      name,
      settings: settings({ logs: { agent } }) as Settings,
    });

    expect(printedAgents([named('a', 'promtail'), named('b', 'otel')])).toMatch(
      /^a: Promtail reached its end of life on 2026-03-02; logs\.agent otel replaces it/,
    );
    expect(printedAgents([named('b', 'otel')])).toBe('');
  });

  test('none leaves the agent out of the smoke test', async () => {
    const now = Date.now();
    const hops = await logHops('http://127.0.0.1:9', { id: 'x', startMs: now, deadlineMs: now }, undefined);

    expect(hops.find(({ hop }) => hop === 'agent: pod to loki')?.verdict).toBe('skip');
  });
});
