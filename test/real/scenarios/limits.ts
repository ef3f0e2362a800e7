import { setTimeout as sleep } from 'node:timers/promises';
import { SDK_BATCH_SPANS } from '../../../lib/tracing/trace-protocols';
import { type Protocol, SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan, type Span } from '../../../scripts/smoke/spans/span';
import { configOf } from '../../support/render';
import { LoggingContainer } from '../kubelet';
import { scrape, sumOfMetric } from '../metrics';
import { checkRunningLimits } from '../running-limits';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

/** Protocols over TCP, which accept the default batch of an SDK in one request. */
const PROTOCOLS: readonly Protocol[] = [
  'OTLP gRPC',
  'OTLP HTTP',
  'OTLP HTTP JSON',
  'Zipkin',
  'Jaeger gRPC',
  'Jaeger Thrift HTTP',
];

const HOUR_SECONDS = 3_600;

/** The limits that docs/limits.md lists are those of the running programs, and what they are to let through passes. */
export const limitsScenario: Scenario = {
  name: 'limits',
  title: 'Limits: as listed; batches of 4.6 MB by every protocol; long attributes; late spans; long ranges',
  needs: ['loki', 'promtail', 'otel-agent', 'tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, agent, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      const container = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
      container.write([{ stream: 'stdout', line: 'level=info msg=started' }]);
      await stack.start('loki', 'tempo', 'otel-collector', agent.pod);
      await checkRunningLimits(stack, objects, folder, report);
      await largeBatches(stack, report);
      await manyLargeSpans(stack, report);
      await attributes(stack, configOf(objects, 'tempo').distributor.max_attribute_bytes, report);
      await lateSpan(stack, report);
      await tempoRanges(stack, report);
      await lokiRanges(stack, report);
    } finally {
      await stack.stop();
    }
  },
};

/** A trace of many spans that is kept, as one of them failed. */
function failedTrace(service: string, count: number, attributes: Span['attributes'] = {}): Span[] {
  const root = { ...oneSpan(service, 'root'), error: true, attributes };
  const children = Array.from({ length: count - 1 }, (_, index) => ({
    ...oneSpan(service, `child ${index}`),
    traceId: root.traceId,
    parentSpanId: root.spanId,
    attributes,
  }));
  return [root, ...children];
}

/** Waits until Tempo has all spans of a trace, for up to two minutes; returns how many it has. */
async function spansIn(stack: Stack, traceId: string, expected: number): Promise<number> {
  const began = Date.now();
  for (;;) {
    const found = (await readTrace(stack.pod('tempo').address, traceId)).length;
    if (found >= expected || Date.now() - began > 120_000) return found;
    await sleep(2_000);
  }
}

async function largeBatches(stack: Stack, report: Run['report']): Promise<void> {
  const sent = new Map<Protocol, Span[]>();
  for (const protocol of PROTOCOLS) {
    const spans = failedTrace(`batch ${protocol}`, SDK_BATCH_SPANS, { payload: 'x'.repeat(9_000) });
    sent.set(protocol, spans);
    await SENDERS[protocol](stack.pod('otel-collector').address, spans);
  }
  for (const [protocol, [root]] of sent) {
    const found = await spansIn(stack, root?.traceId ?? '', SDK_BATCH_SPANS);
    report.equal(`${protocol}: spans of 9 kB read back, sent in one request`, found, SDK_BATCH_SPANS);
  }
}

/** More bytes than Tempo ingests at once, decided at once: the exporter splits them, and waits where Tempo is busy. */
async function manyLargeSpans(stack: Stack, report: Run['report']): Promise<void> {
  const half = 'x'.repeat(10_000);
  const traces = Array.from({ length: 20 }, () => failedTrace('large', 100, { first: half, second: half }));
  await SENDERS['OTLP gRPC'](stack.pod('otel-collector').address, traces.flat());
  let found = 0;
  for (const [root] of traces) found += await spansIn(stack, root?.traceId ?? '', 100);
  report.equal('spans of 20 kB decided at once, of 2000 read back', found, 2_000);
  const collector = await scrape(stack.pod('otel-collector').address, 8888);
  report.equal(
    'spans that the exporter gave up',
    sumOfMetric(collector, 'otelcol_exporter_send_failed_spans'),
    0,
  );
}

