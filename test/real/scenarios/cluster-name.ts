import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan } from '../../../scripts/smoke/spans/span';
import { manifests, settings } from '../../support/render';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { Prometheus } from '../prometheus';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

const NAME = 'prod-eu';

/** A line, a span, its metrics and an alert all say which cluster they come from. */
export const clusterNameScenario: Scenario = {
  name: 'cluster-name',
  title: 'The name of the cluster on a log line, a span, span metrics and an alert',
  needs: ['loki', 'promtail', 'tempo', 'otel-collector', 'etcd', 'apiServer', 'prometheus'],
  async run({ folder, report }: Run) {
    const objects = manifests(settings({ cluster: { name: NAME } }));
    const stack = await Stack.create({ folder, objects, withApi: true });
    let prometheus: Prometheus | undefined;
    try {
      const since = Date.now();
      const container = await LoggingContainer.create(stack.api, stack.podLogs, 'named');
      container.write([{ stream: 'stdout', line: 'where am I?' }]);
      await stack.start('loki', 'tempo', 'promtail', 'otel-collector');
      const pod = (name: string) => stack.pod(name);
      prometheus = await Prometheus.start({ folder: `${folder}/prometheus`, objects, pod });
      const span = { ...oneSpan('shop', 'GET /cart'), error: true };
      await SENDERS['OTLP gRPC'](pod('otel-collector').address, [span]);

      const loki = new LokiClient(`http://${pod('loki').address}:3100`);
      const lines = await loki.settled(`{cluster="${NAME}", pod="named"}`, since, 1, 60);
      report.equal(
        'lines found by the label cluster',
        lines.map(({ line }) => line),
        ['where am I?'],
      );
      await sleep(45_000);
      const [stored] = await readTrace(pod('tempo').address, span.traceId);
      report.equal('k8s.cluster.name of the span', stored?.resource['k8s.cluster.name'], NAME);
      const metered = await prometheus.query('traces_spanmetrics_calls_total{service="shop"}');
      report.equal(
        'label cluster of the span metric',
        metered.map(({ labels }) => labels['cluster']),
        [NAME],
      );
      const up = await prometheus.query(`count(up{cluster="${NAME}"})`);
      report.equal('targets with the label cluster', up[0]?.value, (await prometheus.query('up')).length);
      // Promtail and the collector ask for pods of an API server, Tempo for nothing: without Loki, an alert is pending.
      stack.pod('loki').stop();
      await sleep(20_000);
      const alerts = await prometheus.query('ALERTS{alertname="LokiDown"}');
      report.equal(
        'label cluster of an alert',
        alerts.map(({ labels }) => labels['cluster']),
        [NAME],
      );
    } finally {
      prometheus?.stop();
      await stack.stop();
    }
  },
};
