import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../review/support';
import { manifests, settings } from '../support/render';

const login = { authentication: { type: 'basic', secretName: 'login' } };
const central = { url: 'https://logs.example.com', ...login };
const other = { url: 'https://other.example.com' };

const values = (agent: string, destinations: object, loki = false) => ({
  loki: { enabled: loki },
  tempo: { enabled: false },
  logs: { agent, destinations },
  tracing: { destinations, resources: { memoryLimit: '2Gi' } },
});

/** Effects and rules about configs, without what is said of every change of a ConfigMap. */
function assessed(before: object, after: object): string[] {
  const found = findingsOf(manifests(settings(before)), manifests(settings(after)));
  expect(found.filter(({ effect }) => effect === 'unknown').map(({ rule }) => rule)).toEqual([]);
  return [
    ...new Set(
      found
        .filter(({ rule }) => /otel-agent|promtail|collector/.test(rule))
        .map(({ effect, rule }) => `${effect} ${rule}`),
    ),
  ];
}

describe('review of destinations', () => {
  test.each<[string, object, object, string[]]>([
    [
      'a new one',
      { central },
      { central, other },
      ['access collector-exporter-new', 'capacity otel-agent-destination-new'],
    ],
    [
      'one that is gone, with its queue',
      { central, other },
      { central },
      ['data-loss collector-exporter', 'data-loss otel-agent-destination-gone'],
    ],
    [
      'another address',
      { central },
      { central: { ...central, url: 'https://b.example.com' } },
      ['data-loss collector-exporter', 'live otel-agent-client'],
    ],
    [
      'another tenant',
      { central },
      { central: { ...central, tenant: 'b' } },
      ['live collector-destination', 'live otel-agent-client'],
    ],
    [
      'another kind of credentials',
      { central },
      { central: { ...central, authentication: { type: 'bearer', secretName: 'token' } } },
      ['live collector-destination', 'live otel-agent-client'],
    ],
    [
      'a certificate authority',
      { central },
      { central: { ...central, caConfigMapName: 'ca' } },
      ['live collector-destination', 'live otel-agent-client'],
    ],
  ])('assesses %s', (_, before, after, expected) => {
    expect(assessed(values('otel', before), values('otel', after)).sort()).toEqual(expected);
  });

  test.each<[string, object, string]>([
    ['another tenant', { ...central, tenant: 'b' }, 'live promtail-client-access'],
    ['another address', { ...central, url: 'https://b.example.com' }, 'live promtail-client'],
    [
      'a token',
      { ...central, authentication: { type: 'bearer', secretName: 'a' } },
      'live promtail-client-access',
    ],
  ])('assesses %s of Promtail', (_, after, expected) => {
    expect(assessed(values('promtail', { central }), values('promtail', { central: after }))).toContain(
      expected,
    );
  });
});
