import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { BUCKET_PORT } from './bucket-server';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';

const TARGETS = ['write', 'read', 'backend'] as const;
type Target = (typeof TARGETS)[number];

const portsOf = (target: Target) => {
  const index = TARGETS.indexOf(target);
  return { http: 3110 + index, grpc: 9110 + index, gossip: 7960 + index };
};

/**
 * Loki as the chart `loki` runs it in its mode SimpleScalable, with one process of each target.
 *
 * @see https://github.com/grafana-community/helm-charts/blob/main/charts/loki/values.yaml
 */
export class OldLoki {
  private readonly processes = new Map<Target, ChildProcess>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  public async start(): Promise<void> {
    for (const target of TARGETS) {
      const file = join(this.folder, `${target}.yaml`);
      writeFileSync(file, stringify(this.config(target)));
      const args = [`-config.file=${file}`, `-target=${target}`, '-legacy-read-mode=false'];
      const child = spawn(findProgram(PROGRAMS.loki) ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const log = createWriteStream(join(this.folder, `${target}.log`));
      child.stdout.pipe(log);
      child.stderr.pipe(log);
      this.processes.set(target, child);
    }
    for (const target of TARGETS) await this.untilReady(target);
  }

  /** Where a target answers. */
  public url(target: Target): string {
    return `http://${NODE_ADDRESS}:${portsOf(target).http}`;
  }

  /** Makes the writer write everything to the bucket, and accept nothing more. Without it, a stop keeps lines in its log. */
  public async flush(): Promise<void> {
    const url = `${this.url('write')}/ingester/shutdown?flush=true&delete_ring_tokens=true&terminate=false`;
    const response = await fetch(url, { method: 'POST' });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  }

  /** Ends it as Kubernetes does. */
  public async stop(): Promise<void> {
    for (const child of this.processes.values()) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(60_000)]);
      child.kill('SIGKILL');
    }
    this.processes.clear();
  }

  /** The config that the chart renders for a bucket, as far as it differs from defaults. */
  private config(target: Target) {
    const { http, grpc, gossip } = portsOf(target);
    const backend = `${NODE_ADDRESS}:${portsOf('backend').grpc}`;
    return {
      auth_enabled: false,
      server: { http_listen_address: NODE_ADDRESS, http_listen_port: http, grpc_listen_port: grpc },
      common: {
        compactor_grpc_address: backend,
        instance_addr: NODE_ADDRESS,
        path_prefix: join(this.folder, target),
        replication_factor: 1,
        ring: { kvstore: { store: 'memberlist' } },
        storage: {
          s3: {
            bucketnames: 'loki',
            endpoint: `http://${NODE_ADDRESS}:${BUCKET_PORT}`,
            region: 'us-east-1',
            access_key_id: 'real',
            secret_access_key: 'run',
            s3forcepathstyle: true,
            insecure: true,
          },
        },
      },
      frontend: { scheduler_address: backend },
      frontend_worker: { scheduler_address: backend },
      index_gateway: { mode: 'simple' },
      memberlist: {
        bind_addr: [NODE_ADDRESS],
        bind_port: gossip,
        advertise_port: gossip,
        join_members: TARGETS.map((one) => `${NODE_ADDRESS}:${portsOf(one).gossip}`),
      },
      schema_config: {
        configs: [
          {
            from: '2024-04-01',
            store: 'tsdb',
            object_store: 's3',
            schema: 'v13',
            index: { prefix: 'loki_index_', period: '24h' },
          },
        ],
      },
      storage_config: { tsdb_shipper: { index_gateway_client: { server_address: backend } } },
      compactor: { working_directory: join(this.folder, 'compactor') },
      analytics: { reporting_enabled: false },
    };
  }

  private async untilReady(target: Target): Promise<void> {
    for (let tries = 0; tries < 240; tries++) {
      if ((await fetch(`${this.url(target)}/ready`).catch(() => undefined))?.ok) return;
      await sleep(500);
    }
    throw new Error(`the target ${target} was not ready in two minutes; see ${this.folder}`);
  }
}
