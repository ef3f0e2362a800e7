import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunningPod, LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { labelsOfMetrics, scrape } from '../metrics';
import { type Answer, PanelReader } from '../panel-reader';
import { PROGRAMS } from '../programs';
import { Prometheus } from '../prometheus';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenarios';
import { SENDERS } from '../spans/senders';
import { oneSpan, randomSpanId, type Span } from '../spans/span';
import { Stack } from '../stack';

/** Panels that show what must not happen, or what takes longer than this run: an answer is enough. */
const MAY_BE_EMPTY = [
  'Lines refused',
  'Refused, by reason',
  'Dropped by Tempo',
  'Refused by Tempo',
  'Blocks',
  'Errors that are new',
];

/** What the kubelet of the existing stack tells, of a volume and of a container. */
const KUBELET = [
  'kubelet_volume_stats_used_bytes{namespace="monitoring",persistentvolumeclaim="tempo"} 1e9',
  'kubelet_volume_stats_capacity_bytes{namespace="monitoring",persistentvolumeclaim="tempo"} 2e10',
  '',
].join('\n');

/** Where metrics of each program are served, and which are its own. */
const METRICS = [
  { job: 'loki', pod: 'loki', ports: [3100], own: /^loki_/ },
  { job: 'tempo', pod: 'tempo', ports: [3100], own: /^tempo(db)?_/ },
  { job: 'promtail', pod: 'promtail', ports: [3101], own: /^promtail_/ },
  { job: 'otel-collector', pod: 'otel-collector', ports: [8888, 8889], own: /^(otelcol|traces)_/ },
] as const;

const DAY_MS = 24 * 3_600_000;

/** Every panel is asked what it would ask in Grafana, and has an answer. */
export const dashboardsScenario: Scenario = {
  name: 'dashboards',
  title: 'Dashboards: every query of every panel, asked of the programs that answer it',
  needs: ['loki', 'promtail', 'tempo', 'otel-collector', 'etcd', 'apiServer', 'prometheus'],
  async run({ folder, objects, report, record }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    let prometheus: Prometheus | undefined;
    try {
      await createRunningPod(stack.api, 'sender', NODE_ADDRESS);
      const containers = [];
      for (const name of ['shop', 'prices'])
        containers.push(await LoggingContainer.create(stack.api, stack.podLogs, name));
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
      for (let round = 0; round < 45; round++) {
        for (const container of containers) container.write(logLines(round));
        await SENDERS['OTLP gRPC'](stack.pod('otel-collector').address, requests());
        await sleep(2_000);
      }
      const reader = new PanelReader({
        prometheus,
        loki: stack.pod('loki').address,
        tempo: stack.pod('tempo').address,
      });
      // Metrics of queries are those of the queries before.
      await reader.read(objects);
      await sleep(5_000);
      const answers = await reader.read(objects);
      for (const dashboard of new Set(answers.map((answer) => answer.dashboard))) {
        const panels = answers.filter((answer) => answer.dashboard === dashboard);
        const wrong = panels.filter(isWrong);
        report.figure(
          `${dashboard}: panels that answer`,
          wrong.length === 0 ? `${panels.length} of ${panels.length}` : wrong.map(told).join('; '),
          wrong.length === 0,
        );
      }
      if (record) await recordMetrics(stack);
    } finally {
      prometheus?.stop();
      await stack.stop();
    }
  },
};

const isWrong = ({ error, series, panel }: Answer) =>
  error !== undefined || (series === 0 && !MAY_BE_EMPTY.includes(panel));
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

/** Lines of yesterday, to compare with. */
async function yesterday(loki: LokiClient): Promise<void> {
  const from = BigInt(Date.now() - DAY_MS - 600_000) * 1_000_000n;
  const lines = Array.from({ length: 20 }, (_, index) => ({
    nanoseconds: from + BigInt(index) * 1_000_000_000n,
    line: 'level=info msg="of yesterday"',
  }));
  const labels = {
    namespace: 'apps',
    app: 'shop',
    pod: 'shop',
    container: 'app',
    node: 'node-1',
    stream: 'stdout',
  };
  await loki.push(labels, lines);
}

function logLines(round: number) {
  return [
    { level: 'info', msg: 'request', status: 200, duration_ms: 12 + round },
    { level: 'error', msg: `no connection to 10.0.0.${round}`, status: 503, duration_ms: 900 },
  ]
    .map((line) => JSON.stringify(line))
    .concat(`level=warn msg="slow answer" status=404 duration_ms=${round}.5ms`)
    .map((line) => ({ stream: 'stdout' as const, line }));
}

/** Requests to a shop, which asks another service: good, failing and slow ones. */
function requests(): Span[] {
  return [{}, { error: true }, { durationMs: 3_000, startMs: Date.now() - 3_100 }].flatMap((change) => {
    const root: Span = { ...oneSpan('shop', 'GET /cart'), kind: 'server', ...change };
    const call: Span = {
      ...root,
      spanId: randomSpanId(),
      parentSpanId: root.spanId,
      name: 'prices',
      kind: 'client',
    };
    const answer: Span = {
      ...root,
      spanId: randomSpanId(),
      parentSpanId: call.spanId,
      service: 'prices',
      name: 'total',
    };
    return [root, call, answer];
  });
}
