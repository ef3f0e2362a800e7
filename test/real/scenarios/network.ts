import { type Agent, withAgent } from '../agents';
import { connects, VISITORS } from '../network';
import { addPodNetwork, removePodNetwork } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const TRACES = ['4317', '4318', '9411', '14250', '14268'].map((port) => `otel-collector:${port}`);

/** Everything that each pod gets through to, of all TCP ports of all pods. */
const expected = ({ pod, metrics }: Agent): Readonly<Record<string, readonly string[]>> => ({
  application: TRACES,
  alertmanager: TRACES,
  grafana: ['loki:3100', 'tempo:3100', ...TRACES],
  prometheus: [
    'loki:3100',
    'tempo:3100',
    `${pod}:${metrics.port}`,
    'otel-collector:8888',
    'otel-collector:8889',
    ...TRACES,
  ],
  [pod]: ['loki:3100'],
  'otel-collector': ['tempo:4317'],
  loki: [],
  tempo: [],
});

/** Pods reach what they need of each other, and nothing else; every other scenario runs under the same policies. */
export const networkScenario: Scenario = {
  name: 'network',
  title: 'Network: who gets through to which port, under the rendered NetworkPolicies (case minimal)',
  needs: ['loki', 'tempo', 'promtail', 'otel-agent', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, agent, report }: Run) {
    const stack = await Stack.create({ folder, objects: withAgent('minimal', agent), withApi: true });
    const targetsOf = expected(agent);
    for (const { name, address } of VISITORS) addPodNetwork(name, address);
    try {
      await stack.start('loki', 'tempo', 'otel-collector');
      stack.pod(agent.pod).start();
      const pods = stack.networkedPods;
      for (const from of [...VISITORS, ...pods]) {
        const targets = pods
          .filter((to) => to !== from)
          .flatMap((to) => to.ports.filter((port) => port.endsWith('/TCP')).map((port) => ({ to, port })));
        const open = await Promise.all(targets.map(({ to, port }) => connects(from, to, port)));
        report.equal(
          `${from.name} gets through to`,
          targets
            .filter((_, index) => open[index])
            .map(({ to, port }) => `${to.name}:${port.split('/')[0]}`)
            .sort(),
          [...(targetsOf[from.name] ?? [])].sort(),
        );
      }
    } finally {
      for (const { name, address } of VISITORS) removePodNetwork(name, address);
      await stack.stop();
    }
  },
};
