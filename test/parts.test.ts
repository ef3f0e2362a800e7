import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { dashboardsOf } from './support/dashboards';
import { type Manifest, manifests, settings } from './support/render';

const WITHOUT_LOKI = { loki: { enabled: false }, logs: { agent: 'none' } };
const WITHOUT_TEMPO = { tempo: { enabled: false }, tracing: { enabled: false } };
const rendered = (values: object) => manifests(settings(values));
const named = (objects: readonly Manifest[]) => new Set(objects.map(({ metadata }) => metadata.name));
const datasources = (objects: readonly Manifest[]): Manifest[] => {
  const secret = objects.find(({ kind }) => kind === 'Secret');
  return parse(Object.values<string>(secret.stringData)[0] ?? '').datasources;
};

describe('a part that is left out', () => {
  test.each([
    ['Loki', WITHOUT_LOKI, /loki|promtail|log/],
    ['Tempo', WITHOUT_TEMPO, /tempo|otel-collector|trac/],
    ['the collector', { tracing: { enabled: false } }, /otel-collector/],
    ['Grafana', { grafana: { enabled: false } }, /grafana/],
  ])('leaves no object of %s, and nothing that connects to one', (_, values, left) => {
    const objects = rendered(values);
    // Names of the product itself are not those of a part.
    const names = [...named(objects)].map((name: string) => name.replace('logs-and-traces', ''));

    expect(objects.length).toBeGreaterThan(5);
    expect(names.filter((name) => left.test(name))).toEqual([]);
  });

  test.each([
    ['tempo', WITHOUT_TEMPO],
    ['loki', WITHOUT_LOKI],
  ])('is in no datasource, dashboard, alert, route or policy: %s', (part, values) => {
    const objects = rendered({
      ...values,
      ingress: { enabled: true },
      networkPolicies: { ingressController: { cidrs: ['10.0.0.0/24'] } },
    });
    const written = JSON.stringify(objects.filter(({ kind }) => kind !== 'ConfigMap'));
    const dashboards = dashboardsOf(objects);

    expect(written).not.toMatch(new RegExp(`\\b${part}\\b(?!/)`, 'i'));
    expect(datasources(objects).map(({ type }) => type)).not.toContain(part);
    expect(dashboards).toHaveLength(2);
    expect(JSON.stringify(dashboards)).not.toContain(`"type":"${part}"`);
  });

  test('of the collector makes Tempo the entrance of spans', () => {
    const objects = rendered({ tracing: { enabled: false } });
    const [service] = objects.filter(({ kind, metadata }) => kind === 'Service' && metadata.name === 'tempo');

    expect(service.spec.ports.map(({ port }: Manifest) => port)).toContain(4317);
    expect(datasources(objects).find(({ type }) => type === 'tempo').jsonData).not.toHaveProperty(
      'serviceMap',
    );
  });

  test.each([
    [{ loki: { enabled: false } }, 'logs.agent must be none with loki.enabled false'],
    [
      { loki: { enabled: false }, logs: { agent: 'none', otlp: { enabled: true } } },
      'logs.otlp.enabled must be false with loki.enabled false',
    ],
    [{ tempo: { enabled: false } }, 'tracing.enabled must be false with tempo.enabled false'],
    [{ ...WITHOUT_LOKI, ...WITHOUT_TEMPO }, 'loki.enabled must be true unless tempo.enabled is'],
  ])('is refused where another part needs it: %j', (values, message) => {
    expect(() => settings(values)).toThrow(message);
  });

  test('has no sizes and limits to fit', () => {
    const capacity = { logsPerDay: '900Gi', spansPerSecond: 50_000 };

    expect(() => settings({ capacity })).toThrow('loki.');
    expect(() => settings({ capacity: { logsPerDay: '900Gi' }, ...WITHOUT_LOKI })).not.toThrow();
    expect(() => settings({ capacity: { spansPerSecond: 50_000 }, ...WITHOUT_TEMPO })).not.toThrow();
  });
});
