import { setTimeout as sleep } from 'node:timers/promises';
import { manifests, settings } from '../../support/render';
import { createRunningPod } from '../kubelet';
import { Prometheus } from '../prometheus';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const CUMULATIVE = 2;
const DELTA = 1;
const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Metrics of OpenTelemetry SDKs: through the collector to a Prometheus, which goes away; one application sends deltas. */
export const otlpMetricsScenario: Scenario = {
  name: 'otlp-metrics',
  title:
    'Metrics of OpenTelemetry SDKs: forwarded to Prometheus, through an outage, beside one that sends deltas',
  needs: ['otel-collector', 'prometheusOtlp', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const url = `http://${NODE_ADDRESS}:9090/api/v1/otlp`;
    const objects = manifests(settings({ tracing: { metrics: { enabled: true, url } } }));
    const stack = await Stack.create({ folder, objects, withApi: true });
    const start = () =>
      Prometheus.start({
        folder: `${folder}/prometheus`,
        objects: [],
        pod: (name) => stack.pod(name),
        otlpReceiver: true,
      });
    let prometheus = await start();
    try {
      for (const [name, podIP] of Object.entries(PODS)) await createRunningPod(stack.api, name, { podIP });
      await stack.start('otel-collector');
      const collector = `http://${stack.pod('otel-collector').address}`;
      const send = (pod: string, value: number, temporality = CUMULATIVE) =>
        post(`${collector}:4318/v1/metrics`, pod, value, temporality);
      const samples = async (seconds: number) =>
        (await prometheus.query(`sum by (job, instance) (count_over_time(orders_total[${seconds}s]))`)).map(
          ({ labels, value }) => `${labels['job']} ${labels['instance']} ${value}`,
        );

      report.equal('the collector answers', [await send('web-1', 1), await send('web-2', 1)], [200, 200]);
      report.equal('two pods of a service are two series', await until(() => samples(60), 2), [
        'checkout web-1 1',
        'checkout web-2 1',
      ]);
      const [info] = await prometheus.query('target_info{instance="web-1"}');
      report.equal('namespace of the pod', info?.labels['k8s_namespace_name'], 'apps');

      await send('web-2', 5, DELTA);
      await send('web-1', 2);
      await until(() => samples(60), 2, 'checkout web-1 2');
      report.equal('a delta is lost, beside it nothing', await samples(60), [
        'checkout web-1 2',
        'checkout web-2 1',
      ]);
      report.equal(
        'dropped points = counted',
        await counter(collector, 'otelcol_processor_filter_datapoints_filtered', 'filter/delta'),
        1,
      );

      prometheus.stop();
      for (let index = 0; index < 20; index++) {
        await send('web-1', 3 + index);
        await send('web-2', 3 + index);
        await sleep(500);
      }
      prometheus = await start();
      await until(() => samples(300), 2, 'checkout web-2 21');
      report.equal('Prometheus away: samples of 2 pods after 20 more each', await samples(300), [
        'checkout web-1 22',
        'checkout web-2 21',
      ]);
      report.equal(
        '  lost meanwhile',
        await counter(collector, 'otelcol_exporter_send_failed_metric_points', 'otlp_http/metrics'),
        0,
      );
    } finally {
      prometheus.stop();
      await stack.stop();
    }
  },
};

/** Pods of an application, by address. */
const PODS = { 'web-1': '10.42.0.201', 'web-2': '10.42.0.202' } as const;

/** A counter of orders, as an SDK sends it. */
async function post(
  url: string,
  pod: string,
  value: number,
  aggregationTemporality: number,
): Promise<number> {
  const now = String(BigInt(Date.now()) * 1_000_000n);
  const dataPoints = [{ asInt: String(value), timeUnixNano: now, startTimeUnixNano: now }];
  const sum = { dataPoints, aggregationTemporality, isMonotonic: true };
  const resource = {
    attributes: [
      string('service.name', 'checkout'),
      // The address of the connection is that of this machine.
      string('k8s.pod.ip', PODS[pod as keyof typeof PODS]),
    ],
  };
  const scopeMetrics = [{ metrics: [{ name: 'orders', sum }] }];
  const body = JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics }] });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await answer.arrayBuffer();
  return answer.status;
}

/** What a query returns, once it has so many series or the one that is waited for. */
async function until(read: () => Promise<string[]>, count: number, wanted?: string): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    const found = (await read().catch(() => [])).sort();
    if (found.length >= count && (wanted === undefined || found.includes(wanted))) return found;
    if (tries === 30) return found;
    await sleep(1_000);
  }
}

async function counter(collector: string, name: string, label: string): Promise<number> {
  const text = await (await fetch(`${collector}:8888/metrics`)).text();
  return Number(new RegExp(`^${name}\\{[^}]*${label}[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}
