import { setTimeout as sleep } from 'node:timers/promises';
import type { LogAgentKind } from '../../../lib/logs/settings';
import { type Manifest, manifests, settings } from '../../support/render';
import { LoggingContainer } from '../kubelet';
import { until } from '../line-sender';
import { NumberedLoad, reportLoads } from '../numbered-load';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const POD = { promtail: 'promtail', otel: 'otel-agent' } as const satisfies Record<LogAgentKind, string>;

/** Time that a stack of an API server, Loki and an agent takes to start here. */
const START_SECONDS = 75;
const LINES_PER_SECOND = 100;

/** The steps of docs/logs.md, in both directions. */
export const agentSwitchScenario: Scenario = {
  name: 'agent-switch',
  title: 'Switch of the log agent, in both directions',
  needs: ['loki', 'promtail', 'otel-agent', 'etcd', 'apiServer'],
  async run(run: Run) {
    await switched(run, 'promtail', 'otel');
    await switched(run, 'otel', 'promtail');
  },
};

async function switched({ folder, report }: Run, from: LogAgentKind, to: LogAgentKind): Promise<void> {
  const since = new Date(Math.ceil(Date.now() / 1_000 + START_SECONDS) * 1_000);
  const values = { networkPolicies: { enabled: false } };
  const written = since.toISOString().replace(/\.\d+Z$/, 'Z');
  const old = manifests(settings({ ...values, logs: { agent: from } }));
  const next = manifests(settings({ ...values, logs: { agent: to, since: written } }));
  const id = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
  const known = new Set(old.map(id));
  const objects = [...old, ...next.filter((one) => !known.has(id(one)))];
  const stack = await Stack.create({ folder: `${folder}/${from}`, objects, withApi: true });
  try {
    const first = await LoggingContainer.create(stack.api, stack.podLogs, 'first');
    first.write([{ stream: 'stdout', line: 'first' }]);
    await stack.start('loki', POD[from]);
    const load = await NumberedLoad.start(stack, 'switched', LINES_PER_SECOND);
    report.figure(
      `${from} to ${to}: starts before logs.since`,
      `${since.getTime() - Date.now()} ms`,
      since.getTime() > Date.now() + 5_000,
    );
    await until(since.getTime() + 5_000);
    await stack.pod(POD[from]).stop();
    // A new Promtail reads only the current file of a container.
    if (to === 'otel') load.rotate();
    await sleep(3_000);
    await stack.start(POD[to]);
    await sleep(10_000);
    await reportLoads([load], {
      stack,
      report,
      what: () => `${from} to ${to}, logs.since 5 s before the old agent ends`,
      mayDouble: 10 * LINES_PER_SECOND,
    });
  } finally {
    await stack.stop();
  }
}
