import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { exampleRepository } from '../support/example-repository';

const ROOT = join(__dirname, '..', '..');
const servers: Server[] = [];
let repository: string;

beforeAll(() => {
  repository = exampleRepository();
});
afterAll(() => rmSync(repository, { recursive: true }));
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers as a program answered when it was recorded: status and body by the path, without the query. */
function serve(
  answers: Readonly<Record<string, [number, string]>>,
  seen: IncomingMessage[] = [],
): Promise<string> {
  const server = createServer((request, response) => {
    seen.push(request);
    const [status, body] = answers[(request.url ?? '').split('?')[0] ?? ''] ?? [404, 'not found'];
    response.writeHead(status).end(body);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

/** Runs smoke as `npm run -s smoke` does. */
function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const command = [join(ROOT, 'scripts', 'run.cjs'), join(ROOT, 'scripts', 'smoke.ts'), ...args];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: repository,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      printed.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed.stderr += chunk;
    });
    child.on('close', (status) => resolve({ status, ...printed }));
  });
}

const FOUND = JSON.stringify({
  status: 'success',
  data: {
    resultType: 'streams',
    result: [{ stream: { namespace: 'monitoring', pod: 'loki-0' }, values: [['1', 'x']] }],
  },
});
const EMPTY = JSON.stringify({ status: 'success', data: { resultType: 'streams', result: [] } });
const QUERY = '/loki/api/v1/query_range';

describe('smoke', () => {
  test('follows a log line and prints each hop', async () => {
    const seen: IncomingMessage[] = [];
    const loki = await serve(
      { '/ready': [200, 'ready\n'], '/loki/api/v1/push': [204, ''], [QUERY]: [200, FOUND] },
      seen,
    );
    const { status, stdout } = await run(['--loki', loki]);

    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^ok {4}loki: ready {12}.+ ready\nok {4}loki: push, read back .+\nok {4}agent: pod to loki .+ the log of monitoring\/loki-0 arrives\n\n3 ok, 0 failed, 0 skipped\n$/,
    );
    expect(seen.map(({ method, url }) => `${method} ${url?.split('?')[0]}`)).toContain(
      'POST /loki/api/v1/push',
    );
  });

  test("reports the hop that loses a line, with the program's message", async () => {
    const limit = 'Maximum active stream limit exceeded';
    const loki = await serve({
      '/ready': [503, 'Ingester not ready'],
      '/loki/api/v1/push': [429, limit],
      [QUERY]: [200, EMPTY],
    });
    const { status, stdout } = await run(['--loki', loki, '--timeout', '0.5', '--json']);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { hop: 'loki: ready', verdict: 'fail', observed: `${loki}/ready: HTTP 503 Ingester not ready` },
      {
        hop: 'loki: push, read back',
        verdict: 'fail',
        observed: `${loki}/loki/api/v1/push: HTTP 429 ${limit}`,
      },
      { hop: 'agent: pod to loki', verdict: 'fail', observed: "no line of Loki's own log arrived" },
    ]);
  });

  test('names the jobs without targets in Prometheus', async () => {
    const result = [{ metric: { job: 'node-exporter' }, value: [0, '1'] }];
    const prometheus = await serve({ '/api/v1/query': [200, JSON.stringify({ data: { result } })] });
    const { status, stdout } = await run(['--prometheus', prometheus, '--timeout', '0.5', '--json']);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { hop: 'prometheus: targets', observed: expect.stringContaining('job="otel-collector"') },
    ]);
  });

  test.each([
    [401, 'Grafana rejected the login'],
    [404, 'Grafana has no datasource with this uid'],
    [502, 'Grafana cannot reach the datasource'],
  ])('explains %i of the datasource proxy', async (answered, meaning) => {
    const seen: IncomingMessage[] = [];
    const path = `/api/datasources/proxy/uid/loki${QUERY}`;
    const grafana = await serve({ [path]: [answered, '{"message":"x"}'] }, seen);
    const { stdout } = await run(['--grafana', grafana, '--timeout', '0.5', '--json'], {
      GRAFANA_PASSWORD: 'p',
    });

    expect(JSON.parse(stdout)).toMatchObject([
      {
        hop: 'grafana: Loki',
        verdict: 'fail',
        observed: `${meaning}: ${grafana}${path}: HTTP ${answered} {"message":"x"}`,
      },
      { hop: 'grafana: Tempo', verdict: 'skip' },
    ]);
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('admin:p').toString('base64')}`);
  });

  test('skips Grafana without a login', async () => {
    const { status, stdout } = await run(['--grafana', 'http://127.0.0.1:9', '--json']);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ verdict: 'skip' }, { verdict: 'skip' }]);
  });

  test.each([
    [[], 'pass at least one address, or run scripts/smoke.sh'],
    [['--loki', 'http://x', '--timeout', 'soon'], '--timeout must be a number of seconds above 0'],
    [
      ['--loki', 'http://x', '--values', 'nowhere'],
      'dist/nowhere/ contains no manifests; pass --values with one of: default',
    ],
  ])('rejects %j with one line and exit code 2', async (args, message) => {
    expect(await run(args)).toEqual({ status: 2, stdout: '', stderr: `smoke: ${message}\n` });
  });
});
