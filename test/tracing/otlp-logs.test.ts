import { describe, expect, test } from '@jest/globals';
import { caseManifests, config, configOf, type Manifest, manifest, settings } from '../support/render';

const ENABLED = { logs: { otlp: { enabled: true } } };

describe('logs of OpenTelemetry SDKs', () => {
  test('are rejected by default', () => {
    const collector = config({}, 'otel-collector');

    expect(Object.keys(collector.service.pipelines)).toEqual(['traces/in', 'traces/tempo', 'metrics/spans']);
    expect(JSON.stringify(collector)).not.toContain('loki');
  });

  test('come in where traces do, and go to Loki', () => {
    const { service, exporters } = config(ENABLED, 'otel-collector');

    expect(service.pipelines.logs).toMatchObject({ receivers: ['otlp'], exporters: ['otlp_http/loki'] });
    expect(exporters['otlp_http/loki'].endpoint).toBe('http://loki:3100/otlp');
  });

  test.each([
    [ENABLED, ['namespace', 'pod', 'container', 'app', 'node', 'stream']],
    [
      { logs: { ...ENABLED.logs, labels: ['namespace', 'pod', 'container'] } },
      ['namespace', 'pod', 'container'],
    ],
    [
      { ...ENABLED, cluster: { name: 'eu-1' } },
      ['namespace', 'pod', 'container', 'app', 'node', 'stream', 'cluster'],
    ],
  ])('have the labels of log lines: %j', (values, labels) => {
    const { processors } = config(values, 'otel-collector');
    const statements: string[] = processors['transform/log_labels'].log_statements[0].statements;
    const kept = JSON.parse(
      /\[.*\]/.exec(statements.find((one) => one.startsWith('keep_keys')) ?? '')?.[0] ?? '[]',
    );

    expect([...kept].sort()).toEqual([...labels, 'parser', 'exclude'].sort());
  });

  test('keep their attributes, which lines of log files do not have', () => {
    const attributes = (values: object) => config(values, 'loki').limits_config.otlp_config.log_attributes;

    expect(attributes(ENABLED)).not.toContainEqual({ action: 'drop', regex: '.*' });
    expect(attributes({})).toContainEqual({ action: 'drop', regex: '.*' });
  });

  test('may reach Loki, which nothing but agents writes to otherwise', () => {
    const clients = (values: object): string[] =>
      manifest(values, 'NetworkPolicy', 'loki').spec.ingress.flatMap(({ from }: Manifest) =>
        from.map(({ podSelector }: Manifest) => podSelector?.matchLabels.app),
      );

    expect(clients(ENABLED)).toContain('otel-collector');
    expect(clients({})).not.toContain('otel-collector');
  });

  test('wait in the queue on disk, if traces do', () => {
    const queue = (values: object) =>
      config(values, 'otel-collector').exporters['otlp_http/loki'].sending_queue.storage;

    expect(queue(ENABLED)).toBeUndefined();
    expect(queue({ ...ENABLED, tracing: { queue: { persistent: true } } })).toBe('file_storage/queue');
  });

  test('of excluded namespaces are dropped', () => {
    const { processors } = configOf(caseManifests('everything-otel'), 'otel-collector');

    expect(processors['filter/logs'].log_conditions).toContain(
      'ContainsValue(["kube-system"], resource.attributes["namespace"])',
    );
  });

  test('need tracing, whose collector accepts them', () => {
    const without = { ...ENABLED, tracing: { enabled: false }, tempo: { enabled: false } };

    expect(() => settings(without)).toThrow(
      'logs.otlp.enabled must be false with tracing.enabled false, because no collector would accept logs',
    );
  });

  test('need a collector', () => {
    expect(() => settings({ ...ENABLED, tracing: { sampling: { type: 'client' } } })).toThrow(
      'logs.otlp.enabled must be false with tracing.sampling.type client, which has no collector to accept logs',
    );
  });
});
