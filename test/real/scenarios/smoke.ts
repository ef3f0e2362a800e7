import { readFileSync } from 'node:fs';
import { runCommand } from '../command';
import { Controllers } from '../controllers';
import { GrafanaStandIn } from '../grafana-stand-in';
import { kubectlStandIn } from '../kubectl-stand-in';
import { LoggingContainer } from '../kubelet';
import { projectWith } from '../project';
import { Prometheus } from '../prometheus';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

interface Told {
  readonly hop: string;
  readonly verdict: string;
  readonly seconds: number;
  readonly observed: string;
}

const PASSWORD = 'secret';

/** Smoke finds its way through the stack, and says where it ends when a part is away. */
export const smokeScenario: Scenario = {
  name: 'smoke',
  title:
    'Smoke: every hop from sender to store, Prometheus and (played) Grafana; and what it says of a broken one',
  needs: [
    'loki',
    'tempo',
    'otel-collector',
    'promtail',
    'otel-agent',
    'prometheus',
    'etcd',
    'apiServer',
    'kubectl',
  ],
  async run({ caseName, folder, agent, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    const address = (name: string) => stack.pod(name).address;
    const [loki, tempo] = [`http://${address('loki')}:3100`, `http://${address('tempo')}:3100`];
    const grafana = new GrafanaStandIn({ loki, tempo }, PASSWORD);
    const prometheus = await Prometheus.start({
      folder: `${folder}/prometheus`,
      objects,
      pod: stack.pod.bind(stack),
    });
    const kubelet = await LogOfLoki.create(stack);
    // The scripts read the manifests of the project.
    const cwd = await projectWith(`${folder}/project`, caseName, agent);
    try {
      await stack.start('loki', 'tempo', 'otel-collector', agent.pod);
      const targets = [
        ...['--loki', loki, '--tempo', tempo, '--collector', address('otel-collector')],
        ...['--prometheus', prometheus.url, '--grafana', grafana.url],
      ];
      const smoke = async (seconds: number, password = PASSWORD) => {
        const args = [
          'scripts/run.cjs',
          'scripts/smoke.ts',
          ...targets,
          '--json',
          '--timeout',
          String(seconds),
        ];
        const ended = await runCommand(process.execPath, args, {
          cwd,
          env: { GRAFANA_PASSWORD: password },
        });
        if (ended.stderr !== '') throw new Error(ended.stderr);
        return { status: ended.status, hops: JSON.parse(ended.stdout) as Told[] };
      };
      const failed = (hops: readonly Told[]) =>
        hops.filter(({ verdict }) => verdict !== 'ok').map(({ hop, observed }) => `${hop}: ${observed}`);

      const began = performance.now();
      const whole = await smoke(120);
      for (const { hop, seconds, observed, verdict } of whole.hops)
        report.figure(`${hop}, after ${seconds} s`, observed, verdict === 'ok');
      report.equal('exit code', whole.status, 0);
      report.figure('seconds in all', ((performance.now() - began) / 1000).toFixed(1));

      await stack.pod(agent.pod).stop();
      await stack.pod('tempo').stop();
      const broken = await smoke(30, 'wrong');
      report.equal('agent and Tempo away, wrong password: exit code', broken.status, 1);
      const told = failed(broken.hops);
      const expect = (hop: string, words: string) => {
        const found = told.find((line) => line.startsWith(`${hop}: `)) ?? 'not told';
        report.figure(`told of ${hop}`, found.slice(hop.length + 2), found.includes(words));
      };
      expect('agent: pod to loki', "no line of Loki's own log arrived");
      expect('tempo: ready', 'ECONNREFUSED');
      expect('traces: OTLP gRPC', 'ECONNREFUSED');
      expect('grafana: Loki', 'Grafana rejected the login');
      expect('grafana: Tempo', 'no trace of this run is in Tempo');
      const still = broken.hops.filter(({ verdict }) => verdict === 'ok').map(({ hop }) => hop);
      for (const hop of ['loki: ready', 'loki: push, read back', 'prometheus: span metrics'])
        report.equal(`still ok: ${hop}`, still.includes(hop), true);

      await stack.start('tempo', agent.pod);
      await byPortForward(stack, { cwd, folder }, report);
    } finally {
      kubelet.stop();
      prometheus.stop();
      grafana.stop();
      await stack.stop();
    }
  },
};

/** `scripts/smoke.sh` and `scripts/deploy.sh` as typed. */
async function byPortForward(
  stack: Stack,
  { cwd, folder }: { cwd: string; folder: string },
  report: Run['report'],
): Promise<void> {
  const env = { ...(await kubectlStandIn(stack, folder, NODE_ADDRESS)), GRAFANA_PASSWORD: PASSWORD };
  const { status, stdout, stderr } = await runCommand('scripts/smoke.sh', ['--timeout', '60'], { cwd, env });
  const counts = stdout.trim().split('\n').at(-1) ?? '';
  report.figure(
    'scripts/smoke.sh',
    `${counts} ${stderr.match(/cannot reach .*/g)?.join('; ') ?? ''}`.trim(),
    status === 0,
  );
  report.equal(
    'scripts/smoke.sh: skipped as UDP',
    stdout.match(/kubectl port-forward does not support UDP/g)?.length,
    2,
  );

  const controllers = new Controllers(stack.api, 'monitoring');
  // The objects were put there by the run itself.
  const deployed = await runCommand('scripts/deploy.sh', ['--force-conflicts'], { cwd, env });
  controllers.stop();
  const steps = deployed.stdout.match(/^==> .*$/gm) ?? [];
  report.equal('scripts/deploy.sh with preflight and smoke test: exit code', deployed.status, 0);
  report.figure(
    'scripts/deploy.sh: its steps',
    steps.join(' ').replaceAll('==> ', ''),
    steps.at(-1) === '==> Done. Addresses:',
  );
  const left = await runCommand('pgrep', ['-fc', 'kubelet-calls.ts']);
  report.equal('scripts/smoke.sh: forwards left behind', left.stdout.trim(), '0');
}

/** Writes what Loki prints where the kubelet would, so that the agent can read it. */
class LogOfLoki {
  private copied = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly container: LoggingContainer,
  ) {
    this.timer = setInterval(() => this.copy(), 500);
  }

  public static async create(stack: Stack): Promise<LogOfLoki> {
    const container = await LoggingContainer.create(stack.api, stack.podLogs, 'loki-0');
    return new LogOfLoki(stack.pod('loki').logFile, container);
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private copy(): void {
    const lines = readFileSync(this.file, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
    this.container.write(lines.slice(this.copied).map((line) => ({ stream: 'stderr' as const, line })));
    this.copied = lines.length;
  }
}
