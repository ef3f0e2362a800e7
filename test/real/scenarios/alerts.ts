import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan } from '../../../scripts/smoke/spans/span';
import type { Manifest } from '../../support/render';
import { createRunningPod, LoggingContainer } from '../kubelet';
import { Prometheus } from '../prometheus';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const WORKLOADS = ['loki', 'tempo', 'otel-collector'] as const;

/** Metrics of kube-state-metrics and of the kubelet, which do not run here. */
const OF_THE_CLUSTER = /^(kube_|kubelet_)/;

/** Metrics that have no series before something has failed, or before Tempo has looked for blocks. */
const NOT_AT_FIRST = [
  'logentry_dropped_lines_by_label_total',
  'loki_discarded_samples_total',
  'otelcol_connector_servicegraph_dropped_spans',
  'otelcol_exporter_enqueue_failed_log_records',
  'otelcol_exporter_enqueue_failed_spans',
  'otelcol_exporter_send_failed_log_records',
  'otelcol_exporter_send_failed_spans',
  'tempo_backend_scheduler_jobs_failed_total',
  'tempo_distributor_attributes_truncated_total',
  'tempo_discarded_spans_total',
  'tempodb_blocklist_length',
  'tempodb_blocklist_poll_errors_total',
];

/** Labels by which an alert picks failures, which there are none of while all is well. */
const OF_FAILURES = /,(status_code|otel_metric_overflow)[=!]~?"[^"]*"/g;

/** A real Prometheus finds every pod and every metric that an alert reads, and notices when a pod is gone. */
export const alertsScenario: Scenario = {
  name: 'alerts',
  title:
    'Alerts: every metric that they read is there; none fires while all is well; one does when Loki is gone',
  needs: [...WORKLOADS, 'promtail', 'otel-agent', 'etcd', 'apiServer', 'prometheus'],
  async run({ folder, agent, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    let prometheus: Prometheus | undefined;
    try {
      await createRunningPod(stack.api, 'sender', { podIP: NODE_ADDRESS });
      const container = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
      await stack.start(...WORKLOADS, agent.pod);
      prometheus = await Prometheus.start({
        folder: `${folder}/prometheus`,
        objects,
        pod: stack.pod.bind(stack),
      });
      // Rates need two scrapes.
      for (let round = 0; round < 6; round++) {
        await traffic(stack, container);
        await sleep(5_000);
      }
      const up = await prometheus.query('up');
      report.equal(
        'targets that answer',
        up
          .filter(({ value }) => value === 1)
          .map(({ labels }) => `${labels['job']} ${labels['endpoint']}`)
          .sort(),
        [
          'loki http',
          'otel-collector metrics',
          'otel-collector span-metrics',
          `${agent.pod} ${agent.metrics.name}`,
          'tempo http',
        ].sort(),
      );
      report.equal(
        'targets with a label for their node',
        up.filter(({ labels }) => labels['node']).map(({ labels }) => labels['job']),
        [agent.pod],
      );
      await everyMetric(prometheus, objects, report);
      const firing = await prometheus.query('ALERTS{alertstate="firing"}');
      report.equal(
        'alerts that fire',
        firing.map(({ labels }) => labels['alertname']),
        [],
      );

      await stack.pod('loki').kill();
      container.write([{ stream: 'stdout', line: 'nobody takes this' }]);
      await sleep(40_000);
      const pending = await prometheus.query('ALERTS{alertname=~"LokiDown|Promtail.*|OtelAgent.*"}');
      report.equal(
        'alerts once Loki is gone',
        pending.map(({ labels }) => labels['alertname']).sort(),
        // The queue of the OpenTelemetry Collector fills up later.
        agent.kind === 'promtail' ? ['LokiDown', 'PromtailPushFails'] : ['LokiDown'],
      );
    } finally {
      prometheus?.stop();
      await stack.stop();
    }
  },
};

async function traffic(stack: Stack, container: LoggingContainer): Promise<void> {
  container.write([{ stream: 'stdout', line: `line ${Date.now()}` }]);
  await SENDERS['OTLP gRPC'](stack.pod('otel-collector').address, [
    { ...oneSpan('shop', 'GET /'), error: true },
  ]);
  const queries = {
    loki: '/loki/api/v1/query_range?query=%7Bnamespace%3D%22apps%22%7D',
    tempo: '/api/search?q=%7B%7D',
  };
  for (const [name, path] of Object.entries(queries)) {
    await (await fetch(`http://${stack.pod(name).address}:3100${path}`)).arrayBuffer();
  }
}

async function everyMetric(
  prometheus: Prometheus,
  objects: readonly Manifest[],
  report: Run['report'],
): Promise<void> {
  const exprs: string[] = objects
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(({ spec }) => spec.groups[0].rules.map(({ expr }: Manifest) => expr));
  const selectors = exprs
    .flatMap((expr) => [...expr.matchAll(/([a-z_]+)(\{[^}]+\})/g)])
    .filter(([, name = '']) => !OF_THE_CLUSTER.test(name) && !NOT_AT_FIRST.includes(name))
    .map(([, name = '', matchers = '']) => name + matchers.replaceAll(OF_FAILURES, ''));
  const unique = [...new Set(selectors)];
  const missing: string[] = [];
  for (const selector of unique) {
    if ((await prometheus.query(`count(${selector})`)).length === 0) missing.push(selector);
  }
  report.figure('selectors of alerts', unique.length, unique.length > 30);
  report.equal('those that select nothing', missing, []);
}
