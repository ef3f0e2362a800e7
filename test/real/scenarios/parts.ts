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
  readonly stack: Stack;
  readonly prometheus: Prometheus;
  readonly report: Report;
}

/** What each case is used for, once all of its pods are ready. */
const CASES = { 'logs-only': logsOnly, 'stores-only': storesOnly, 'traces-only': tracesOnly } as const;

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
    await use({ stack, prometheus, report });
    const up = await prometheus.query('up');
    report.equal('  targets that are up', up.filter(({ value }) => value === 1).length, up.length);
    const alerts = (await prometheus.query('ALERTS')).map(({ labels }) => labels['alertname'] ?? '');
    report.equal(
      '  alerts, pending or firing',
      alerts.filter((one) => !WITHOUT_METRICS.test(one)).sort(),
      [],
    );
    for (const one of workloads) {
      const { peakMemory, memoryLimit } = stack.pod(one);
      const [peak = 0, limit] = [peakMemory, memoryLimit].map((bytes) => Math.round(bytes / 2 ** 20));
      report.figure(`  ${one}: peak memory in MiB, of ${limit}`, peak, peakMemory < memoryLimit);
    }
    report.equal(
      '  lines at level error',
      workloads.flatMap((one) => stack.pod(one).errors),
      [],
    );
  } finally {
    prometheus?.stop();
    await stack.stop();
  }
}

/** Twenty pods, as many as the case states, each with 100 lines per second. */
async function logsOnly({ stack, report }: Parts): Promise<void> {
  const containers: LoggingContainer[] = [];
  for (let index = 0; index < 20; index++)
    containers.push(await LoggingContainer.create(stack.api, stack.podLogs, `web-${index}`));
  const seconds = 45;
  for (let second = 0; second < seconds; second++) {
    for (const container of containers)
      container.write(
        Array.from({ length: 100 }, (_, line) => ({
          stream: 'stdout' as const,
          line: `level=info msg="request ${second}-${line}" status=200 duration=12ms path=/cart/${line}`,
        })),
      );
    await sleep(1_000);
  }
  const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
  const expected = 20 * 100 * seconds;
  let count = 0;
  for (let tries = 0; tries < 60 && count < expected; tries++) {
    await sleep(1_000);
    count = await loki.count('{namespace="apps", pod=~"web-.*"}');
  }
  report.equal('  lines in Loki', count, expected);
}

/** An agent of the operator's own pushes lines, and applications send spans to Tempo itself. */
async function storesOnly({ stack, report }: Parts): Promise<void> {
  const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
  const now = BigInt(Date.now()) * 1_000_000n;
  const lines = Array.from({ length: 1_000 }, (_, index) => ({
    nanoseconds: now + BigInt(index),
    line: `line ${index}`,
  }));
  await loki.push({ namespace: 'apps', pod: 'web', container: 'app' }, lines);
  report.equal('  lines of another agent in Loki', await loki.count('{namespace="apps"}'), lines.length);
  const { address } = stack.pod('tempo');
  for (const [protocol, send] of Object.entries(SENDERS)) {
    const span = oneSpan('shop', `GET by ${protocol}`);
    await send(address, [span]);
    await sleep(3_000);
    report.equal(`  span by ${protocol} in Tempo`, (await readTrace(address, span.traceId)).length, 1);
  }
  await sleep(30_000);
}

/** Spans are metered and kept; log records are rejected at once. */
async function tracesOnly({ stack, prometheus, report }: Parts): Promise<void> {
  const collector = stack.pod('otel-collector').address;
  const failed = { ...oneSpan('shop', 'GET /cart'), error: true };
  await SENDERS['OTLP gRPC'](collector, [failed]);
  await sleep(45_000);
  report.equal('  spans in Tempo', (await readTrace(stack.pod('tempo').address, failed.traceId)).length, 1);
  const [calls] = await prometheus.query('sum(traces_spanmetrics_calls_total{service="shop"})');
  report.equal('  calls in the span metrics', calls?.value, 1);
  const answer = await fetch(`http://${collector}:4318/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceLogs":[]}',
  });
  report.equal('  log records are rejected with', answer.status, 404);
}
