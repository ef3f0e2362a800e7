import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { grownSince } from '../../scripts/smoke/destination-counters';
import { logDestinationHops, spanDestinationHops } from '../../scripts/smoke/destinations';
import type { Mark } from '../../scripts/smoke/hop';
import { promtool } from '../support/promtool';
import { settings } from '../support/render';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A run whose deadline has come, so that nothing is asked twice. */
const mark = (): Mark => ({ id: 'smoke-1', startMs: 1_790_000_000_000, deadlineMs: 1_790_000_000_000 });

/** A Prometheus that knows the growth of metrics. */
async function prometheusWith(
  known: Readonly<Record<string, number>>,
  seen: string[] = [],
  status = '401',
): Promise<string> {
  const server = createServer((request, response) => {
    const promql = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    seen.push(promql);
    const result = Object.entries(known)
      .filter(([metric]) => promql.includes(`${metric}{`))
      .map(([, value]) => ({ metric: { status_code: status }, value: [0, String(value)] }));
    response.end(JSON.stringify({ data: { result } }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const central = { url: 'https://logs.example.com:443/base' };
const place = (
  agent: string,
  more: object = {},
  jobs = [agent === 'promtail' ? agent : 'otel-agent', 'otel-collector'],
) => ({
  jobs,
  settings: settings({ logs: { agent, destinations: { central } }, loki: { enabled: false }, ...more }),
});

async function logs(
  agent: string,
  known: Readonly<Record<string, number>>,
  seen: string[] = [],
  status?: string,
) {
  const prometheus = await prometheusWith(known, seen, status);
  const [hop] = await Promise.all(logDestinationHops(prometheus, mark(), place(agent)));
  return hop;
}

describe('smoke reports of a destination of logs', () => {
  test('what Promtail sends to its host', async () => {
    const seen: string[] = [];

    expect(await logs('promtail', { promtail_sent_entries_total: 13 }, seen)).toMatchObject({
      hop: 'destination central: logs',
      verdict: 'ok',
      observed: '13 entries were accepted and 0 failed during this run',
    });
    const counter =
      'promtail_sent_entries_total{job="promtail",namespace="monitoring",host="logs.example.com:443"}';
    expect(seen[0]).toBe(`sum((${counter} - ${counter} @ 1790000000.000 >= 0) or ${counter})`);
  });

  test('what Promtail dropped, and the status of its requests', async () => {
    expect(
      await logs('promtail', {
        promtail_dropped_entries_total: 7,
        promtail_request_duration_seconds_count: 2,
      }),
    ).toMatchObject({
      verdict: 'fail',
      observed: '0 entries were accepted and 7 failed during this run; 2 requests ended with HTTP 401',
      fix: 'kubectl logs daemonset/promtail: docs/remote-stores.md#what-happens-when-a-destination-fails',
    });
  });

  test('that Promtail gets no response', async () => {
    expect(await logs('promtail', { promtail_request_duration_seconds_count: 3 }, [], '-1')).toMatchObject({
      verdict: 'fail',
      observed: '0 entries were accepted and 0 failed during this run; 3 requests ended without a response',
    });
  });

  test('what the agent sends, by its exporter', async () => {
    const seen: string[] = [];

    expect(await logs('otel', { otelcol_exporter_sent_log_records: 5 }, seen)).toMatchObject({
      verdict: 'ok',
      observed: '5 entries were accepted and 0 failed during this run',
    });
    expect(seen[0]).toContain(
      'otelcol_exporter_sent_log_records{job="otel-agent",namespace="monitoring",exporter=~"otlp_http/logs-central"}',
    );
  });

  test.each(['otelcol_exporter_send_failed_log_records', 'otelcol_exporter_enqueue_failed_log_records'])(
    'what %s counts, although other entries arrive',
    async (counter) => {
      expect(await logs('otel', { otelcol_exporter_sent_log_records: 5, [counter]: 1 })).toMatchObject({
        verdict: 'fail',
        observed: '5 entries were accepted and 1 failed during this run',
      });
    },
  );

  test('what waits in the queue of the agent', async () => {
    expect(await logs('otel', { otelcol_exporter_queue_size: 2048 })).toMatchObject({
      verdict: 'fail',
      observed:
        '0 entries were accepted and 0 failed during this run; 2048 bytes wait in the queue of daemonset/otel-agent',
    });
  });

  test('nothing where no agent runs and no record was sent', async () => {
    const [hop] = await Promise.all(
      logDestinationHops(
        await prometheusWith({}),
        mark(),
        place('none', { logs: { agent: 'none', otlp: { enabled: true }, destinations: { central } } }),
      ),
    );

    expect(hop).toMatchObject({
      verdict: 'skip',
      observed: 'no agent reads log files, and no log record was sent',
    });
  });

  test.each([
    [undefined, ['promtail'], 'Prometheus was not queried, which knows what the senders count'],
    ['http://127.0.0.1:9', [], 'Prometheus scrapes none of its senders'],
  ])('nothing with Prometheus %s and the jobs %j', async (prometheus, jobs, observed) => {
    const [hop] = await Promise.all(logDestinationHops(prometheus, mark(), place('promtail', {}, jobs)));

    expect(hop).toMatchObject({ verdict: 'skip', observed });
  });

  test('that Prometheus does not answer', async () => {
    const [hop] = await Promise.all(logDestinationHops('http://127.0.0.1:9', mark(), place('otel')));

    expect(hop).toMatchObject({ verdict: 'fail', observed: expect.stringContaining('http://127.0.0.1:9') });
  });

  test('every tenant, each of which has a queue', async () => {
    const seen: string[] = [];
    const tenants = { tenants: { 'team-a': ['shop'] } };
    await Promise.all(
      logDestinationHops(
        await prometheusWith({ otelcol_exporter_sent_log_records: 5 }, seen),
        mark(),
        place('otel', tenants),
      ),
    );

    expect(seen[0]).toContain('exporter=~"otlp_http/logs-central(-(team-a|shared))?"');
  });
});

describe('smoke reports of a destination of traces', () => {
  const tracing = { destinations: { central }, resources: { memoryLimit: '2Gi' } };
  const spans = async (known: Readonly<Record<string, number>>, accepted: number, jobs: string[]) => {
    const seen: string[] = [];
    const [hop] = await Promise.all(
      spanDestinationHops(
        await prometheusWith(known, seen),
        mark(),
        place('otel', { tracing }, jobs),
        accepted,
      ),
    );
    return { hop, seen };
  };

  test.each([
    [['otel-collector'], 'otel-collector'],
    [['otel-collector', 'otel-sampler'], 'otel-sampler'],
  ])('what the last of %j sends', async (jobs, sender) => {
    const { hop, seen } = await spans({ otelcol_exporter_sent_spans: 3 }, 5, jobs);

    expect(hop).toMatchObject({
      hop: 'destination central: traces',
      verdict: 'ok',
      observed: '3 spans were accepted and 0 failed during this run',
    });
    expect(seen[0]).toContain(`job="${sender}",namespace="monitoring",exporter=~"otlp_http/traces-central"`);
  });

  test.each([
    [0, 'skip', 'no span of this run was accepted'],
    [5, 'fail', '0 spans were accepted and 0 failed during this run'],
  ])('nothing sent after %i accepted spans: %s', async (accepted, verdict, observed) => {
    expect((await spans({}, accepted, ['otel-collector'])).hop).toMatchObject({ verdict, observed });
  });
});

(promtool ? test : test.skip)('counters of new and restarted senders grow by their whole value', () => {
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  const series = { old: '5 6 7 9 12', new: '_ _ _ 2 4', restarted: '50 51 52 1 3', idle: '5 5 5 5 5' };
  const exp_samples = [{ labels: '{}', value: 5 + 4 + 3 }];
  const tests = {
    interval: '30s',
    input_series: Object.entries(series).map(([pod, values]) => ({ series: `c{pod="${pod}"}`, values })),
    promql_expr_test: [{ expr: `sum(${grownSince('c{pod!=""}', 60_000)})`, eval_time: '2m', exp_samples }],
  };
  try {
    writeFileSync(join(folder, 'tests.yaml'), JSON.stringify({ evaluation_interval: '30s', tests: [tests] }));
    const ended = spawnSync('promtool', ['test', 'rules', 'tests.yaml'], { cwd: folder, encoding: 'utf8' });

    expect([ended.status, ended.stderr]).toEqual([0, '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
