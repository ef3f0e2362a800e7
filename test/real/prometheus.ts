import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../support/render';
import type { Pod } from './pod';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';

const PORT = 9_090;
const KUBELET_PORT = 10_255;

/** One series with its value of now. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The existing Prometheus: it scrapes what ServiceMonitors tell it to, with the labels that the operator gives, and
 * a kubelet that tells of volumes and containers.
 */
export class Prometheus {
  public readonly url = `http://${NODE_ADDRESS}:${PORT}`;

  private process: ChildProcess | undefined;
  private kubelet: Server | undefined;

  private constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Starts Prometheus, and waits until it answers. */
  public static async start(props: {
    folder: string;
    objects: readonly Manifest[];
    pod: (name: string) => Pod;
    kubeletMetrics: string;
  }): Promise<Prometheus> {
    const prometheus = new Prometheus(props.folder);
    const file = join(props.folder, 'prometheus.yaml');
    const jobs = scrapeJobs(props.objects, props.pod);
    writeFileSync(
      file,
      JSON.stringify({
        global: { scrape_interval: '2s', scrape_timeout: '2s' },
        scrape_configs: [
          ...jobs,
          {
            job_name: 'kubelet',
            honor_labels: true,
            static_configs: [{ targets: [`127.0.0.1:${KUBELET_PORT}`] }],
          },
        ],
      }),
    );
    prometheus.kubelet = createServer((_, response) => response.end(props.kubeletMetrics)).listen(
      KUBELET_PORT,
    );
    prometheus.process = spawn(
      findProgram(PROGRAMS.prometheus) ?? '',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(props.folder, 'data')}`,
        `--web.listen-address=${NODE_ADDRESS}:${PORT}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    prometheus.process.stderr?.pipe(createWriteStream(join(props.folder, 'prometheus.log')));
    await prometheus.ready();
    return prometheus;
  }

  public stop(): void {
    this.process?.kill('SIGKILL');
    this.kubelet?.close();
  }

  /** The answer to a query as of now; throws with what Prometheus says of a wrong one. */
  public async query(expr: string): Promise<Sample[]> {
    const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query: expr })}`);
    const answer = (await response.json()) as {
      error?: string;
      data?: { result: Array<{ metric: Record<string, string>; value: [number, string] }> };
    };
    if (!answer.data) throw new Error(answer.error);
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  private async ready(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(200);
    }
    throw new Error(`Prometheus does not get ready; its log is in ${this.folder}`);
  }
}

/** What the operator makes of each ServiceMonitor, for the pods that run here. */
function scrapeJobs(objects: readonly Manifest[], pod: (name: string) => Pod): object[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  return objects
    .filter(({ kind }) => kind === 'ServiceMonitor')
    .flatMap(({ metadata, spec }) => {
      const service = services.find(({ metadata: { labels } }) =>
        Object.entries(spec.selector.matchLabels).every(([key, value]) => labels[key] === value),
      );
      const { address, name } = pod(service.spec.selector.app);
      return spec.endpoints.map((endpoint: Manifest) => {
        const { port } = service.spec.ports.find((one: Manifest) => one.name === endpoint.port);
        const labels = {
          job: service.metadata.name,
          namespace: metadata.namespace,
          service: service.metadata.name,
          pod: `${name}-0`,
          container: name,
          endpoint: endpoint.port,
        };
        return {
          job_name: `${metadata.name}/${endpoint.port}`,
          metrics_path: endpoint.path,
          honor_labels: endpoint.honorLabels ?? false,
          static_configs: [{ targets: [`${address}:${port}`], labels }],
          metric_relabel_configs: (endpoint.metricRelabelings ?? []).map(relabeling),
        };
      });
    });
}

/** A relabeling as Prometheus writes it. */
function relabeling({ sourceLabels, targetLabel, ...rest }: Manifest): object {
  return { ...rest, source_labels: sourceLabels, target_label: targetLabel };
}
