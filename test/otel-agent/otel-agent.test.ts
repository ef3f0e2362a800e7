import { describe, expect, test } from '@jest/globals';
import { config, type Manifest, manifest } from '../support/render';

const values = (logs: object = {}, otelAgent: object = {}) => ({
  logs: { agent: 'otel', ...logs },
  otelAgent,
});
const agentConfig = (logs: object = {}, otelAgent: object = {}) =>
  config(values(logs, otelAgent), 'otel-agent');
const daemonSet = (logs: object = {}) => manifest(values(logs), 'DaemonSet', 'otel-agent').spec;
const container = (logs: object = {}) => daemonSet(logs).template.spec.containers[0];

/** Receivers of log files. */
const lanes = (receivers: Manifest) =>
  Object.entries<Manifest>(receivers).filter(([name]) => name.startsWith('file_log/'));

/** A config as the collector reads it, which replaces `$$`. */
const read = <T>(of: T): T => JSON.parse(JSON.stringify(of).replaceAll('$$', '$'));

describe('the OpenTelemetry Collector as the log agent', () => {
  test('takes the place of Promtail', () => {
    expect(() => manifest(values(), 'DaemonSet', 'promtail')).toThrow('0 objects');
    expect(container().image).toBe('docker.io/otel/opentelemetry-collector-contrib:0.158.0');
  });

  test('may only read pods', () => {
    expect(manifest(values(), 'ClusterRole', 'otel-agent').rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
  });

  test('queries only the pods of its own node', () => {
    const { filter } = agentConfig().processors.k8s_attributes;

    expect(container().env).toContainEqual({
      name: filter.node_from_env_var,
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
    });
  });

  test('keeps positions and queue on the disk of the node, and reads logs that it cannot write', () => {
    const { extensions } = agentConfig();
    const mounts = container().volumeMounts as Manifest[];
    const state = mounts.find(({ name }) => name === 'state');

    for (const one of ['file_storage/positions', 'file_storage/queue'])
      expect(extensions[one].directory.startsWith(`${state.mountPath}/`)).toBe(true);
    expect(extensions['file_storage/positions'].directory).not.toBe(
      extensions['file_storage/queue'].directory,
    );
    expect(mounts).toContainEqual({ name: 'logs', mountPath: '/var/log/pods', readOnly: true });
  });

  test('stores a position only once the lines before it are in the queue', () => {
    const { receivers, exporters, service } = agentConfig();
    const queue = exporters['otlp_grpc/loki'].sending_queue;

    expect(container().args).toContain('--feature-gates=stanza.synchronousLogEmitter');
    expect(queue).toMatchObject({ storage: 'file_storage/queue', block_on_overflow: true });
    for (const [name, { retry_on_failure }] of lanes(receivers))
      expect([name, retry_on_failure]).toEqual([name, { enabled: true, max_elapsed_time: '0s' }]);
    // A batch in a processor would be lost with the process.
    expect(service.pipelines.logs.processors.filter((one: string) => one.startsWith('batch'))).toEqual([]);
  });

  test('reads what was there before it, and files that the kubelet has renamed', () => {
    for (const [, { start_at, include }] of lanes(agentConfig().receivers)) {
      expect(start_at).toBe('beginning');
      expect(include).toEqual([
        expect.stringMatching(/^\/var\/log\/pods\/\*_\*_\[\S+\]\*\/\*\/\*\.log$/),
        `${include[0]}.????????-??????`,
      ]);
    }
  });

  test('reads each pod in one lane, whatever its uid, so that a noisy container holds up few others', () => {
    const firsts = lanes(agentConfig().receivers).map(
      ([, { include }]) => new RegExp(`^${/\*_\*_(\[\S+?\])/.exec(include[0])?.[1]}$`),
    );
    const lanesOfUids = [...'0123456789abcdef', 'g', 'Z', '-'].map((first) =>
      firsts.flatMap((pattern, lane) => (pattern.test(first) ? [lane] : [])),
    );

    expect(lanesOfUids.map(({ length }) => length)).toEqual(lanesOfUids.map(() => 1));
    // Uids are random: each lane has the same share of them.
    const [hex] = [lanesOfUids.slice(0, 16).flat()];
    expect(firsts.map((_, lane) => hex.filter((one) => one === lane).length)).toEqual(firsts.map(() => 2));
  });

  test('lets its file contain the operators once, which all lanes share', () => {
    const { data } = manifest(values(), 'ConfigMap', 'otel-agent');
    const text: string = data['agent.yaml'];
    const [first, ...others] = lanes(agentConfig().receivers);

    expect(text.match(/id: cri$/gm)).toHaveLength(1);
    for (const [, { operators }] of others) expect(operators).toEqual(first?.[1].operators);
  });

  test('drops what Loki answers with 429, and repeats all else, by a queue that sends to itself', () => {
    const { receivers, exporters, service } = agentConfig();
    const [queue, loki] = [exporters['otlp_grpc/loki'], exporters['otlp_http/loki']];

    expect(service.pipelines.logs.exporters).toEqual(['otlp_grpc/loki']);
    expect(queue.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
    expect(queue.endpoint).toMatch(/^127\.0\.0\.1:/);
    expect(receivers['otlp/loki'].protocols).toEqual({
      grpc: { endpoint: queue.endpoint, max_recv_msg_size_mib: 3 },
    });
    expect(service.pipelines['logs/loki']).toEqual({
      receivers: ['otlp/loki'],
      exporters: ['otlp_http/loki'],
    });
    expect(loki).toMatchObject({ sending_queue: { enabled: false }, retry_on_failure: { enabled: false } });
    expect(Number.parseInt(queue.timeout, 10)).toBeGreaterThan(Number.parseInt(loki.timeout, 10));
  });

  test('accepts a batch and the longest line from itself', () => {
    const long = { ...values(), loki: { limits: { maxLineSize: '4Mi' } } };
    const { receivers, exporters } = config(
      { ...long, promtail: { resources: { memory: '256Mi', memoryLimit: '1Gi' } } },
      'otel-agent',
    );

    const most = receivers['otlp/loki'].protocols.grpc.max_recv_msg_size_mib * 2 ** 20;
    expect(most).toBeGreaterThan(exporters['otlp_grpc/loki'].sending_queue.batch.max_size + 4 * 2 ** 20);
  });

  test('leaves out namespaces, and at the level debug itself, as each line would lead to others', () => {
    const excluded = (logs: object, own: object = {}) =>
      agentConfig(logs, own).receivers['file_log/0'].exclude;

    expect(excluded({})).toEqual([]);
    expect(excluded({ excludedNamespaces: ['noisy'] })).toEqual(['/var/log/pods/noisy_*/*/*']);
    expect(excluded({}, { logLevel: 'debug' })).toEqual(['/var/log/pods/*_otel-agent-*_*/*/*']);
  });

  test('sends the labels of the closed list, the app first, as Loki names the service by the first', () => {
    const statements = (labels?: string[]): string[] =>
      agentConfig(labels && { labels }).processors['transform/labels'].log_statements[0].statements;
    const all = statements();

    expect(all.at(-1)).toBe(
      'keep_keys(resource.attributes, ["namespace", "pod", "container", "app", "node", "stream", "parser", "exclude"])',
    );
    const made = all.flatMap((one) => /^set\(resource\.attributes\["(\w+)"\]/.exec(one)?.[1] ?? []);
    expect(made.indexOf('app')).toBe(0);
    expect(made).toContain('container');
    expect(agentConfig().processors['transform/pod'].log_statements[0].statements.join()).not.toContain(
      'attributes["container"]',
    );
    expect(all.join()).not.toContain('"job"');
    expect(statements(['namespace', 'pod', 'container', 'job']).join()).toContain('"job"');
  });

  test('labels each stream with the name of the cluster, if it has one, and Loki indexes it', () => {
    const named = { cluster: { name: 'prod-eu' }, logs: { agent: 'otel' } };
    const { processors } = config(named, 'otel-agent');
    const { attributes_config } = config(named, 'loki').limits_config.otlp_config.resource_attributes;

    const all = processors['transform/labels'].log_statements[0].statements;
    expect(all).toContain('set(resource.attributes["cluster"], "prod-eu")');
    expect(all.at(-1)).toContain('keep_keys(resource.attributes, ["cluster", "namespace", ');
    expect(attributes_config[0].attributes[0]).toBe('cluster');
  });

  test('escapes dollars, which the collector would take for variables', () => {
    const text = JSON.stringify(agentConfig());

    expect(text).toContain('$$');
    expect(text.replaceAll('$$', '')).not.toContain('$');
    expect(read(agentConfig()).receivers['file_log/0'].operators[0].regex).toMatch(/\$$/);
  });
});

test('Loki makes the same labels and fields of what comes by the protocol of OpenTelemetry', () => {
  const of = (logs: object) => config({ logs }, 'loki').limits_config.otlp_config;
  const labels = ['namespace', 'pod', 'container', 'stream'];

  expect(of({ labels }).resource_attributes).toEqual({
    ignore_defaults: true,
    attributes_config: [
      { action: 'index_label', attributes: labels },
      { action: 'drop', regex: '.*' },
    ],
  });
  expect(of({}).log_attributes[0]).toEqual({
    action: 'structured_metadata',
    attributes: ['level', 'detected_level', 'trace_id', 'span_id'],
  });
});
