import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Manifest } from '../support/render';
import { NODE_NAME, type Pod } from './pod';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';

const URL = `http://${NODE_ADDRESS}:9090`;

/** One series, as an instant query returns it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A Prometheus that scrapes the pods by the ServiceMonitors, and evaluates the PrometheusRules, as the operator
 * would configure it; more often, as nobody wants to wait.
 */
export class Prometheus {
  private constructor(private readonly process: ChildProcess) {}

  public static async start(
    folder: string,
    objects: readonly Manifest[],
    pod: (name: string) => Pod,
  ): Promise<Prometheus> {
    mkdirSync(folder, { recursive: true });
    const ofKind = (kind: string) => objects.filter((one) => one.kind === kind);
    const groups = ofKind('PrometheusRule').flatMap(({ spec }) => spec.groups);
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
    const scrape_configs = ofKind('ServiceMonitor').flatMap((monitor) =>
      scrapeConfigs(monitor, objects, pod),
    );
    const config = {
      global: { scrape_interval: '5s', evaluation_interval: '5s' },
      rule_files: ['rules.yaml'],
      scrape_configs,
    };
    writeFileSync(join(folder, 'prometheus.yaml'), stringify(config));
    const child = spawn(
      findProgram(PROGRAMS.prometheus) ?? '',
      [
        '--config.file=prometheus.yaml',
        '--storage.tsdb.path=data',
        `--web.listen-address=${NODE_ADDRESS}:9090`,
        '--log.level=warn',
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log = createWriteStream(join(folder, 'prometheus.log'));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const prometheus = new Prometheus(child);
    for (let tries = 0; tries < 120; tries++) {
      if (
        await fetch(`${URL}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return prometheus;
      await sleep(250);
    }
    prometheus.stop();
    throw new Error(`Prometheus was not ready in 30 seconds; see ${folder}`);
  }

  /** What an instant query returns now. */
  public async query(expr: string): Promise<Sample[]> {
    const answer = await fetch(`${URL}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expr }),
    });
    const { data, error } = (await answer.json()) as Manifest;
    if (!answer.ok) throw new Error(`${expr}: ${error}`);
    return data.result.map(({ metric, value }: Manifest) => ({ labels: metric, value: Number(value[1]) }));
  }

  public stop(): void {
    this.process.kill('SIGKILL');
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
          action: one.action,
        })),
      };
    }),
  );
}