async function attributes(stack: Stack, limit: number, report: Run['report']): Promise<void> {
  const truncated = async () =>
    sumOfMetric(
      await scrape(stack.pod('tempo').address, 3100),
      'tempo_distributor_attributes_truncated_total',
    );
  const lengthOfOne = async (bytes: number) => {
    const spans = failedTrace('attributes', 1, { 'exception.stacktrace': 'x'.repeat(bytes) });
    await SENDERS['OTLP gRPC'](stack.pod('otel-collector').address, spans);
    await spansIn(stack, spans[0]?.traceId ?? '', 1);
    const [span] = await readTrace(stack.pod('tempo').address, spans[0]?.traceId ?? '');
    return span?.attributes['exception.stacktrace']?.length;
  };
  const before = await truncated();
  report.equal('bytes of an attribute of 8666 bytes', await lengthOfOne(8_666), 8_666);
  report.equal(`bytes of an attribute of ${limit} bytes`, await lengthOfOne(limit), limit);
  report.equal('attributes counted as truncated', (await truncated()) - before, 0);
  report.equal('bytes of an attribute that is one byte longer', await lengthOfOne(limit + 1), limit);
  report.equal('attributes counted as truncated then', (await truncated()) - before, 1);
}

/** A span that waited while Tempo was away has an old time, by which a search looks for it. */
async function lateSpan(stack: Stack, report: Run['report']): Promise<void> {
  const startMs = Date.now() - 600_000;
  const spans = failedTrace('late', 1).map((span) => ({ ...span, startMs }));
  await SENDERS['OTLP gRPC'](stack.pod('otel-collector').address, spans);
  await spansIn(stack, spans[0]?.traceId ?? '', 1);
  await sleep(40_000);
  const around = Math.floor(startMs / 1000);
  const query = new URLSearchParams({
    q: '{ resource.service.name = "late" }',
    start: String(around - 60),
    end: String(around + 60),
  });
  const answer = await fetch(`http://${stack.pod('tempo').address}:3100/api/search?${query}`);
  const { traces } = (await answer.json()) as { traces?: unknown[] };
  report.equal('traces found by the time of a span that came 10 minutes late', traces?.length ?? 0, 1);
}

async function tempoRanges(stack: Stack, report: Run['report']): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  for (const [path, q, hours] of [
    ['metrics/query_range', '{} | rate()', 24],
    ['metrics/query_range', '{} | rate()', 168],
    ['search', '{}', 168],
    ['search', '{}', 720],
  ] as const) {
    const range = { q, start: String(now - hours * HOUR_SECONDS), end: String(now) };
    await answers(report, `tempo ${path} over ${hours} h`, stack.pod('tempo').address, `/api/${path}`, range);
  }
}

async function lokiRanges(stack: Stack, report: Run['report']): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const rate = 'sum by (namespace) (rate({namespace="apps"} [5m]';
  for (const [query, hours] of [
    ['{namespace="apps"}', 168],
    [`${rate}))`, 168],
    [`${rate} offset 24h))`, 168],
    ['{namespace="apps"}', 720],
    [`${rate}))`, 720],
    [`${rate} offset 24h))`, 720],
  ] as const) {
    const range = { query, start: String(now - hours * HOUR_SECONDS), end: String(now), step: '3600' };
    const what = `loki ${query} over ${hours} h`;
    await answers(report, what, stack.pod('loki').address, '/loki/api/v1/query_range', range);
  }
}

async function answers(
  report: Run['report'],
  what: string,
  address: string,
  path: string,
  query: Record<string, string>,
): Promise<void> {
  const response = await fetch(`http://${address}:3100${path}?${new URLSearchParams(query)}`);
  const text = await response.text();
  report.figure(what, response.ok ? 200 : `${response.status} ${text.slice(0, 120)}`, response.ok);
}
