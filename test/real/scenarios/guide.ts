import { readFileSync } from 'node:fs';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan } from '../../../scripts/smoke/spans/span';
import { runCommand } from '../command';
import { Controllers } from '../controllers';
import { kubectlStandIn } from '../kubectl-stand-in';
import { LoggingContainer } from '../kubelet';
import { Prometheus } from '../prometheus';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const GUIDE = 'docs/troubleshooting.md';

/** Every command of the troubleshooting guide runs as it is written, and prints something. */
export const guideScenario: Scenario = {
  name: 'guide',
  title: `Guide: every command of ${GUIDE} as it is written`,
  needs: ['loki', 'tempo', 'otel-collector', 'promtail', 'prometheus', 'etcd', 'apiServer', 'kubectl'],
  async run({ folder, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    const pod = stack.pod.bind(stack);
    const prometheus = await Prometheus.start({ folder: `${folder}/prometheus`, objects, pod });
    try {
      await LoggingContainer.create(stack.api, stack.podLogs, 'first');
      await stack.start('loki', 'tempo', 'otel-collector', 'promtail');
      const env = await kubectlStandIn(stack, folder, NODE_ADDRESS);
      // The objects were put there by the run itself, in part before their definitions were.
      const take = ['--skip-preflight', '--skip-smoke', '--force-conflicts'];
      const controllers = new Controllers(stack.api, 'monitoring');
      const { status, stderr } = await runCommand('scripts/deploy.sh', take, { env });
      controllers.stop();
      if (status !== 0) throw new Error(stderr);
      for (const name of ['loki', 'tempo', 'otel-collector', 'promtail']) await createPod(stack, name);
      const collector = stack.pod('otel-collector').address;
      await SENDERS['OTLP gRPC'](collector, [{ ...oneSpan('guide', 'request'), error: true }]);
      for (const { heading, command } of commands()) {
        const { status, stdout, stderr } = await runCommand('bash', ['-c', command], { env });
        const told = `${status === 0 ? '' : `exit code ${status}: ${stderr.trim()} `}${stdout.trim().split('\n')[0] ?? ''}`;
        report.figure(`${heading}: ${command}`, told.slice(0, 120), status === 0 && stdout.trim() !== '');
      }
    } finally {
      prometheus.stop();
      await stack.stop();
    }
  },
};

/** A pod as the controller of a workload would create it, for `kubectl describe`. */
async function createPod(stack: Stack, app: string): Promise<void> {
  const metadata = { name: `${app}-0`, namespace: 'monitoring', labels: { app } };
  const spec = { containers: [{ name: app, image: 'example.com/app:1' }] };
  await stack.api.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
}

/** The commands of the guide, one a line, with the heading that they are under. */
function commands(): ReadonlyArray<{ readonly heading: string; readonly command: string }> {
  const sections = readFileSync(GUIDE, 'utf8').split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
    return blocks.flatMap((block) =>
      block
        .trim()
        .split('\n')
        .map((command) => ({ heading, command })),
    );
  });
}
