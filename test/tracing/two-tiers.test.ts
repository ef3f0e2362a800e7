import { describe, expect, test } from '@jest/globals';
import {
  config as daemonConfig,
  type Manifest,
  manifest,
  manifests,
  mistakes,
  settings,
} from '../support/render';

const tiers = (tracing: object = {}) => ({
  tracing: { sampling: { type: 'tail', replicas: 3, expectedSpansPerSecond: 4_000 }, ...tracing },
});
const first = (values: object = tiers()) => daemonConfig(values, 'otel-collector');
const second = (values: object = tiers()) => daemonConfig(values, 'otel-sampler');
const sampler = (tracing?: object) => manifest(tiers(tracing), 'StatefulSet', 'otel-sampler').spec;
const named = (config: Manifest, role: string) =>
  new Set(Object.values<Manifest>(config.service.pipelines).flatMap((pipeline) => pipeline[role] ?? []));

describe('two tiers of collectors', () => {
  test('exist only with several collectors that sample', () => {
    const objects = manifests(settings({ tracing: { sampling: { type: 'tail', replicas: 1 } } }));

    expect(objects).toEqual(manifests(settings()));
    expect(JSON.stringify(objects)).not.toContain('otel-sampler');
  });

  test('receive, name the pod and distribute by trace id in the first', () => {
    const { receivers, exporters, connectors, service } = first();

    expect(Object.keys(receivers)).toEqual(['otlp', 'jaeger', 'zipkin']);
    expect(connectors).toEqual({});
    expect(service.pipelines).toEqual({
      'traces/in': {
        receivers: ['otlp', 'jaeger', 'zipkin'],
        processors: ['memory_limiter', 'transform/jaeger', 'k8s_attributes', 'transform/no-pod'],
        exporters: ['load_balancing'],
      },
    });
    expect(exporters.load_balancing).toMatchObject({
      routing_key: 'traceID',
      resolver: { dns: { hostname: 'otel-sampler.monitoring.svc.cluster.local', port: '4317' } },
    });
  });

  test('count, sample and store in the second', () => {
    const { receivers, processors, service } = second();

    expect(Object.keys(receivers.otlp.protocols)).toEqual(['grpc']);
    expect(processors).not.toHaveProperty('k8s_attributes');
    expect(service.pipelines['traces/in']).toEqual({
      receivers: ['otlp'],
      processors: ['memory_limiter'],
      exporters: ['span_metrics', 'service_graph', 'forward/sampling'],
    });
    expect(service.pipelines['traces/tempo'].exporters).toEqual(['otlp_grpc/tempo']);
  });

  test.each([
    ['first', first],
    ['second', second],
  ])('use exactly the components that they configure in the %s', (_, config) => {
    const whole = config({ ...tiers({ remoteSampling: true }), logs: { otlp: { enabled: true } } });
    const known = (...sections: string[]) =>
      new Set(sections.flatMap((section) => Object.keys(whole[section])));

    expect(named(whole, 'receivers')).toEqual(known('receivers', 'connectors'));
    expect(named(whole, 'processors')).toEqual(known('processors'));
    expect(named(whole, 'exporters')).toEqual(known('connectors', 'exporters'));
    expect(new Set(whole.service.extensions)).toEqual(known('extensions'));
  });

  test('accept the logs of SDKs in the first, and serve sampling strategies there', () => {
    const values = { ...tiers({ remoteSampling: true }), logs: { otlp: { enabled: true } } };

    expect(first(values).service.pipelines.logs.exporters).toEqual(['otlp_grpc/loki']);
    expect(first(values).extensions).toHaveProperty('jaegerremotesampling');
    expect(second(values).service.pipelines).not.toHaveProperty('logs');
    expect(second(values).extensions).not.toHaveProperty('jaegerremotesampling');
  });

  test('let spans for one collector wait without sending the others again, and then move to another', () => {
    const { protocol, retry_on_failure, sending_queue } = first(tiers({ firstTier: { queueSize: '200Mi' } }))
      .exporters.load_balancing;

    expect(sending_queue).toEqual({ enabled: true, sizer: 'bytes', queue_size: 200 * 2 ** 20 });
    expect(retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
    expect(protocol.otlp.sending_queue.enabled).toBe(false);
    expect(protocol.otlp.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '10s' });
  });

  test('size each collector of the second for its part while another restarts', () => {
    const { processors, connectors } = second();

    expect(processors.tail_sampling).toMatchObject({
      num_traces: 2 * 10 * 2_000,
      expected_new_traces_per_sec: 2_000,
    });
    expect(connectors.service_graph.store.max_items).toBe(15 * 2_000);
  });

  test('keep the queue to Tempo on a volume of each pod that outlives it, unless the values keep it in memory', () => {
    const [claim] = sampler({ queue: { storage: { size: '3Gi' } } }).volumeClaimTemplates;

    expect(claim.spec.resources.requests.storage).toBe('3Gi');
    expect(sampler().template.spec.containers[0].volumeMounts).toContainEqual({
      name: claim.metadata.name,
      mountPath: '/var/lib/otelcol',
    });
    expect(second().exporters['otlp_grpc/tempo'].sending_queue.storage).toBe('file_storage/queue');
    expect(sampler().persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
    expect(sampler({ queue: { persistent: false } }).volumeClaimTemplates).toBeUndefined();
    expect(manifests(settings(tiers())).filter(({ kind }) => kind === 'PersistentVolumeClaim')).toHaveLength(
      2,
    );
  });

  test('find ready pods by a headless Service, which Prometheus also scrapes', () => {
    const { spec } = manifest(tiers(), 'Service', 'otel-sampler');
    const { endpoints } = manifest(tiers(), 'ServiceMonitor', 'otel-sampler').spec;

    expect(spec.clusterIP).toBe('None');
    expect(spec.publishNotReadyAddresses).toBeUndefined();
    expect(sampler().serviceName).toBe('otel-sampler');
    expect(endpoints.map(({ port, honorLabels }: Manifest) => [port, honorLabels])).toEqual([
      ['metrics', false],
      ['span-metrics', true],
    ]);
    const ports = manifest(tiers(), 'Service', 'otel-collector').spec.ports.map(({ name }: Manifest) => name);
    expect(ports).toContain('otlp-grpc');
    expect(ports).not.toContain('span-metrics');
  });

  test('lose one pod at a time to a drain, and spread over nodes', () => {
    for (const name of ['otel-collector', 'otel-sampler'])
      expect(manifest(tiers(), 'PodDisruptionBudget', name).spec.maxUnavailable).toBe(1);
    for (const template of [
      sampler().template,
      manifest(tiers(), 'Deployment', 'otel-collector').spec.template,
    ])
      expect(template.spec.topologySpreadConstraints[0]).toMatchObject({
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
      });
  });

  test('replace pods of the first without a gap, and give the second no token', () => {
    const { strategy, replicas } = manifest(tiers(), 'Deployment', 'otel-collector').spec;
    const { interval } = first().exporters.load_balancing.resolver.dns;

    expect(replicas).toBe(2);
    expect(strategy.type).toBe('RollingUpdate');
    expect(sampler().template.spec.automountServiceAccountToken).toBe(false);
    // A list of addresses may be as old as the interval, and as the record in a cache for 5 s.
    expect(sampler().minReadySeconds).toBeGreaterThan(Number.parseInt(interval, 10) + 5);
  });

  test('lead from the applications to Tempo and nowhere else', () => {
    const policy = (name: string) => manifest(tiers(), 'NetworkPolicy', name).spec;
    const clients = (name: string, port: number) =>
      policy(name)
        .ingress.filter(({ ports }: Manifest) => ports.some((one: Manifest) => one.port === port))
        .flatMap(({ from }: Manifest) => from)
        .map(({ podSelector }: Manifest) => podSelector?.matchLabels.app);

    expect(clients('otel-sampler', 4317)).toEqual(['otel-collector']);
    expect(clients('tempo', 4317)).toEqual(['otel-sampler']);
    expect(JSON.stringify(policy('otel-sampler').egress)).not.toContain('443');
  });

  test('have a volume that is at least twice the queue', () => {
    const queue = { size: '600Mi' };

    expect(mistakes(tiers({ queue }))).toEqual([
      'tracing.queue.storage.size must be at least twice tracing.queue.size (600Mi), because the space of sent data is freed later',
    ]);
    expect(
      mistakes(
        tiers({ queue: { ...queue, persistent: false }, resources: { memory: '1Gi', memoryLimit: '4Gi' } }),
      ),
    ).toEqual([]);
  });
});
