import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { ALERTMANAGER } from './network';
import { findProgram, PROGRAMS } from './programs';
import { addPodNetwork, removePodNetwork } from './sandbox';

/** An alert, as Alertmanager has received it. */
export interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The existing Alertmanager, in a pod of its own. It notifies nobody. */
export class Alertmanager {
  public static readonly url = `http://${ALERTMANAGER.address}:9093`;

  private constructor(private readonly process: ChildProcess) {}

  /** Starts it, and waits until it answers. */
  public static async start(folder: string): Promise<Alertmanager> {
    mkdirSync(folder, { recursive: true });
    const config = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };
    writeFileSync(join(folder, 'alertmanager.yaml'), stringify(config));
    const args = [
      '--config.file=alertmanager.yaml',
      '--storage.path=data',
      '--web.listen-address=:9093',
      '--cluster.listen-address=',
    ];
    addPodNetwork(ALERTMANAGER.name, ALERTMANAGER.address);
    const program = findProgram(PROGRAMS.alertmanager) ?? '';
    const child = spawn('ip', ['netns', 'exec', ALERTMANAGER.name, program, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(folder, 'alertmanager.log'));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const alertmanager = new Alertmanager(child);
    for (let tries = 0; tries < 240; tries++) {
      const answer = await fetch(`${Alertmanager.url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return alertmanager;
      await sleep(250);
    }
    await alertmanager.stop();
    throw new Error(`Alertmanager was not ready in a minute; see ${folder}`);
  }

  /** Alerts that fire now. */
  public async alerts(): Promise<ReceivedAlert[]> {
    return (await (await fetch(`${Alertmanager.url}/api/v2/alerts`)).json()) as ReceivedAlert[];
  }

  /** Ends it at once. */
  public async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }

  /** Ends it, and takes its network away. */
  public async stop(): Promise<void> {
    await this.kill();
    removePodNetwork(ALERTMANAGER.name, ALERTMANAGER.address);
  }
}
