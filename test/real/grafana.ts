import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Manifest } from '../support/render';
import { findProgram, PROGRAMS } from './programs';
import { run } from './sandbox';

const ADDRESS = '127.0.0.1:3000';
const PASSWORD = 'admin';

/** Properties of {@link Grafana}. */
export interface GrafanaProps {
  readonly folder: string;
  /** Objects of the cluster, of which the sidecar reads datasources and dashboards. */
  readonly objects: readonly Manifest[];
  /** Where the existing Prometheus is. */
  readonly prometheusUrl: string;
  /** Addresses of Services by their names. */
  readonly services: Readonly<Record<string, string>>;
}

/** Folder of Grafana's own files, which the program does not find by itself unless it is installed. */
export const grafanaHome = (): string => process.env['GRAFANA_HOME'] ?? '/usr/share/grafana';

/** A real Grafana, with the files that the sidecar of kube-prometheus-stack would write for it. */
export class Grafana {
  public readonly url = `http://${ADDRESS}`;
  /** Of every person. */
  public readonly password = PASSWORD;
  private process: ChildProcess | undefined;

  constructor(private readonly props: GrafanaProps) {
    const { folder, objects, prometheusUrl, services } = props;
    const provisioning = join(folder, 'provisioning');
    const write = (path: string, text: string) => {
      mkdirSync(join(provisioning, path, '..'), { recursive: true });
      writeFileSync(join(provisioning, path), text);
    };
    // As kube-prometheus-stack writes it.
    write('datasources/datasource.yaml', stringify(existingDatasources(prometheusUrl)));
    for (const { stringData } of labelled(objects, 'Secret', 'grafana_datasource'))
      for (const [name, text] of Object.entries<string>(stringData)) write(`datasources/${name}`, text);
    const dashboards = join(provisioning, 'json');
    const provider = { name: 'sidecarProvider', type: 'file', options: { path: dashboards } };
    write('dashboards/provider.yaml', stringify({ apiVersion: 1, providers: [provider] }));
    for (const { data } of labelled(objects, 'ConfigMap', 'grafana_dashboard'))
      for (const [name, text] of Object.entries<string>(data)) write(`json/${name}`, text);
    // Grafana reaches Services by their names; the file is seen in this sandbox only.
    const hosts = Object.entries(services).map(([name, address]) => `${address} ${name}`);
    writeFileSync(join(folder, 'hosts'), `${['127.0.0.1 localhost', ...hosts].join('\n')}\n`);
    run('mount', '--bind', join(folder, 'hosts'), '/etc/hosts');
  }

  /** Starts Grafana, and waits until it answers. Returns the seconds that this took. */
  public async start(): Promise<number> {
    const began = performance.now();
    const { folder } = this.props;
    const child = spawn(findProgram(PROGRAMS.grafana) ?? '', ['server', `--homepath=${grafanaHome()}`], {
      env: {
        PATH: process.env['PATH'] ?? '',
        GF_PATHS_DATA: join(folder, 'data'),
        GF_PATHS_LOGS: join(folder, 'logs'),
        GF_PATHS_PLUGINS: join(folder, 'plugins'),
        GF_PATHS_PROVISIONING: join(folder, 'provisioning'),
        GF_SERVER_HTTP_ADDR: '127.0.0.1',
        GF_SECURITY_ADMIN_PASSWORD: PASSWORD,
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
        GF_PLUGINS_PREINSTALL_DISABLED: 'true',
        GF_NEWS_NEWS_FEED_ENABLED: 'false',
        GF_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(this.logFile, { flags: 'a' });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.process = child;
    for (let tries = 0; tries < 480; tries++) {
      if (child.exitCode !== null) throw new Error(`Grafana exited with ${child.exitCode}: ${this.tail()}`);
      const answer = await fetch(`${this.url}/api/health`).catch(() => undefined);
      if (answer?.ok) return (performance.now() - began) / 1000;
      await sleep(250);
    }
    throw new Error(`Grafana was not ready in 2 minutes: ${this.tail()}`);
  }

  /** Ends Grafana as Kubernetes does. */
  public async stop(): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGTERM');
    for (let tries = 0; tries < 100 && child.exitCode === null; tries++) await sleep(100);
    child.kill('SIGKILL');
  }

  /** What the API answers to the administrator. */
  public async api(path: string, body?: object): Promise<{ status: number; body: Manifest }> {
    const response = await fetch(this.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Creates a person with a role in the organization. Returns name and password. */
  public async addUser(role: 'Viewer' | 'Editor'): Promise<{ user: string; password: string }> {
    const user = role.toLowerCase();
    const made = await this.api('/api/admin/users', { login: user, password: PASSWORD, name: role });
    if (made.status !== 200) throw new Error(`user ${user}: ${made.body.message}`);
    const response = await fetch(`${this.url}/api/org/users/${made.body.id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ role }),
    });
    if (!response.ok) throw new Error(`role ${role}: ${await response.text()}`);
    return { user, password: PASSWORD };
  }

  public get logFile(): string {
    return join(this.props.folder, 'grafana.log');
  }

  private tail(): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  }
}

/** Objects that the sidecar picks up by a label. */
const labelled = (objects: readonly Manifest[], kind: string, label: string) =>
  objects.filter((one) => one.kind === kind && one.metadata.labels?.[label] === '1');

/** The datasources that kube-prometheus-stack provisions. */
function existingDatasources(prometheusUrl: string) {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        type: 'prometheus',
        uid: 'prometheus',
        url: prometheusUrl,
        access: 'proxy',
        isDefault: true,
        jsonData: { httpMethod: 'POST', timeInterval: '5s' },
      },
      {
        name: 'Alertmanager',
        type: 'alertmanager',
        uid: 'alertmanager',
        url: 'http://127.0.0.1:9093',
        access: 'proxy',
        jsonData: { handleGrafanaManagedAlerts: false, implementation: 'prometheus' },
      },
    ],
  };
}
