import { manifests, settings } from '../../support/render';
import { createRunningPod } from '../kubelet';
import { type Entry, LokiClient } from '../loki-client';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Records as SDKs send them, each with what Loki has to have of it. */
const RECORDS = [
  {
    record: { severityNumber: 9, severityText: 'INFO', body: { stringValue: 'order 1 paid' } },
    entry: { line: 'order 1 paid', level: 'info' },
  },
  {
    record: {
      severityNumber: 17,
      body: { stringValue: 'payment failed' },
      traceId: TRACE,
      spanId: SPAN,
      attributes: [
        string('exception.type', 'java.io.IOException'),
        string('exception.stacktrace', 'java.io.IOException: refused\n\tat shop.Pay.run(Pay.java:7)'),
      ],
    },
    entry: {
      line: 'payment failed\njava.io.IOException: refused\n\tat shop.Pay.run(Pay.java:7)',
      level: 'error',
      trace_id: TRACE,
      span_id: SPAN,
      exception_type: 'java.io.IOException',
    },
  },
  {
    record: { severityText: 'Warning', body: { stringValue: 'stock is low, no error yet' } },
    entry: { line: 'stock is low, no error yet', level: 'warn' },
  },
  {
    record: { body: { kvlistValue: { values: [string('event', 'checkout'), string('user', 'u1')] } } },
    entry: { line: '{"event":"checkout","user":"u1"}', level: 'unknown' },
  },
  {
    record: { body: { stringValue: `level=debug msg=cache trace_id=${TRACE}` } },
    entry: { line: `level=debug msg=cache trace_id=${TRACE}`, level: 'debug', trace_id: TRACE },
  },
  {
    record: { severityNumber: 5, severityText: 'Error', body: { stringValue: 'number before text' } },
    entry: { line: 'number before text', level: 'debug' },
  },
];

/** Logs of OpenTelemetry SDKs arrive at the port for traces, and look in Loki like lines of log files. */
export const otlpLogsScenario: Scenario = {
  name: 'otlp-logs',
  title: 'Logs of OpenTelemetry SDKs: labels, levels, ids and stack traces in Loki; metrics are rejected',
  needs: ['loki', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const values = { logs: { otlp: { enabled: true } }, cluster: { name: 'eu-1' } };
    const objects = manifests(settings(values));
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      await createRunningPod(stack.api, 'checkout', { podIP: NODE_ADDRESS });
      await stack.start('loki', 'otel-collector');
      const collector = `http://${stack.pod('otel-collector').address}:4318`;
      const now = BigInt(Date.now()) * 1_000_000n;
      const records = RECORDS.map(({ record }, index) => ({
        timeUnixNano: String(now + BigInt(index)),
        ...record,
      }));
      report.equal('the collector answers', await send(`${collector}/v1/logs`, records), 200);

      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      const entries = await loki.settled('{namespace="apps"}', Date.now() - 60_000, RECORDS.length, 60);
      report.equal('entries in Loki', entries.length, RECORDS.length);
      report.equal('labels', entries[0]?.labels ?? {}, {
        app: 'checkout',
        cluster: 'eu-1',
        namespace: 'apps',
        node: 'node-1',
        pod: 'checkout',
        service_name: 'checkout',
      });
      for (const [index, { entry }] of RECORDS.entries())
        report.equal(`entry ${index + 1}`, seen(entries[index], Object.keys(entry)), entry);
      report.equal('metrics are rejected with', await send(`${collector}/v1/metrics`, []), 404);
    } finally {
      await stack.stop();
    }
  },
};

/** The fields of an entry that are compared. */
function seen(entry: Entry | undefined, fields: readonly string[]): Record<string, string> {
  if (entry === undefined) return {};
  const all: Record<string, string | undefined> = {
    ...entry.metadata,
    line: entry.line,
    level: entry.metadata['detected_level'],
  };
  return Object.fromEntries(fields.map((field) => [field, all[field] ?? 'none']));
}

async function send(url: string, logRecords: readonly object[]): Promise<number> {
  const resource = { attributes: [string('service.name', 'checkout')] };
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await answer.arrayBuffer();
  return answer.status;
}
