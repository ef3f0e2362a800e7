import { describe, expect, test } from '@jest/globals';
import { config as daemonConfig, type Manifest, manifest, manifests, settings } from '../support/render';

const config = (tracing: object = {}) => daemonConfig({ tracing }, 'otel-collector');
const deployment = (tracing: object = {}) => manifest({ tracing }, 'Deployment', 'otel-collector').spec;
const container = (tracing: object = {}) => deployment(tracing).template.spec.containers[0];
const policies = (sampling: object) =>
  config({ sampling: { type: 'tail', ...sampling } }).processors.tail_sampling.policies;

describe('the collector', () => {
  test('accepts every protocol on its standard port', () => {
    const { ports } = manifest({}, 'Service', 'otel-collector').spec;

    expect(ports.map(({ port, protocol }: Manifest) => `${port}/${protocol}`)).toEqual([
      '4317/TCP',
      '4318/TCP',
      '14250/TCP',
      '14268/TCP',
      '6831/UDP',
      '6832/UDP',
      '9411/TCP',
      '8888/TCP',
      '8889/TCP',
    ]);
    expect(Object.keys(config().receivers)).toEqual(['otlp', 'jaeger', 'zipkin']);
  });

  test('computes metrics of every span before sampling', () => {
    const { pipelines } = config().service;

    expect(pipelines['traces/in'].exporters).toEqual(['span_metrics', 'service_graph', 'forward/sampling']);
    expect(pipelines['traces/in'].processors).not.toContain('tail_sampling');
    expect(pipelines['traces/tempo']).toEqual({
      receivers: ['forward/sampling'],
      processors: ['tail_sampling', 'batch'],
      exporters: ['otlp_grpc/tempo'],
    });
  });

  test('names the cluster of each span before it counts them, if the cluster has a name', () => {
    const { processors, service } = daemonConfig({ cluster: { name: 'prod-eu' } }, 'otel-collector');

    expect(processors['transform/cluster'].trace_statements[0].statements).toEqual([
      'set(attributes["k8s.cluster.name"], "prod-eu")',
    ]);
    expect(service.pipelines['traces/in'].processors.at(-1)).toBe('transform/cluster');
    expect(config().processors).not.toHaveProperty('transform/cluster');
  });

  test('uses exactly the configured components in its pipelines', () => {
    const { service, ...parts } = config({ queue: { persistent: true }, remoteSampling: true });
    const pipelines: Manifest[] = Object.values(service.pipelines);
    const named = (role: string) => new Set(pipelines.flatMap((pipeline) => pipeline[role] ?? []));
    const known = (...sections: string[]) =>
      new Set(sections.flatMap((section) => Object.keys(parts[section])));

    expect(named('receivers')).toEqual(new Set([...known('receivers'), ...known('connectors')]));
    expect(named('processors')).toEqual(known('processors'));
    expect(named('exporters')).toEqual(new Set([...known('connectors'), ...known('exporters')]));
    expect(new Set(service.extensions)).toEqual(known('extensions'));
  });

  test('keeps errors, slow traces, and a percentage of the rest', () => {
    expect(policies({ percentage: 1 })).toEqual([
      { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
      { name: 'slow', type: 'latency', latency: { threshold_ms: 2000 } },
      { name: 'ordinary', type: 'probabilistic', probabilistic: { sampling_percentage: 1 } },
    ]);
    expect(policies({ keepErrors: false, keepSlowerThan: null }).map(({ name }: Manifest) => name)).toEqual([
      'ordinary',
    ]);
  });

  test('gives a service its own percentage without adding the default one', () => {
    const [own, ordinary] = policies({ keepErrors: false, keepSlowerThan: null, services: { health: 0.1 } });
    const match = { key: 'service.name', values: ['health'] };

    expect(own.and.and_sub_policy[0].string_attribute).toEqual(match);
    expect(own.and.and_sub_policy[1].probabilistic).toEqual({ sampling_percentage: 0.1 });
    expect(ordinary.and.and_sub_policy[0].string_attribute).toEqual({ ...match, invert_match: true });
  });

  test('buffers undecided traces for twice the expected spans', () => {
    const { tail_sampling } = config({
      sampling: { type: 'tail', decisionWait: '20s', expectedSpansPerSecond: 500 },
    }).processors;

    expect(tail_sampling).toMatchObject({
      decision_wait: '20s',
      num_traces: 20_000,
      expected_new_traces_per_sec: 500,
    });
  });

  test('samples by trace id equally in every replica and replaces one at a time', () => {
    const tracing = { sampling: { type: 'probabilistic', percentage: 10, replicas: 3 } };
    const { processors, service } = config(tracing);

    expect(processors.probabilistic_sampler).toEqual({
      mode: 'hash_seed',
      hash_seed: 22,
      sampling_percentage: 10,
    });
    expect(service.pipelines['traces/tempo'].processors).toEqual(['probabilistic_sampler', 'batch']);
    expect(deployment(tracing).replicas).toBe(3);
    expect(manifest({ tracing }, 'PodDisruptionBudget', 'otel-collector').spec.maxUnavailable).toBe(1);
  });

  test('spreads its replicas over nodes and clients over its replicas', () => {
    const tracing = { sampling: { type: 'probabilistic', replicas: 3 } };
    const [constraint] = deployment(tracing).template.spec.topologySpreadConstraints;
    const grpc = (values: object) => config(values).receivers.otlp.protocols.grpc;

    expect(constraint).toMatchObject({
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: deployment(tracing).selector,
    });
    expect(grpc(tracing).keepalive.server_parameters.max_connection_age).toBe('1m');
    // The one of tail sampling keeps its connections.
    expect(grpc({}).keepalive).toBeUndefined();
    expect(deployment().template.spec.topologySpreadConstraints).toBeUndefined();
  });

  test('has capacity for every call whose peer span has not arrived yet', () => {
    const expecting = (expectedSpansPerSecond: number) =>
      config({ sampling: { type: 'tail', expectedSpansPerSecond } }).connectors.service_graph.store;

    expect(expecting(1_000)).toEqual({ ttl: '10s', max_items: 15_000 });
    expect(expecting(3_000).max_items).toBe(45_000);
  });

  test('runs one replica with tail sampling', () => {
    expect(deployment().replicas).toBe(1);
    expect(manifests(settings()).filter(({ kind }) => kind === 'PodDisruptionBudget')).toEqual([]);
  });

  test('does not exist if clients sample; Tempo then accepts the same protocols on the same ports', () => {
    const all = manifests(settings({ tracing: { sampling: { type: 'client' } } }));
    const tempo = all.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'tempo');

    expect(all.filter(({ metadata }) => metadata.name === 'otel-collector')).toEqual([]);
    expect(tempo.spec.ports.map(({ port }: Manifest) => port)).toEqual([
      3100, 4317, 4318, 14250, 14268, 6831, 6832, 9411,
    ]);
  });

  test("names its metrics as Grafana's Tempo datasource expects", () => {
    const { connectors, processors, exporters } = config();

    expect(connectors.span_metrics.namespace).toBe('traces.spanmetrics');
    expect(JSON.stringify(processors['transform/grafana'])).toContain('traces.spanmetrics.latency');
    expect(exporters.prometheus.without_scope_info).toBe(true);
  });

  test('has no series per process start, and a limit of all series', () => {
    expect(config({ maxSeries: 300 }).connectors.span_metrics).toMatchObject({
      exclude_dimensions: ['collector.instance.id'],
      aggregation_cardinality_limit: 300,
    });
  });

  test('is scraped by the existing Prometheus, which keeps the job of a metric', () => {
    const { metadata, spec } = manifest(
      { monitoring: { release: 'kps' } },
      'ServiceMonitor',
      'otel-collector',
    );

    expect(metadata.labels.release).toBe('kps');
    expect(spec.selector.matchLabels).toEqual(manifest({}, 'Service', 'otel-collector').spec.selector);
    expect(spec.endpoints.map(({ port, honorLabels }: Manifest) => [port, honorLabels])).toEqual([
      ['metrics', false],
      ['span-metrics', true],
    ]);
  });

  test('retries to Tempo without end, from a queue sized in bytes', () => {
    const { exporters, extensions } = config({ queue: { size: '64Mi' } });

    expect(exporters['otlp_grpc/tempo']).toMatchObject({
      endpoint: 'tempo:4317',
      retry_on_failure: { max_elapsed_time: '0s' },
      sending_queue: { sizer: 'bytes', queue_size: 64 * 2 ** 20 },
    });
    expect(Object.keys(extensions)).toEqual(['health_check']);
  });

  test('can keep its queue on a volume of any size, one pod at a time', () => {
    // In memory it would take twice the limit.
    const tracing = { queue: { persistent: true, size: '512Mi' } };

    expect(config(tracing).exporters['otlp_grpc/tempo'].sending_queue.storage).toBe('file_storage/queue');
    expect(container(tracing).volumeMounts).toContainEqual({ name: 'queue', mountPath: '/var/lib/otelcol' });
    expect(deployment(tracing).strategy).toEqual({ type: 'Recreate' });
    expect(
      manifest({ tracing }, 'PersistentVolumeClaim', 'otel-collector').spec.resources.requests.storage,
    ).toBe('1Gi');
  });

  test('rejects spans before the kernel kills it', () => {
    const { memory_limiter } = config({ resources: { memoryLimit: '2Gi' } }).processors;

    expect(memory_limiter).toEqual({ check_interval: '1s', limit_mib: 1638, spike_limit_mib: 409 });
    expect(config().service.pipelines['traces/in'].processors[0]).toBe('memory_limiter');
  });

  test('may only read pods, to add the pod of a span', () => {
    expect(manifest({}, 'ClusterRole', 'otel-collector').rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(config().service.pipelines['traces/in'].processors).toContain('k8s_attributes');
  });

  test('identifies the pod of a Jaeger client by the reported address and host name', () => {
    const { processors, service } = config();
    const sources = processors.k8s_attributes.pod_association.map((one: Manifest) =>
      one.sources.map(({ from, name }: Manifest) => name ?? from),
    );

    expect(service.pipelines['traces/in'].processors).toEqual([
      'memory_limiter',
      'transform/jaeger',
      'k8s_attributes',
      'transform/no-pod',
    ]);
    // Address and name together: pods in the network of a node share its address.
    expect(sources).toEqual([
      ['k8s.pod.uid'],
      ['k8s.pod.ip', 'k8s.pod.name'],
      ['k8s.pod.ip'],
      ['connection'],
    ]);
  });

  test('serves sampling strategies only if enabled', () => {
    expect(Object.keys(config().extensions)).toEqual(['health_check']);
    expect(Object.keys(manifest({}, 'ConfigMap', 'otel-collector').data)).toEqual(['collector.yaml']);
  });

  test('makes legacy Jaeger clients send everything', () => {
    const tracing = { remoteSampling: true };
    const { data } = manifest({ tracing }, 'ConfigMap', 'otel-collector');
    const { extensions, service } = config(tracing);
    const { http, grpc, source } = extensions.jaegerremotesampling;
    const everything = { type: 'probabilistic', param: 1 };

    expect(service.extensions).toContain('jaegerremotesampling');
    expect(http.endpoint).toBe('0.0.0.0:5778');
    // The default is the port of the Jaeger receiver.
    expect(grpc.endpoint).toBe('127.0.0.1:14251');
    expect(source.file).toBe('/etc/otelcol/sampling-strategies.json');
    expect(JSON.parse(data['sampling-strategies.json'])).toEqual({
      default_strategy: { ...everything, operation_strategies: [{ operation: 'any', ...everything }] },
    });
    const port = { name: 'jaeger-sampling', protocol: 'TCP' };
    expect(container(tracing).ports).toContainEqual({ ...port, containerPort: 5778 });
    expect(manifest({ tracing }, 'Service', 'otel-collector').spec.ports).toContainEqual({
      ...port,
      port: 5778,
      appProtocol: 'http',
      targetPort: 'jaeger-sampling',
    });
  });

  test('accepts browsers of the listed origins only', () => {
    expect(config().receivers.otlp.protocols.http.cors).toBeUndefined();
    expect(
      config({ corsAllowedOrigins: ['https://shop.example.com'] }).receivers.otlp.protocols.http.cors,
    ).toEqual({
      allowed_origins: ['https://shop.example.com'],
    });
  });

  test.each([{}, { ingestionBurst: '6Mi' }])(
    "splits requests below Tempo's ingestion burst, because Tempo would always reject larger ones: %o",
    (limits) => {
      const values = { tempo: { limits: { maxTraceSize: '1Mi', ingestionRate: '5Mi', ...limits } } };
      const { distributor, overrides } = daemonConfig(values, 'tempo');
      const { batch } = daemonConfig(values, 'otel-collector').exporters['otlp_grpc/tempo'].sending_queue;
      const { grpc } = distributor.receivers.otlp.protocols;

      expect(batch).toMatchObject({ sizer: 'bytes', min_size: 0 });
      expect(batch.max_size).toBeGreaterThan(2 ** 20);
      expect(2 * batch.max_size).toBeLessThanOrEqual(overrides.defaults.ingestion.burst_size_bytes);
      expect(batch.max_size).toBeLessThan(grpc.max_recv_msg_size_mib * 2 ** 20);
    },
  );

  test('accepts the default batch of an SDK with spans of the largest size, by every protocol but UDP', () => {
    const { otlp, jaeger, zipkin } = config().receivers;
    const bytes = [
      otlp.protocols.grpc.max_recv_msg_size_mib * 2 ** 20,
      otlp.protocols.http.max_request_body_size,
      jaeger.protocols.grpc.max_recv_msg_size_mib * 2 ** 20,
      jaeger.protocols.thrift_http.max_request_body_size,
      zipkin.max_request_body_size,
    ];

    for (const size of bytes) expect(size).toBeGreaterThan(512 * 60 * 1024);
  });
});
