import { describe, expect, test } from '@jest/globals';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { pod } from '../network-policies/edges';
import { config, manifests, mistakes, settings } from '../support/render';

const ENABLED = { tracing: { metrics: { enabled: true } } };

describe('metrics of OpenTelemetry SDKs', () => {
  test('are rejected by default', () => {
    expect(Object.keys(config({}, 'otel-collector').service.pipelines)).toEqual([
      'traces/in',
      'traces/tempo',
      'metrics/spans',
    ]);
  });

  test('come in where traces do, and go to the existing Prometheus', () => {
    const { service, exporters } = config(ENABLED, 'otel-collector');

    expect(service.pipelines.metrics).toMatchObject({
      receivers: ['otlp'],
      exporters: ['otlp_http/metrics'],
    });
    expect(exporters['otlp_http/metrics'].endpoint).toBe(
      'http://prometheus-kube-prometheus-prometheus:9090/api/v1/otlp',
    );
    const elsewhere = { ...ENABLED, networkPolicies: { prometheus: { namespace: 'metrics' } } };
    expect(config(elsewhere, 'otel-collector').exporters['otlp_http/metrics'].endpoint).toBe(
      'http://prometheus-kube-prometheus-prometheus.metrics.svc.cluster.local:9090/api/v1/otlp',
    );
  });

  test('are not merged or reordered, so that a request which is rejected affects only its application', () => {
    const { service, exporters } = config(ENABLED, 'otel-collector');

    expect(exporters['otlp_http/metrics'].sending_queue).not.toHaveProperty('batch');
    expect(exporters['otlp_http/metrics'].sending_queue.num_consumers).toBe(1);
    expect(service.pipelines.metrics.processors).not.toContain('batch');
  });

  test.each([
    [ENABLED, 'monitoring', '9090/TCP'],
    [{ tracing: { metrics: { enabled: true, url: 'http://mimir.mimir:8080/otlp' } } }, 'mimir', '8080/TCP'],
  ] as const)('may reach the receiver: %j', (values, namespace, port) => {
    const network = { destinations: { namespace: 'mimir', cidrs: [] } };
    const all = manifests(settings({ ...values, networkPolicies: network }));
    const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
    const collector = pod('monitoring', {
      app: 'otel-collector',
      'app.kubernetes.io/part-of': 'logs-and-traces',
    });
    const receiver = (inNamespace: string) =>
      pod(inNamespace, { 'app.kubernetes.io/name': 'prometheus' }, '100.64.9.9');

    expect(reaches(policies, collector, receiver(namespace), port)).toBe(true);
    expect(reaches(policies, collector, receiver('shop'), port)).toBe(false);
  });

  test('wait in the queue on disk, if traces do', () => {
    const queue = (persistent: boolean) =>
      config({ tracing: { ...ENABLED.tracing, queue: { persistent } } }, 'otel-collector').exporters[
        'otlp_http/metrics'
      ].sending_queue.storage;

    expect([queue(true), queue(false)]).toEqual(['file_storage/queue', undefined]);
  });

  test('are rejected at synth without a collector, and with a URL that has the path already', () => {
    expect(mistakes({ tracing: { ...ENABLED.tracing, sampling: { type: 'client' } } }).join()).toMatch(
      /^tracing\.metrics\.enabled must be false with tracing\.sampling\.type client/,
    );
    expect(mistakes({ tracing: { enabled: false, ...ENABLED.tracing } }).join()).toMatch(
      /^tracing\.metrics\.enabled must be false with tracing\.enabled false/,
    );
    expect(
      mistakes({ tracing: { metrics: { enabled: true, url: 'http://mimir:8080/otlp/v1/metrics' } } }).join(),
    ).toMatch(/^tracing\.metrics\.url must not end with \/v1\/metrics/);
  });
});
