import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_ADDITIONS } from '../../lib/additions';
import { stackSettings } from '../../lib/settings';
import { synthesize } from '../../lib/synthesize';
import { readClusters } from '../../lib/values/read-clusters';
import { runCommand } from './command';

/** One check of preflight, or one hop of smoke. */
interface Told {
  readonly id?: string;
  readonly hop?: string;
  readonly verdict: string;
  readonly observed: string;
}

/** The repository of several clusters, in which the commands of this project run as a person would type them. */
export class ClusterRepository {
  /** @param values What the values file of each cluster contains, by its name. */
  constructor(
    private readonly folder: string,
    values: Readonly<Record<string, object>>,
  ) {
    mkdirSync(join(folder, 'values'), { recursive: true });
    for (const [name, content] of Object.entries(values)) {
      const { cluster } = content as { cluster: object };
      const complete = { ...content, cluster: { domain: `${name}.example.com`, ...cluster } };
      writeFileSync(join(folder, 'values', `${name}.yaml`), JSON.stringify(complete));
    }
    const clusters = readClusters(join(folder, 'values'), stackSettings);
    synthesize(clusters, NO_ADDITIONS, join(folder, 'dist'));
  }

  /** Verdicts of preflight on what destinations answer. */
  public async preflight(name: string, kubeconfig: string): Promise<string[]> {
    const checks = await this.run('preflight', ['--values', name], { KUBECONFIG: kubeconfig });
    return (checks as { checks: Told[] }).checks
      .filter(({ id }) => id === 'destination-access')
      .map(({ verdict, observed }) => `${verdict} ${observed}`);
  }

  /** Hops of smoke to destinations. */
  public async smoke(name: string, ...args: readonly string[]): Promise<Record<string, Told>> {
    const hops = (await this.run('smoke', ['--values', name, '--without-udp', ...args], {})) as Told[];
    return Object.fromEntries(
      hops.filter(({ hop }) => hop?.startsWith('destination ')).map((told) => [told.hop, told]),
    );
  }

  private async run(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
    const project = process.cwd();
    const command = [join(project, 'scripts', 'run.cjs'), join(project, 'scripts', `${script}.ts`)];
    const ended = await runCommand(process.execPath, [...command, ...args, '--json'], {
      cwd: this.folder,
      env,
    });
    if (ended.status === 2) throw new Error(ended.stderr);
    return JSON.parse(ended.stdout);
  }
}
