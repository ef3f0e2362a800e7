import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { manifests, settings } from '../../support/render';
import { FREQUENT, logLines, manyMessages, requests, yesterday } from '../dashboard-load';
import { jump } from '../jumps';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { labelsOfMetrics, scrape } from '../metrics';
import { type Answer, PanelReader } from '../panel-reader';
import { PROGRAMS } from '../programs';
import { Prometheus } from '../prometheus';
import type { Report } from '../report';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readVariables } from '../variable-reader';

/** Panels that show what takes longer than this run: an answer is enough. */
const MAY_BE_EMPTY = ['New errors'];

/** What the kubelet of the existing stack tells, of a volume and of a container. */
const KUBELET = [
  ...['loki', 'tempo'].flatMap((claim) => [
    `kubelet_volume_stats_used_bytes{namespace="monitoring",persistentvolumeclaim="${claim}"} 1e9`,
    `kubelet_volume_stats_capacity_bytes{namespace="monitoring",persistentvolumeclaim="${claim}"} 2e10`,
  ]),
  'container_cpu_usage_seconds_total{namespace="apps",pod="shop",container="app"} 12',
  'container_memory_working_set_bytes{namespace="apps",pod="shop",container="app"} 1e8',
  '',
].join('\n');

/** Where metrics of each program are served, and which are its own. */
const METRICS = [
  { job: 'loki', pod: 'loki', ports: [3100], own: /^loki_/ },
  { job: 'tempo', pod: 'tempo', ports: [3100], own: /^tempo(db)?_/ },
  { job: 'promtail', pod: 'promtail', ports: [3101], own: /^promtail_/ },
  { job: 'otel-collector', pod: 'otel-collector', ports: [8888, 8889], own: /^(otelcol|traces)_/ },
] as const;

/** Every panel, variable and jump is asked what it would ask in Grafana, and has an answer. */
export const dashboardsScenario: Scenario = {
  name: 'dashboards',
  title: 'Dashboards: every query of every panel, variable and jump, asked of the programs that answer it',
  needs: ['loki', 'promtail', 'tempo', 'otel-collector', 'etcd', 'apiServer', 'prometheus'],
  async run({ folder, objects, report, record }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    let prometheus: Prometheus | undefined;
    try {
      // The shop sends spans, too.
      const shop = await LoggingContainer.create(stack.api, stack.podLogs, 'shop', { podIP: NODE_ADDRESS });
      const prices = await LoggingContainer.create(stack.api, stack.podLogs, 'prices');
      await stack.start('loki', 'tempo', 'otel-collector', 'promtail');
      const pod = stack.pod.bind(stack);
      prometheus = await Prometheus.start({
        folder: `${folder}/prometheus`,
        objects,
        pod,
        kubeletMetrics: KUBELET,
      });
      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      await yesterday(loki);
      // A rate needs metrics of some scrapes; a search leaves out the last half minute.
      let traceId = '';
      for (let round = 0; round < 45; round++) {
        const spans = requests();
        traceId ||= spans.find(({ error }) => error)?.traceId ?? '';
        shop.write(logLines(round, traceId));
        prices.write(logLines(round));
        await SENDERS['OTLP gRPC'](stack.pod('otel-collector').address, spans);
        await sleep(2_000);
      }
      await manyMessages(loki);
      const programs = {
        prometheus,
        loki: stack.pod('loki').address,
        tempo: stack.pod('tempo').address,
      };
      const reader = new PanelReader(programs);
      // Metrics of queries are those of the queries before, and a rate needs two scrapes of them.
      await reader.read(objects);
      await sleep(15_000);
      const answers = await reader.read(objects);
      tell(report, answers);
      const withoutCollector = settings({
        tracing: { sampling: { type: 'client' } },
        logs: { labels: ['namespace', 'pod', 'container'] },
      });
      tell(
        report,
        await reader.read(manifests(withoutCollector)),
        ', where clients sample and app is no label',
      );
      const errors = answers.find(({ panel }) => panel === 'Most frequent errors')?.rows ?? [];
      const frequent = errors.filter(({ message }) => message === FREQUENT).length;
      report.equal('workloads with the most frequent error, among 2000 others', frequent, 2);
      for (const [variable, values] of await readVariables(objects, programs))
        report.figure(`values of ${variable}`, values.join(', ') || 'none', values.length > 0);
      const jumps = await jump(objects, traceId, { ...programs, loki });
      for (const [what, count] of Object.entries(jumps)) report.figure(what, count, count > 0);
      report.equal('jumps', Object.keys(jumps).length, 7);
      if (record) await recordMetrics(stack);
    } finally {
      prometheus?.stop();
      await stack.stop();
    }
  },
};

function tell(report: Report, answers: readonly Answer[], where = ''): void {
  for (const dashboard of new Set(answers.map((answer) => answer.dashboard))) {
    const panels = answers.filter((answer) => answer.dashboard === dashboard);
    const wrong = panels.filter(isWrong);
    report.figure(
      `${dashboard}: panels that answer${where}`,
      wrong.length === 0 ? `${panels.length} of ${panels.length}` : wrong.map(told).join('; '),
      wrong.length === 0,
    );
  }
}

const isWrong = ({ error, rows, panel }: Answer) =>
  error !== undefined || (rows.length === 0 && !MAY_BE_EMPTY.includes(panel));
const told = ({ panel, error, query }: Answer) => `${panel}: ${error ?? 'nothing'} (${query})`;

/** Writes down the metrics that the programs have after all this, by which test/queries/ checks queries. */
async function recordMetrics(stack: Stack): Promise<void> {
  for (const { job, pod, ports, own } of METRICS) {
    const texts = await Promise.all(ports.map((port) => scrape(stack.pod(pod).address, port)));
    const metrics = Object.entries(labelsOfMetrics(texts.join('\n'))).filter(([name]) => own.test(name));
    const { name, version } = PROGRAMS[pod];
    const content = {
      source: `${name} ${version}, GET /metrics in npm run test:real -- --only dashboards --record`,
      metrics: Object.fromEntries(metrics),
    };
    writeFileSync(`test/queries/metrics/${job}.json`, `${JSON.stringify(content, null, 2)}\n`);
  }
}
