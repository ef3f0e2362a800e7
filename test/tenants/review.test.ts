import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../review/support';
import { manifests, settings } from '../support/render';

const MEMORY = { resources: { memory: '2Gi', memoryLimit: '6Gi' } };
const values = (agent: string, { loki, ...more }: { loki?: object; tenants?: object }) => ({
  logs: { agent, otlp: { enabled: true } },
  loki: { ...MEMORY, ...loki },
  ...more,
});
const ONE = { tenants: { 'team-a': ['shop'] } };
const TWO = { tenants: { 'team-a': ['shop'], 'team-b': ['search'] } };
const limited = (retention: string) => ({ ...ONE, loki: { tenantLimits: { 'team-a': { retention } } } });

function assessed(before: object, after: object): string[] {
  const found = findingsOf(manifests(settings(before)), manifests(settings(after)));
  expect(found.filter(({ effect }) => effect === 'unknown').map(({ title }) => title)).toEqual([]);
  return [...new Set(found.map(({ effect, rule }) => `${effect} ${rule}`))];
}

describe.each(['promtail', 'otel'])('review of tenants with %s', (agent) => {
  const moved = agent === 'otel' ? 'access otel-agent-tenants' : 'access promtail-tenants';

  test('says that logs and traces go to other tenants when they are turned on or off', () => {
    for (const [before, after] of [
      [{}, ONE],
      [ONE, {}],
    ] as const)
      expect(assessed(values(agent, before), values(agent, after))).toEqual(
        expect.arrayContaining([
          'data-loss loki-tenant',
          'data-loss tempo-tenant',
          moved,
          'access collector-tenants',
        ]),
      );
  });

  test('says whose data moves when a namespace does', () => {
    expect(assessed(values(agent, ONE), values(agent, TWO))).toEqual(
      expect.arrayContaining([moved, 'access collector-tenants']),
    );
  });

  test('tells a shorter retention of a tenant from a longer one', () => {
    expect(assessed(values(agent, limited('3d')), values(agent, limited('2d')))).toContain(
      'deletes tenant-retention-lower',
    );
    expect(assessed(values(agent, limited('2d')), values(agent, limited('3d')))).toContain(
      'capacity tenant-limits',
    );
    expect(assessed(values(agent, ONE), values(agent, limited('2d')))).toContain('capacity tenant-limits');
  });
});
