import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan } from '../../../scripts/smoke/spans/span';
import { caseManifests } from '../../support/render';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { Prometheus } from '../prometheus';
import type { Report } from '../report';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

/** A running stack, the Prometheus that scrapes it, and where what is seen is reported. */
interface Parts {
  /** Name of the case. */
  readonly name: string;
  readonly stack: Stack;
  readonly prometheus: Prometheus;
  readonly report: Report;
}

/** What each case is used for, once all of its pods are ready. */
const CASES = { 'logs-only': logsOnly, 'stores-only': storesOnly, 'traces-only': tracesOnly } as const;

/** Loki logs an error for each query while its delete API is disabled. */
const NO_DELETE_API = /error loading cache generation numbers/;

/** Metrics of the kubelet and of kube-state-metrics are not there. */
const WITHOUT_METRICS = /Volume|MissingOnNode/;

/** Stacks without some of their parts: what is there works, and nothing waits for what is not. */
export const partsScenario: Scenario = {
  name: 'parts',
  title: 'Logs only on a node of 4 GiB, stores only, traces only',
  needs: ['loki', 'promtail', 'tempo', 'otel-collector', 'prometheus', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    for (const [name, use] of Object.entries(CASES)) await runCase(`${folder}/${name}`, name, report, use);
  },
};

async function runCase(
  folder: string,
  name: string,
  report: Report,
  use: (parts: Parts) => Promise<void>,
): Promise<void> {
  const objects = caseManifests(name);
  const stack = await Stack.create({ folder, objects, withApi: true });
  const workloads = objects
    .filter(({ spec }) => spec?.template)
    .map(({ metadata }) => metadata.name as string);
  let prometheus: Prometheus | undefined;
  try {
    report.figure(`${name}: workloads`, workloads.join(', '));
    const container = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
    container.write([{ stream: 'stdout', line: 'an agent is ready once it has found a file' }]);
    await stack.start(...workloads);
    const pod = (one: string) => stack.pod(one);
    prometheus = await Prometheus.start({ folder: `${folder}/prometheus`, objects, pod });
    await use({ name, stack, prometheus, report });
    const up = await prometheus.query('up');
    report.equal(`${name}: targets that are up`, up.filter(({ value }) => value === 1).length, up.length);
    const alerts = (await prometheus.query('ALERTS')).map(({ labels }) => labels['alertname'] ?? '');
    report.equal(
      `${name}: alerts, pending or firing`,
      alerts.filter((one) => !WITHOUT_METRICS.test(one)).sort(),
      [],
    );
    for (const one of workloads) {
      const { peakMemory, memoryLimit } = stack.pod(one);
      const [peak = 0, limit] = [peakMemory, memoryLimit].map((bytes) => Math.round(bytes / 2 ** 20));
      report.figure(`${name}: ${one}, peak memory in MiB, of ${limit}`, peak, peakMemory < memoryLimit);
    }
    report.equal(
      `${name}: lines at level error`,
      workloads.flatMap((one) => stack.pod(one).errors).filter((line) => !NO_DELETE_API.test(line)),
      [],
    );
  } finally {
    prometheus?.stop();
    await stack.stop();
  }
}

/** Twenty pods, as many as the case states, each with 50 lines per second. */
async function logsOnly({ name, stack, report }: Parts): Promise<void> {
  const containers: LoggingContainer[] = [];
  for (let index = 0; index < 20; index++)
    containers.push(await LoggingContainer.create(stack.api, stack.podLogs, `web-${index}`));
  const seconds = 45;
  for (let second = 0; second < seconds; second++) {
    for (const container of containers)
      container.write(
        Array.from({ length: 50 }, (_, line) => ({
          stream: 'stdout' as const,
          line: `level=info msg="request ${second}-${line}" status=200 duration=12ms path=/cart/${line}`,
        })),
      );
    await sleep(1_000);
  }
  const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
  const expected = 20 * 50 * seconds;
  let count = 0;
  for (let tries = 0; tries < 60 && count < expected; tries++) {
    await sleep(1_000);
    count = await loki.count('{namespace="apps", pod=~"web-.*"}');
  }
  report.equal(`${name}: lines in Loki`, count, expected);
}

/** An agent of the operator's own pushes lines, and applications send spans to Tempo itself. */
async function storesOnly({ name, stack, report }: Parts): Promise<void> {
  const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
  for (let second = 0; second < 40; second++) {
    const now = BigInt(Date.now()) * 1_000_000n;
    const lines = Array.from({ length: 25 }, (_, line) => ({
      nanoseconds: now + BigInt(line),
      line: `line ${second}-${line}`,
    }));
    await loki.push({ namespace: 'apps', pod: 'web', container: 'app' }, lines);
    await sleep(1_000);
  }
  report.equal(`${name}: lines of another agent in Loki`, await loki.count('{namespace="apps"}'), 40 * 25);
  const { address } = stack.pod('tempo');
  for (const [protocol, send] of Object.entries(SENDERS)) {
    const span = oneSpan('shop', `GET by ${protocol}`);
    await send(address, [span]);
    await sleep(3_000);
    report.equal(`${name}: span by ${protocol} in Tempo`, (await readTrace(address, span.traceId)).length, 1);
  }
}

/** Spans are metered and kept; log records are rejected at once. */
async function tracesOnly({ name, stack, prometheus, report }: Parts): Promise<void> {
  const collector = stack.pod('otel-collector').address;
  const failed = { ...oneSpan('shop', 'GET /cart'), error: true };
  await SENDERS['OTLP gRPC'](collector, [failed]);
  await sleep(45_000);
  report.equal(
    `${name}: spans in Tempo`,
    (await readTrace(stack.pod('tempo').address, failed.traceId)).length,
    1,
  );
  const [calls] = await prometheus.query('sum(traces_spanmetrics_calls_total{service="shop"})');
  report.equal(`${name}: calls in the span metrics`, calls?.value, 1);
  const answer = await fetch(`http://${collector}:4318/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceLogs":[]}',
  });
  report.equal(`${name}: log records are rejected with`, answer.status, 404);
}
