import { setTimeout as sleep } from 'node:timers/promises';
import { Duration } from '../../../lib/kubernetes/duration';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan, type Span } from '../../../scripts/smoke/spans/span';
import { configOf } from '../../support/render';
import { createRunningPod } from '../kubelet';
import { countKept, interval, requests, sendAtRate } from '../load';
import { scrape, sumOfMetric } from '../metrics';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace, type StoredSpan } from '../tempo-client';

/** What a Jaeger client tells of its process; of a datagram, nothing else says where it came from. */
const PROCESS = { ip: NODE_ADDRESS, hostname: 'sender' };
const ORDINARY = 20_000;
const SPECIAL = 200;

/** The collector keeps what it should, counts all, and loses nothing while Tempo is away. */
export const samplingScenario: Scenario = {
  name: 'sampling',
  title: 'Collector: every protocol, 1 % kept, 100 % counted, Tempo away',
  needs: ['tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run(run: Run) {
    const { folder, objects, report } = run;
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      // The senders of this scenario are a pod with the address of the node.
      await createRunningPod(stack.api, 'sender', { podIP: NODE_ADDRESS });
      await stack.start('tempo', 'otel-collector');
      const pod = stack.pod('otel-collector');
      report.equal('collector: user', pod.user, 10001);
      const { decision_wait } = configOf(objects, 'otel-collector').processors.tail_sampling;
      const wait = (Duration.parse(decision_wait)?.seconds ?? 0) * 1000;
      await everyProtocol(stack, report, wait);
      await share(stack, report, wait);
      await tempoAway(stack, run, wait);
      await losses(stack, report);
      report.figure(
        `collector: peak memory in MiB, of ${Math.round(pod.memoryLimit / 2 ** 20)}`,
        Math.round(pod.peakMemory / 2 ** 20),
        pod.peakMemory < pod.memoryLimit,
      );
    } finally {
      await stack.stop();
    }
  },
};

async function everyProtocol(stack: Stack, report: Run['report'], wait: number): Promise<void> {
  const sent = new Map<string, Span>();
  for (const [protocol, send] of Object.entries(SENDERS)) {
    const span = { ...oneSpan('protocols', protocol), error: true, process: PROCESS };
    await send(stack.pod('otel-collector').address, [span]);
    sent.set(protocol, span);
  }
  const elsewhere = {
    ...oneSpan('protocols', 'elsewhere'),
    error: true,
    process: { ...PROCESS, hostname: 'node-1' },
  };
  await SENDERS['Jaeger Thrift compact'](stack.pod('otel-collector').address, [elsewhere]);
  await sleep(wait + 5_000);
  for (const [protocol, { traceId }] of sent) {
    const found = await readTrace(stack.pod('tempo').address, traceId);
    report.equal(
      `${protocol}: read back from Tempo`,
      found.map(({ service, name }) => `${service} ${name}`),
      [`protocols ${protocol}`],
    );
    report.equal(`${protocol}: pod of the span`, podOf(found), ['apps', 'sender', 'node-1']);
  }
  report.equal(
    'datagram of a pod in the network of its node: pod of the span',
    podOf(await readTrace(stack.pod('tempo').address, elsewhere.traceId)),
    [null, null, null],
  );
}

function podOf(found: readonly StoredSpan[]): (string | null)[] {
  const resource = found[0]?.resource ?? {};
  return ['k8s.namespace.name', 'k8s.pod.name', 'k8s.node.name'].map((key) => resource[key] ?? null);
}

async function share(stack: Stack, report: Run['report'], wait: number): Promise<void> {
  const ordinary = requests('share', ORDINARY);
  const failed = requests('share', SPECIAL, { error: true });
  const slow = requests('share', SPECIAL, { durationMs: 3_000, startMs: Date.now() - 3_100 });
  const all = [...ordinary, ...failed, ...slow];
  await sendAtRate(stack.pod('otel-collector').address, all);
  // A search leaves out the last half minute.
  await sleep(wait + 45_000);
  const tempo = stack.pod('tempo').address;
  report.within(
    `kept of ${ORDINARY} ordinary traces`,
    await countKept(tempo, ordinary),
    interval(ORDINARY, 1),
  );
  report.equal(`kept of ${SPECIAL} traces with an error`, await countKept(tempo, failed), SPECIAL);
  report.equal(`kept of ${SPECIAL} slow traces`, await countKept(tempo, slow), SPECIAL);

  const metrics = await scrape(stack.pod('otel-collector').address, 8889);
  const counted = metrics
    .split('\n')
    .filter((line) => line.includes('service="share"'))
    .join('\n');
  report.equal(
    'spans counted in traces_spanmetrics_calls_total',
    sumOfMetric(counted, 'traces_spanmetrics_calls_total'),
    all.length,
  );
  report.equal(
    'spans counted in traces_spanmetrics_latency_count',
    sumOfMetric(counted, 'traces_spanmetrics_latency_count'),
    all.length,
  );
  const labels = [...new Set([...counted.matchAll(/(\w+)="/g)].map(([, label]) => label))].sort();
  report.equal('labels of span metrics', labels, [
    'job',
    'le',
    'service',
    'service_name',
    'span_kind',
    'span_name',
    'status_code',
  ]);
}

/** Errors, which are all kept, are sent while Tempo is gone for two minutes. */
async function tempoAway(stack: Stack, { report }: Run, wait: number): Promise<void> {
  await stack.pod('tempo').stop();
  const spans: Span[] = [];
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    const batch = Array.from({ length: 50 }, () => ({ ...oneSpan('away', 'request'), error: true }));
    await SENDERS['OTLP HTTP'](stack.pod('otel-collector').address, batch);
    spans.push(...batch);
    await sleep(500);
  }
  await stack.start('tempo');
  const began = Date.now();
  const taken = async () =>
    sumOfMetric(await scrape(stack.pod('tempo').address, 3100), 'tempo_distributor_spans_received_total');
  while ((await taken()) < spans.length && Date.now() - began < 240_000) await sleep(1_000);
  report.figure(
    'Tempo away for 120 s: seconds from its return until it had everything',
    Math.round((Date.now() - began) / 1000),
  );
  await sleep(wait + 45_000);
  report.equal(
    `Tempo away for 120 s: lost of ${spans.length} traces with an error`,
    spans.length - (await countKept(stack.pod('tempo').address, spans)),
    0,
  );
}

/** What either of the two knows to have lost. */
async function losses(stack: Stack, report: Run['report']): Promise<void> {
  const collector = await scrape(stack.pod('otel-collector').address, 8888);
  for (const name of [
    'otelcol_receiver_refused_spans',
    'otelcol_exporter_enqueue_failed_spans',
    'otelcol_exporter_send_failed_spans',
    'otelcol_processor_tail_sampling_sampling_trace_dropped_too_early',
    'otelcol_connector_servicegraph_dropped_spans',
  ]) {
    report.equal(name, sumOfMetric(collector, name), 0);
  }
  const tempo = await scrape(stack.pod('tempo').address, 3100);
  report.figure('otelcol_exporter_sent_spans', sumOfMetric(collector, 'otelcol_exporter_sent_spans'));
  report.figure(
    'tempo_distributor_spans_received_total, since its start',
    sumOfMetric(tempo, 'tempo_distributor_spans_received_total'),
  );
  report.equal('tempo_discarded_spans_total', sumOfMetric(tempo, 'tempo_discarded_spans_total'), 0);
}
