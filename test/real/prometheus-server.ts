import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_ADDRESS } from './sandbox';

/** A port that is scraped, under the name that the operator would give it. */
export interface ScrapeTarget {
  readonly job: string;
  readonly address: string;
  readonly honorLabels?: boolean;
}

const PORT = 9090;

/** A real Prometheus on the node, with targets as the operator would write them. */
export class PrometheusServer {
  public readonly url = `http://${NODE_ADDRESS}:${PORT}`;
  private readonly process: ChildProcess;

  constructor(folder: string, program: string, targets: readonly ScrapeTarget[]) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'prometheus.json');
    const scrape_configs = targets.map(({ job, address, honorLabels = false }, index) => ({
      job_name: String(index),
      honor_labels: honorLabels,
      static_configs: [{ targets: [address], labels: { job } }],
    }));
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ global: { scrape_interval: '5s' }, scrape_configs }));
    const log = createWriteStream(join(folder, 'prometheus.log'));
    const args = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`];
    this.process = spawn(program, [...args, `--web.listen-address=${NODE_ADDRESS}:${PORT}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.pipe(log);
    this.process.stderr?.pipe(log);
  }

  public stop(): void {
    this.process.kill('SIGKILL');
  }
}
