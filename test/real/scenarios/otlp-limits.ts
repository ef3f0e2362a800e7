import { setTimeout as sleep } from 'node:timers/promises';
import { manifests, settings } from '../../support/render';
import { createRunningPod } from '../kubelet';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import type { Report } from '../report';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** Streams that Loki accepts. */
const MOST_STREAMS = 100;
/** More requests above the limit than a collector sends at once. */
const ROUNDS = 15;
const OUTAGE_RECORDS = 100;
const SLOWEST_SECONDS = 15;

const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Records of SDKs above a limit of Loki do not hold up others, and an outage of Loki loses none. */
export const otlpLimitsScenario: Scenario = {
  name: 'otlp-limits',
  title: 'Logs of OpenTelemetry SDKs: too many streams next to a quiet one, and an outage of Loki',
  needs: ['loki', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const values = {
      cluster: { nodes: 1, podsPerNode: 10, containersPerPod: 1 },
      logs: { otlp: { enabled: true } },
      loki: { limits: { maxStreams: MOST_STREAMS } },
    };
    const stack = await Stack.create({ folder, objects: manifests(settings(values)), withApi: true });
    try {
      await createRunningPod(stack.api, 'checkout', { podIP: NODE_ADDRESS });
      await stack.start('loki', 'otel-collector');
      await tooManyStreams(stack, report);
      await outage(stack, report);
    } finally {
      await stack.stop();
    }
  },
};

const lokiOf = (stack: Stack) => new LokiClient(`http://${stack.pod('loki').address}:3100`);

/** Each container is a stream. The first ones fill the limit, and every round asks for another. */
async function tooManyStreams(stack: Stack, report: Report): Promise<void> {
  const loki = lokiOf(stack);
  for (let number = 0; number < MOST_STREAMS - 1; number++) await send(stack, `full-${number}`, 'first');
  await send(stack, 'quiet', 'first');
  await stored(loki, '{container=~"full-.*|quiet"}', MOST_STREAMS);
  let slowest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await send(stack, `new-${round}`, 'above the limit');
    // The next record is in a request of its own.
    await sleep(1_500);
    const began = Date.now();
    await send(stack, 'quiet', `round ${round}`);
    const isStored = await stored(loki, '{container="quiet"}', round + 2);
    slowest = Math.max(slowest, isStored ? (Date.now() - began) / 1_000 : Number.POSITIVE_INFINITY);
    if (!isStored) break;
  }
  report.figure(
    `seconds until the slowest of ${ROUNDS} records of a quiet stream is stored, next to too many streams`,
    Math.ceil(slowest),
    slowest < SLOWEST_SECONDS,
  );
  const discarded = sumOfMetric(
    await scrape(stack.pod('loki').address, 3100),
    'loki_discarded_samples_total',
    'reason="stream_limit"',
  );
  report.equal('records above the limit, counted by Loki', discarded, ROUNDS);
  const dropped = sumOfMetric(
    await scrape(stack.pod('otel-collector').address, 8888),
    'otelcol_exporter_send_failed_log_records',
    'exporter="otlp_grpc/loki"',
  );
  report.figure('records that the collector counts as dropped', dropped, dropped >= ROUNDS);
}

/** The queue keeps what Loki does not accept, and sends it later. */
async function outage(stack: Stack, report: Report): Promise<void> {
  await stack.pod('loki').stop();
  for (let number = 0; number < OUTAGE_RECORDS; number++) await send(stack, 'full-0', `missed ${number}`);
  await sleep(10_000);
  await stack.start('loki');
  const selector = '{container="full-0"} |= "missed"';
  await stored(lokiOf(stack), selector, OUTAGE_RECORDS, 90);
  report.equal(
    `records stored of ${OUTAGE_RECORDS} that were sent while Loki was down`,
    await lokiOf(stack).count(selector),
    OUTAGE_RECORDS,
  );
}

/** Whether so many entries are stored before the time is over. */
async function stored(loki: LokiClient, selector: string, count: number, seconds = 30): Promise<boolean> {
  const deadline = Date.now() + seconds * 1_000;
  while ((await loki.count(selector)) < count) {
    if (Date.now() > deadline) return false;
    await sleep(200);
  }
  return true;
}

async function send(stack: Stack, container: string, text: string): Promise<void> {
  const attributes = [string('service.name', 'checkout'), string('k8s.container.name', container)];
  const logRecords = [{ timeUnixNano: String(BigInt(Date.now()) * 1_000_000n), body: { stringValue: text } }];
  const answer = await fetch(`http://${stack.pod('otel-collector').address}:4318/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }),
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`the collector answers ${answer.status}`);
}
