import { describe, expect, test } from '@jest/globals';
import { CASE_NAMES, caseManifests, type Manifest, manifest } from '../support/render';

/** Every component that has metrics of its own. */
const SCRAPED = [
  'loki',
  'tempo',
  'promtail',
  'otel-agent',
  'otel-collector',
  'otel-sampler',
  'event-collector',
];

describe.each(CASE_NAMES)('the case %s', (name) => {
  const objects = caseManifests(name);
  const ofKind = (kind: string) => objects.filter((one) => one.kind === kind);
  const names = (kind: string) => ofKind(kind).map(({ metadata }) => metadata.name as string);

  test('has a ServiceMonitor and alerts for each of its workloads', () => {
    const workloads = objects.filter(({ spec }) => spec?.template).map(({ metadata }) => metadata.name);

    expect(workloads.length).toBeGreaterThanOrEqual(2);
    expect(SCRAPED).toEqual(expect.arrayContaining(workloads));
    expect(names('ServiceMonitor').sort()).toEqual(workloads.sort());
    expect(names('PrometheusRule').sort()).toEqual(workloads);
  });

  test('scrapes exactly the Service with its name, which is the job of its metrics', () => {
    for (const { metadata, spec } of ofKind('ServiceMonitor')) {
      const selected = ofKind('Service').filter((service) =>
        Object.entries(spec.selector.matchLabels).every(
          ([key, value]) => service.metadata.labels[key] === value,
        ),
      );
      expect(selected.map((service) => service.metadata.name)).toEqual([metadata.name]);
      expect(selected[0].metadata.namespace).toBe(metadata.namespace);
      // Without a selector it looks for Services in its own namespace, and without a label for the job it takes their name.
      expect([spec.namespaceSelector, spec.jobLabel]).toEqual([undefined, undefined]);
      const ports = selected[0].spec.ports.map((port: Manifest) => port.name);
      for (const { port } of spec.endpoints) expect(ports).toContain(port);
    }
  });

  test('has alerts on metrics of scraped jobs and namespaces', () => {
    const exprs: string[] = ofKind('PrometheusRule').flatMap(({ spec }) =>
      spec.groups[0].rules.map(({ expr }: Manifest) => expr),
    );
    const read = (label: string) =>
      new Set(
        exprs.flatMap((expr) =>
          [...expr.matchAll(new RegExp(`\\b${label}="([^"]*)"`, 'g'))].map(([, value]) => value),
        ),
      );

    expect([...read('job')].sort()).toEqual(names('ServiceMonitor').sort());
    expect([...read('namespace')]).toEqual([ofKind('ServiceMonitor')[0].metadata.namespace]);
    expect([...read('persistentvolumeclaim')].sort()).toEqual(names('PersistentVolumeClaim').sort());
    expect([...read('daemonset')]).toEqual(names('DaemonSet'));
  });

  test('keeps the service of the span as the job of span metrics only', () => {
    const honoring = ofKind('ServiceMonitor').flatMap(({ spec }) =>
      spec.endpoints.filter((one: Manifest) => one.honorLabels).map((one: Manifest) => one.port),
    );

    expect(honoring).toEqual(names('ServiceMonitor').includes('otel-collector') ? ['span-metrics'] : []);
  });
});

test('metrics of the agent have a node label', () => {
  expect(manifest({}, 'ServiceMonitor', 'promtail').spec.endpoints[0].relabelings).toEqual([
    { action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' },
  ]);
  expect(manifest({}, 'ServiceMonitor', 'loki').spec.endpoints[0].relabelings).toBeUndefined();
});

test('the Service of the agent is headless', () => {
  expect(manifest({}, 'Service', 'promtail').spec.clusterIP).toBe('None');
  expect(manifest({}, 'Service', 'loki').spec.clusterIP).toBeUndefined();
});

describe('thresholds of alerts', () => {
  const expr = (values: object, name: string, alert: string): string =>
    manifest(values, 'PrometheusRule', name).spec.groups[0].rules.find((one: Manifest) => one.alert === alert)
      .expr;

  test('follow the configured limits', () => {
    const limits = { maxStreams: 6_000, ingestionRate: '64Mi' };

    expect(expr({ loki: { limits } }, 'loki', 'LokiStreamsNearLimit')).toMatch(/ \/ 6000 > 0.8$/);
    expect(expr({ loki: { limits } }, 'loki', 'LokiIngestionNearLimit')).toMatch(/ \/ 67108864 > 0.8$/);
    expect(
      expr({ tempo: { limits: { maxLiveTraces: 9_000 } } }, 'tempo', 'TempoLiveTracesNearLimit'),
    ).toMatch(/ \/ 9000 > 0.8$/);
  });

  test('are those in the values', () => {
    const monitoring = {
      alerts: { limitPercent: 60, agentLag: '8Mi', slowQuery: '10s', volumeFreePercent: 30 },
    };

    expect(expr({ monitoring }, 'loki', 'LokiStreamsNearLimit')).toMatch(/ > 0.6$/);
    expect(expr({ monitoring }, 'promtail', 'PromtailFallsBehind')).toMatch(/ > 8388608$/);
    expect(expr({ monitoring }, 'tempo', 'TempoQueriesSlow')).toMatch(/ > 10$/);
    expect(expr({ monitoring }, 'tempo', 'TempoVolumeNearlyFull')).toContain(' < 0.3 or ');
  });
});
