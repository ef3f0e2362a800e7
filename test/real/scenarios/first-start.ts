import { setTimeout as sleep } from 'node:timers/promises';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import { Prometheus } from '../prometheus';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Enough hours for everything that Loki keeps. */
const ALL_HOURS = 14 * 24;

/** A new agent reads what there is; what Loki does not keep is dropped, counted, and no reason to wake somebody. */
export const firstStartScenario: Scenario = {
  name: 'first-start',
  title: 'First start: old files, logs of restarted containers, late lines; no alert that pages',
  needs: ['loki', 'promtail', 'prometheus', 'etcd', 'apiServer'],
  async run({ folder, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    let prometheus: Prometheus | undefined;
    try {
      await writeOldLogs(stack);
      await stack.start('loki', 'promtail');
      prometheus = await Prometheus.start({
        folder: `${folder}/prometheus`,
        objects,
        pod: stack.pod.bind(stack),
      });
      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      await readOldLogs(stack, loki, report);
      await lateLines(stack, loki, report);
      await alerts(prometheus, report);
    } finally {
      prometheus?.stop();
      await stack.stop();
    }
  },
};

const lines = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => ({ stream: 'stdout' as const, line: `${text} ${index}` }));

async function writeOldLogs(stack: Stack): Promise<void> {
  const now = Date.now();
  const container = (name: string) => LoggingContainer.create(stack.api, stack.podLogs, name);
  (await container('old')).writeFile('0.log', lines(9_000, 'old'), now - 9 * DAY_MS, now);
  const restarted = await container('restarted');
  restarted.writeFile('0.log', lines(1_000, 'before'), now - 10 * HOUR_MS, now - 5 * HOUR_MS);
  restarted.writeFile('1.log', lines(1_000, 'after'), now - 5 * HOUR_MS, now);
  const lately = await container('lately');
  lately.writeFile('0.log', lines(1_000, 'before'), now - HOUR_MS / 2, now - HOUR_MS / 4);
  lately.writeFile('1.log', lines(1_000, 'after'), now - HOUR_MS / 4, now);
}

async function readOldLogs(stack: Stack, loki: LokiClient, report: Run['report']): Promise<void> {
  const metrics = async () => ({
    agent: sumOfMetric(
      await scrape(stack.pod('promtail').address, 3101),
      'logentry_dropped_lines_total',
      'reason="too_old"',
    ),
    late: await discarded(stack, 'too_far_behind'),
  });
  const total = 13_000;
  const stored = () => loki.count('{namespace="apps"}', ALL_HOURS);
  const deadline = Date.now() + 120_000;
  let { agent, late } = await metrics();
  while ((await stored()) + agent + late < total && Date.now() < deadline) {
    await sleep(2_000);
    ({ agent, late } = await metrics());
  }
  const old = await loki.count('{pod="old"}', ALL_HOURS);
  report.figure(
    '9 days in one file: lines of 9000 that are younger than 7 days, and stored',
    old,
    Math.abs(old - 7_000) < 10,
  );
  report.equal('9 days in one file: older lines, dropped and counted by the agent', agent, 9_000 - old);
  const [before, after] = [
    await loki.count('{pod="restarted"} |= `before`', ALL_HOURS),
    await loki.count('{pod="restarted"} |= `after`', ALL_HOURS),
  ];
  report.equal('restarted 5 hours ago: stored of 1000 lines of the current log', after, 1_000);
  report.figure('restarted 5 hours ago: stored of 1000 lines of the log before', before);
  report.equal('restarted 5 hours ago: counted by Loki as too_far_behind', late, 1_000 - before);
  report.equal(
    'restarted a quarter of an hour ago: stored of 2000 lines of both logs',
    await loki.count('{pod="lately"}', ALL_HOURS),
    2_000,
  );
}

/** What a stream accepts whose newest line is of now. */
async function lateLines(stack: Stack, loki: LokiClient, report: Run['report']): Promise<void> {
  const send = async (minutesLate: number) => {
    const nanoseconds = BigInt(Date.now() - minutesLate * 60_000) * 1_000_000n;
    await loki.push({ namespace: 'apps', pod: 'late' }, [{ nanoseconds, line: `${minutesLate}` }]);
  };
  await send(0);
  await send(50);
  const before = await discarded(stack, 'too_far_behind');
  const answer = await send(120).then(
    () => 'stored',
    (error: Error) => error.message,
  );
  report.equal(
    'a line 50 minutes late in an active stream: stored',
    await loki.count('{pod="late"} |= `50`', 3),
    1,
  );
  report.figure(
    'a line two hours late in an active stream',
    answer.slice(0, 9),
    answer.startsWith('push: 400'),
  );
  report.equal('counted as too_far_behind', (await discarded(stack, 'too_far_behind')) - before, 1);
}

async function discarded(stack: Stack, reason: string): Promise<number> {
  const metrics = await scrape(stack.pod('loki').address, 3100);
  return sumOfMetric(metrics, 'loki_discarded_samples_total', `reason="${reason}"`);
}

async function alerts(prometheus: Prometheus, report: Run['report']): Promise<void> {
  await sleep(30_000);
  const found = await prometheus.query('ALERTS{alertname=~"(Loki|Promtail).*"}');
  const named = (state: string) =>
    found.filter(({ labels }) => labels['alertstate'] === state).map(({ labels }) => labels['alertname']);
  report.equal('alerts that fire', named('firing'), []);
  report.equal(
    'alerts that would after an hour of it',
    [...new Set(named('pending'))],
    ['LokiRejectsOldLines'],
  );
}
