import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { randomSpanId, randomTraceId } from '../../../scripts/smoke/spans/span';
import { LoggingContainer } from '../kubelet';
import { NumberedLoad, reportLoads } from '../numbered-load';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

const LINES_PER_SECOND = 100;

/** Programs are killed and go away under load; what was acknowledged is there afterwards. */
export const outagesScenario: Scenario = {
  name: 'outages',
  title: 'Outages: Loki away, Loki killed, agent killed, Tempo killed',
  needs: ['loki', 'promtail', 'tempo', 'etcd', 'apiServer'],
  async run(run: Run) {
    const { folder, objects, report } = run;
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      await LoggingContainer.create(stack.api, stack.podLogs, 'first');
      await stack.start('loki', 'tempo', 'promtail');
      await lokiKilled(stack, report);
      await agentKilled(stack, report);
      await lokiAway(stack, run, 1, Math.min(60, run.outageSeconds));
      for (const rotations of [0, 3]) await lokiAway(stack, run, rotations, run.outageSeconds);
      await tempoKilled(stack, report);
    } finally {
      await stack.stop();
    }
  },
};

async function lokiAway(stack: Stack, { report }: Run, rotations: number, seconds: number): Promise<void> {
  const pod = `away-${rotations}`;
  const load = await NumberedLoad.start(stack, pod);
  await sleep(15_000);
  await stack.pod('loki').stop();
  const pause = (seconds * 1000) / (rotations + 1);
  for (let n = 0; n < rotations; n++) {
    await sleep(pause);
    load.rotate();
  }
  await sleep(pause);
  await stack.start('loki');
  await sleep(10_000);
  // Of k rotations, the lines of k - 1 files are lost; that is documented, and measured here.
  const perFile = (load.stop() / (rotations + 1)) * 1.5;
  await reportLoads([load], {
    stack,
    report,
    what: () => `Loki away for ${seconds} s, ${rotations} rotations`,
    mayLose: Math.max(0, rotations - 1) * perFile,
  });
}

async function lokiKilled(stack: Stack, report: Run['report']): Promise<void> {
  const load = await NumberedLoad.start(stack, 'killed');
  await sleep(15_000);
  await stack.pod('loki').kill();
  await stack.start('loki');
  await sleep(5_000);
  await reportLoads([load], { stack, report, what: () => 'Loki killed' });
}

async function agentKilled(stack: Stack, report: Run['report']): Promise<void> {
  const load = await NumberedLoad.start(stack, 'agent');
  await sleep(15_000);
  await stack.pod('promtail').kill();
  await sleep(3_000);
  await stack.start('promtail');
  await sleep(5_000);
  // What it has read and not sent when it notes its position: a line that waits for more of it, and a batch.
  await reportLoads([load], { stack, report, what: () => 'agent killed', mayLose: LINES_PER_SECOND });
}

/** A trace is in memory for up to half a minute; what is older survives a crash, by the write-ahead log. */
async function tempoKilled(stack: Stack, report: Run['report']): Promise<void> {
  const { address } = stack.pod('tempo');
  const traceIds = Array.from({ length: 200 }, () => randomTraceId());
  const spans = traceIds.map((traceId) => ({
    traceId,
    spanId: randomSpanId(),
    service: 'outage',
    name: 'kept',
    startMs: Date.now(),
    durationMs: 5,
  }));
  await SENDERS['OTLP gRPC'](address, spans);
  await sleep(40_000);
  await stack.pod('tempo').kill();
  await stack.start('tempo');
  let lost = 0;
  for (const traceId of traceIds) lost += (await readTrace(address, traceId)).length === 0 ? 1 : 0;
  report.equal('Tempo killed 40 s after they were sent: lost of 200 traces', lost, 0);
}
