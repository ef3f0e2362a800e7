import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../../support/render';
import { agentOf } from '../agents';
import { LoggingContainer } from '../kubelet';
import { canSwitchUsers } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** Each workload starts as its manifest says, and keeps to it. */
export const bootScenario: Scenario = {
  name: 'boot',
  title: 'Boot: ready by its probes, as its user, on its ports, with a read-only root; a clean stop',
  needs: ['loki', 'tempo', 'otel-collector', 'promtail', 'otel-agent', 'etcd', 'apiServer'],
  async run({ caseName, folder, objects, report }: Run) {
    const agent = agentOf(caseName);
    const workloads = ['loki', 'tempo', 'otel-collector', ...(agent ? [agent.pod] : [])];
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      await LoggingContainer.create(stack.api, stack.podLogs, 'first');
      for (const name of workloads) stack.pod(name).start();
      await Promise.all(
        workloads.map(async (name) =>
          report.figure(`${name}: seconds to ready`, (await stack.pod(name).ready()).toFixed(1)),
        ),
      );
      // Late listeners and a liveness probe that fails once the daemon is busy would show by now.
      await sleep(5_000);
      for (const name of workloads) {
        const pod = stack.pod(name);
        const { containers, securityContext } = workload(objects, name).spec.template.spec;
        report.equal(`${name}: liveness probe answers`, await pod.alive(), true);
        report.equal(
          `${name}: listens on the declared ports only`,
          pod.listening,
          declaredPorts(containers[0]),
        );
        const user = { ...securityContext, ...containers[0].securityContext }.runAsUser;
        if (canSwitchUsers()) report.equal(`${name}: user`, pod.user, user);
        report.equal(`${name}: lines at level error once it was ready`, pod.errors, []);
      }
      for (const name of workloads.toReversed()) {
        const pod = stack.pod(name);
        const seconds = await pod.stop();
        report.figure(
          `${name}: seconds to stop, of ${pod.graceSeconds}`,
          seconds.toFixed(1),
          seconds < pod.graceSeconds,
        );
      }
    } finally {
      await stack.stop();
    }
  },
};

function workload(objects: readonly Manifest[], name: string): Manifest {
  return objects.find(({ metadata, spec }) => metadata.name === name && spec?.template);
}

/** Ports that a container declares, as `4317/TCP`. */
function declaredPorts({ ports }: Manifest): string[] {
  return ports.map(({ containerPort, protocol }: Manifest) => `${containerPort}/${protocol}`).sort();
}
