import { setTimeout as sleep } from 'node:timers/promises';
import { manifests, settings } from '../../support/render';
import type { Agent } from '../agents';
import { LoggingContainer } from '../kubelet';
import { scrape, sumOfMetric } from '../metrics';
import { NumberedLoad, reportLoads } from '../numbered-load';
import { Prometheus } from '../prometheus';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** How often the kubelet renames the file of a container while Loki is away. */
const ROTATIONS = [3, 8, 20];

/** A container whose entry waits for its next line when the agent is killed. */
const OPEN_ENTRY = 1;

/** What each agent loses in outages, side by side; `--outage-seconds` says how long Loki is away. */
export const logAgentsScenario: Scenario = {
  name: 'log-agents',
  title: 'Log agents side by side: Loki away, agents killed and restarted, a full queue',
  needs: ['loki', 'promtail', 'otel-agent', 'prometheus', 'etcd', 'apiServer'],
  async run(run: Run) {
    for (const agent of run.agents) {
      await withAgent(run, agent, {}, async (stack) => {
        await lokiAway(stack, run, agent);
        await killed(stack, run, agent, 'up');
        await killed(stack, run, agent, 'away');
        await restarted(stack, run, agent);
        await allKilled(stack, run, agent);
      });
    }
    for (const agent of run.agents.filter(({ kind }) => kind === 'otel')) await fullQueue(run, agent);
  },
};

async function withAgent(
  { folder }: Run,
  { kind, pod }: Agent,
  values: object,
  use: (stack: Stack) => Promise<void>,
): Promise<void> {
  const objects = manifests(settings({ logs: { agent: kind }, ...values }));
  const stack = await Stack.create({
    folder: `${folder}/${pod}${Object.keys(values).join()}`,
    objects,
    withApi: true,
  });
  try {
    const first = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
    first.write([{ stream: 'stdout', line: 'first' }]);
    await stack.start('loki', pod);
    await use(stack);
  } finally {
    await stack.stop();
  }
}

/** Several containers in one outage, each with its own number of rotations. */
async function lokiAway(stack: Stack, { report, outageSeconds }: Run, { kind }: Agent) {
  const loads = await Promise.all(ROTATIONS.map((count) => NumberedLoad.start(stack, `rotated-${count}`)));
  await sleep(10_000);
  await stack.pod('loki').stop();
  const rotating = loads.map(async (load, index) => {
    const pause = (outageSeconds * 1_000) / ((ROTATIONS[index] ?? 0) + 1);
    for (let n = 0; n < (ROTATIONS[index] ?? 0); n++) {
      await sleep(pause);
      load.rotate();
    }
  });
  await Promise.all([...rotating, sleep(outageSeconds * 1_000)]);
  await stack.start('loki');
  await sleep(5_000);
  await reportLoads(loads, {
    stack,
    report,
    what: (pod) => `${kind}: Loki away for ${outageSeconds} s, ${pod.split('-')[1]} rotations`,
    // Promtail loses the files that are renamed twice before it goes on.
    mayLose: kind === 'promtail' ? Number.POSITIVE_INFINITY : 0,
  });
}

/** The agent without a warning, while Loki answers and while it does not. */
async function killed(
  stack: Stack,
  { report, outageSeconds }: Run,
  { kind, pod }: Agent,
  loki: 'up' | 'away',
) {
  const load = await NumberedLoad.start(stack, `killed-${loki}`);
  await sleep(10_000);
  const seconds = Math.min(outageSeconds, 40);
  if (loki === 'away') {
    await stack.pod('loki').stop();
    await sleep((seconds * 1_000) / 2);
  }
  await stack.pod(pod).kill();
  await sleep(3_000);
  stack.pod(pod).start();
  if (loki === 'away') {
    for (let rotation = 0; rotation < 4; rotation++) {
      await sleep((seconds * 1_000) / 8);
      load.rotate();
    }
    await stack.start('loki');
  }
  await sleep(5_000);
  await reportLoads([load], {
    stack,
    report,
    what: () => `${kind}: agent killed, Loki ${loki}`,
    mayLose: kind === 'promtail' ? Number.POSITIVE_INFINITY : OPEN_ENTRY,
    // A batch that was under way.
    mayDouble: 1_000,
  });
}

/** As an upgrade does: the old pod ends, the new one goes on where it stopped. */
async function restarted(stack: Stack, { report }: Run, { kind, pod }: Agent) {
  const load = await NumberedLoad.start(stack, 'restarted');
  await sleep(10_000);
  const seconds = await stack.pod(pod).stop();
  await sleep(2_000);
  await stack.start(pod);
  await sleep(5_000);
  report.figure(`${kind}: seconds of a stop`, seconds, seconds < stack.pod(pod).graceSeconds);
  await reportLoads([load], { stack, report, what: () => `${kind}: agent restarted` });
}

/** Everything at once, as when a node loses its power, though what was written to files stays. */
async function allKilled(stack: Stack, { report }: Run, { kind, pod }: Agent) {
  const load = await NumberedLoad.start(stack, 'all-killed');
  await sleep(10_000);
  await Promise.all(['loki', pod].map((one) => stack.pod(one).kill()));
  await sleep(2_000);
  await stack.start('loki', pod);
  await sleep(5_000);
  await reportLoads([load], {
    stack,
    report,
    what: () => `${kind}: all killed at once`,
    mayLose: kind === 'promtail' ? Number.POSITIVE_INFINITY : OPEN_ENTRY,
    mayDouble: 1_000,
  });
}

/** A queue that is too small: the alert comes first, and what is dropped is counted. */
async function fullQueue(run: Run, agent: Agent) {
  const { folder, report } = run;
  const otelAgent = { queue: { size: '16Mi', whenFull: 'drop' } };
  await withAgent(run, agent, { otelAgent }, async (stack) => {
    const objects = manifests(settings({ logs: { agent: 'otel' }, otelAgent }));
    const prometheus = await Prometheus.start({
      folder: `${folder}/prometheus`,
      objects,
      pod: stack.pod.bind(stack),
    });
    try {
      const load = await NumberedLoad.start(stack, 'full', 400);
      await sleep(10_000);
      await stack.pod('loki').stop();
      const unqueued = async () =>
        sumOfMetric(
          await scrape(stack.pod(agent.pod).address, 8888),
          'otelcol_exporter_enqueue_failed_log_records',
        );
      const firing = 'ALERTS{alertstate="firing",alertname="OtelAgentQueueFillingUp"}';
      const deadline = Date.now() + 300_000;
      let warned = false;
      while (Date.now() < deadline && (await unqueued().catch(() => 0)) < 2_000) {
        await sleep(2_000);
        warned ||= (await unqueued().catch(() => 0)) === 0 && (await prometheus.query(firing)).length > 0;
      }
      await stack.start('loki');
      await sleep(10_000);
      const written = load.stop();
      const { lost } = await load.settledLoss(stack, 120);
      report.equal(`full queue: lost of ${written} lines, counted by the agent`, await unqueued(), lost);
      report.figure('full queue: lines are lost', lost, lost > 0);
      report.equal('full queue: OtelAgentQueueFillingUp fires before a line is lost', warned, true);
    } finally {
      prometheus.stop();
    }
  });
}
