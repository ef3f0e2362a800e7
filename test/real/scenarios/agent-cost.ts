import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { caseManifests } from '../../support/render';
import { cpuSeconds } from '../cpu';
import { MEASURED_AGENTS, type MeasuredAgent, PARTS, type Part, type Surroundings } from '../measured-agents';
import { scrape, sumOfMetric } from '../metrics';
import { findProgram } from '../programs';
import { run } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { TYPICAL_LINES } from '../typical-load';

const LINES = 30_000;
const ROUNDS = 2;

/** What a line costs an agent: with the rendered pipeline, with its joining of lines, and without either. */
export const agentCostScenario: Scenario = {
  name: 'agent-cost',
  title: 'Cost of the log agents, in lines per second of a CPU',
  needs: ['promtail', 'otel-agent'],
  async run({ folder, report }: Run) {
    run('ip', 'link', 'set', 'lo', 'up');
    const sink = createServer((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(request.url?.startsWith('/otlp') ? 200 : 204).end());
    });
    await new Promise<void>((resolve) => sink.listen(4000, '127.0.0.1', resolve));
    const best = new Map<string, Cost>();
    // Turn by turn, so that a busy moment of the machine meets all alike; the best of a few rounds counts.
    for (let round = 0; round < ROUNDS; round++) {
      for (const agent of MEASURED_AGENTS) {
        for (const part of PARTS) {
          const cost = await measure(
            agent,
            part,
            join(folder, `${agent.name}-${PARTS.indexOf(part)}-${round}`),
          );
          const before = best.get(agent.name + part);
          if (before === undefined || cost.lines > before.lines) best.set(agent.name + part, cost);
        }
      }
    }
    for (const { name, mostTimes } of MEASURED_AGENTS) {
      const [least, , all] = PARTS.map((part) => best.get(name + part));
      for (const part of PARTS) {
        report.figure(
          `${name}, ${part}: lines per CPU-second`,
          Math.round(best.get(name + part)?.lines ?? 0),
        );
      }
      if (least === undefined || all === undefined) throw new Error(`${name} was not measured`);
      const times = least.lines / all.lines;
      report.figure(
        `${name}: cost of all, in times that of CRI only; the goal is 2`,
        times.toFixed(2),
        times < mostTimes,
      );
      report.figure(`${name}: MB per CPU-second, at least 2`, all.megabytes.toFixed(1), all.megabytes >= 2);
      report.figure(`${name}: peak memory in MiB`, all.peakMebibytes);
    }
    sink.close();
  },
};

/** What an agent handles in a second of CPU time, and its memory. */
interface Cost {
  readonly lines: number;
  readonly megabytes: number;
  readonly peakMebibytes: number;
}

/** Runs an agent over one file of mixed lines. */
async function measure(agent: MeasuredAgent, part: Part, folder: string): Promise<Cost> {
  const surroundings: Surroundings = {
    logs: join(folder, 'logs'),
    state: join(folder, 'state'),
    sinkUrl: 'http://127.0.0.1:4000',
    metricsPort: 4001,
  };
  for (const name of [surroundings.logs, surroundings.state]) mkdirSync(name, { recursive: true });
  const objects = caseManifests(agent.name === 'otel' ? 'everything-otel' : 'default');
  const file = join(folder, 'agent.yaml');
  writeFileSync(file, stringify(agent.config(objects, part, surroundings)));
  // A first line, so that what the start costs is not counted.
  const log = join(surroundings.logs, '0.log');
  writeFileSync(log, written(-1));
  const output = openSync(join(folder, 'output'), 'w');
  const child = spawn(findProgram(agent.program) ?? '', agent.args(file), {
    env: { ...process.env, HOSTNAME: 'node-1', NODE_NAME: 'node-1', GOMAXPROCS: '2' },
    stdio: ['ignore', output, output],
  });
  try {
    const sent = async () =>
      sumOfMetric(
        await scrape('127.0.0.1', surroundings.metricsPort).catch(() => ''),
        agent.sentMetric,
        agent.sentLabel,
      );
    await until(async () => (await sent()) > 0, `${agent.name} has sent its first line: ${folder}`);
    const before = cpuSeconds(child.pid ?? 0);
    const all = Array.from({ length: LINES }, (_, index) => written(index));
    writeFileSync(log, all.join(''), { flag: 'a' });
    // Lines that wait for the rest of an entry come last.
    let last = 0;
    await until(
      async () => {
        const now = await sent();
        const done = now === last && now > LINES / 4;
        last = now;
        if (!done) await sleep(5_000);
        return done;
      },
      `${agent.name} has sent ${statSync(log).size} bytes`,
    );
    const text = all.join('');
    const seconds = cpuSeconds(child.pid ?? 0) - before;
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return {
      lines: text.split('\n').length / seconds,
      megabytes: text.length / 1e6 / seconds,
      peakMebibytes: Math.round(Number(peak) / 1024),
    };
  } finally {
    child.kill('SIGKILL');
  }
}

/** The next lines of a container that runs several programs: logfmt, JSON, access logs, and Java with a stack trace now and then. */
function written(n: number): string {
  const time = new Date(Date.UTC(2026, 10, 20) + n);
  const { line } = TYPICAL_LINES[['json', 'access', 'text'][Math.abs(n) % 3] ?? 'json']?.(n, time) ?? {
    line: '',
  };
  const logfmt = `time=${time.toISOString()} level=info msg="request completed" method=GET path=/api/v1/cart status=200 n=${n}`;
  const trace = [
    'java.lang.IllegalStateException: no stock',
    ...Array<string>(5).fill('\tat com.example.shop.Cart.total(Cart.java:42)'),
  ];
  const lines = n % 4 === 3 ? [logfmt] : n % 40 === 2 ? [line, ...trace] : [line];
  const now = new Date().toISOString().replace('Z', String(Math.abs(n) % 1_000_000).padStart(6, '0'));
  return lines.map((one) => `${now}Z stdout F ${one}\n`).join('');
}

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await sleep(1_000);
  }
}
