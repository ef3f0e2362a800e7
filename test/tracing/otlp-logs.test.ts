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

    expect(service.pipelines.logs).toMatchObject({ receivers: ['otlp'], exporters: ['otlp_grpc/loki'] });
    expect(exporters['otlp_http/loki'].endpoint).toBe('http://loki:3100/otlp');
  });

  test('are dropped where Loki answers 429, and repeated where all else fails, by a queue that sends to itself', () => {
    const { receivers, exporters, service } = config(ENABLED, 'otel-collector');
    const [queue, loki] = [exporters['otlp_grpc/loki'], exporters['otlp_http/loki']];

    expect(queue.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
    expect(queue.endpoint).toMatch(/^127\.0\.0\.1:/);
    expect(receivers['otlp/loki'].protocols.grpc.endpoint).toBe(queue.endpoint);
    expect(service.pipelines['logs/loki']).toEqual({
      receivers: ['otlp/loki'],
      exporters: ['otlp_http/loki'],
    });
    expect(loki).toMatchObject({ sending_queue: { enabled: false }, retry_on_failure: { enabled: false } });
  });

  test('wait for another store as long as it rejects them, because its limits are not known', () => {
    const destinations = { central: { url: 'https://loki.example.com' } };
    const { exporters } = config(
      { logs: { agent: 'otel', otlp: { enabled: true }, destinations } },
      'otel-collector',
    );

    expect(exporters['otlp_http/logs-central']).toMatchObject({
      sending_queue: { enabled: true },
      retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
    });
    expect(exporters).not.toHaveProperty('otlp_grpc/logs-central');
  });

  test.each<[string, object, number]>([
    ['one collector', {}, 1],
    ['two independent collectors', { tracing: { sampling: { type: 'probabilistic', replicas: 2 } } }, 2],
    [
      'a first tier of four',
      { tracing: { sampling: { type: 'tail', replicas: 3 }, firstTier: { replicas: 4 } } },
      4,
    ],
  ])('are accepted at once after an outage, from the queues of %s', (_, values, collectors) => {
    const bursts = (more: object) => {
      const { ingestion_burst_size_mb: all, per_stream_rate_limit_burst: stream } = config(
        { ...values, ...more },
        'loki',
      ).limits_config;
      return [all, Number.parseInt(stream, 10) / 1024];
    };
    const [[all, stream], [allBefore, streamBefore]] = [bursts(ENABLED), bursts({})] as [number[], number[]];
    const queue =
      config({ ...values, ...ENABLED }, 'otel-collector').exporters['otlp_grpc/loki'].sending_queue
        .queue_size /
      2 ** 20;

    expect((all ?? 0) - (allBefore ?? 0)).toBe(collectors * queue);
    expect((stream ?? 0) - (streamBefore ?? 0)).toBe(collectors * queue);
  });

  test('reach the collector itself on ports that no other receiver has, one for each tenant', () => {
    const tenants = { 'team-a': ['shop'], 'team-b': ['search'] };
    const loki = { limits: { maxStreams: 1_000 } };
    const { receivers } = config({ ...ENABLED, tenants, loki }, 'otel-collector');
    const endpoints: string[] = Object.values<Manifest>(receivers).flatMap(({ endpoint, protocols = {} }) => [
      ...(endpoint ? [endpoint] : []),
      ...Object.values<Manifest>(protocols).map((one) => one.endpoint),
    ]);
    const ports = endpoints.map((endpoint) => endpoint.split(':').at(-1));

    expect(Object.keys(receivers)).toEqual(
      expect.arrayContaining(['otlp/loki-team-a', 'otlp/loki-team-b', 'otlp/loki-shared']),
    );
    expect(new Set(ports).size).toBe(ports.length);
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
      config(values, 'otel-collector').exporters['otlp_grpc/loki'].sending_queue.storage;

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
