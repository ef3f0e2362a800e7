import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Manifest } from '../support/render';
import { NODE_NAME, type Pod } from './pod';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';

const PORT = 9_090;
const KUBELET_PORT = 10_255;

/** One series, as an instant query returns it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Properties of {@link Prometheus.start}. */
export interface PrometheusProps {
  readonly folder: string;
  readonly objects: readonly Manifest[];
  readonly pod: (name: string) => Pod;
  /** What the kubelet of the existing stack would tell, as it serves it. @default nothing */
  readonly kubeletMetrics?: string;
  /** Whether it accepts metrics by OTLP. @default false */
  readonly otlpReceiver?: boolean;
}

/**
 * A Prometheus that scrapes the pods by the ServiceMonitors, and evaluates the PrometheusRules, as the operator
 * would configure it; more often, as nobody wants to wait.
 */
export class Prometheus {
  public readonly url = `http://${NODE_ADDRESS}:${PORT}`;

  private constructor(
    private readonly process: ChildProcess,
    private readonly kubelet: Server,
  ) {}

  /** Starts it, and waits until it answers. */
  public static async start({
    folder,
    objects,
    pod,
    kubeletMetrics = '',
    otlpReceiver = false,
  }: PrometheusProps) {
    mkdirSync(folder, { recursive: true });
    const ofKind = (kind: string) => objects.filter((one) => one.kind === kind);
    const groups = ofKind('PrometheusRule').flatMap(({ spec }) => spec.groups);
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
    const kubelet = createServer((_, response) => response.end(kubeletMetrics)).listen(
      KUBELET_PORT,
      '127.0.0.1',
    );
    const config = {
      global: { scrape_interval: '5s', evaluation_interval: '5s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        ...ofKind('ServiceMonitor').flatMap((monitor) => scrapeConfigs(monitor, objects, pod)),
        ...(kubeletMetrics === ''
          ? []
          : [
              {
                job_name: 'kubelet',
                honor_labels: true,
                static_configs: [{ targets: [`127.0.0.1:${KUBELET_PORT}`] }],
              },
            ]),
      ],
    };
    writeFileSync(join(folder, 'prometheus.yaml'), stringify(config));
    const args = [
      '--config.file=prometheus.yaml',
      '--storage.tsdb.path=data',
      `--web.listen-address=${NODE_ADDRESS}:${PORT}`,
      '--log.level=warn',
      ...(otlpReceiver ? ['--web.enable-otlp-receiver'] : []),
    ];
    const { prometheus: scraping, prometheusOtlp: receiving } = PROGRAMS;
    const child = spawn(findProgram(otlpReceiver ? receiving : scraping) ?? '', args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(folder, 'prometheus.log'));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const prometheus = new Prometheus(child, kubelet);
    for (let tries = 0; tries < 120; tries++) {
      const answer = await fetch(`${prometheus.url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return prometheus;
      await sleep(250);
    }
    prometheus.stop();
    throw new Error(`Prometheus was not ready in 30 seconds; see ${folder}`);
  }

  /** What an instant query returns now. */
  public async query(expr: string): Promise<Sample[]> {
    const answer = await fetch(`${this.url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expr }),
    });
    const { data, error } = (await answer.json()) as Manifest;
    if (!answer.ok) throw new Error(`${expr}: ${error}`);
    return data.result.map(({ metric, value }: Manifest) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Time of the oldest sample in memory. */
  public async oldestMs(): Promise<number> {
    const answer = await fetch(`${this.url}/api/v1/status/tsdb`);
    const { data } = (await answer.json()) as Manifest;
    return data.headStats.minTime;
  }

  public stop(): void {
    this.process.kill('SIGKILL');
    this.kubelet.close();
  }
}

/** What the operator makes of a ServiceMonitor: a scrape job for each endpoint of the Services that it selects. */
function scrapeConfigs(
  { metadata, spec }: Manifest,
  objects: readonly Manifest[],
  pod: (name: string) => Pod,
) {
  const services = objects.filter(
    (one) =>
      one.kind === 'Service' &&
      one.metadata.namespace === metadata.namespace &&
      Object.entries(spec.selector.matchLabels).every(([key, value]) => one.metadata.labels[key] === value),
  );
  return services.flatMap((service) =>
    spec.endpoints.map((endpoint: Manifest) => {
      const { name, namespace } = service.metadata;
      const { port } = service.spec.ports.find((one: Manifest) => one.name === endpoint.port);
      const { address } = pod(service.spec.selector.app);
      const labels = {
        job: name,
        namespace,
        service: name,
        endpoint: endpoint.port,
        pod: `${name}-0`,
        container: name,
        // Service discovery knows it; a label of this kind is gone after relabeling.
        __meta_kubernetes_pod_node_name: NODE_NAME,
      };
      return {
        job_name: `${metadata.name}/${endpoint.port}`,
        metrics_path: endpoint.path,
        honor_labels: endpoint.honorLabels,
        static_configs: [{ targets: [`${address}:${port}`], labels }],
        relabel_configs: (endpoint.relabelings ?? []).map((one: Manifest) => ({
          source_labels: one.sourceLabels,
          target_label: one.targetLabel,
          replacement: one.replacement,
          action: one.action,
        })),
      };
    }),
  );
}
