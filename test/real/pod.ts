import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Quantity } from '../../lib/kubernetes/quantity';
import type { Manifest } from '../support/render';
import { containerScript, type Mount } from './container';
import { cpuSeconds } from './cpu';
import { type Probe, probeOnce } from './probe';
import { addPodNetwork, NODE_ADDRESS, removePodNetwork, run } from './sandbox';
import { Volumes } from './volumes';

/** What a pod needs to know of its surroundings. */
export interface PodProps {
  /** StatefulSet, Deployment or DaemonSet. */
  readonly workload: Manifest;
  /** Every object of the cluster, for what the pod refers to. */
  readonly objects: readonly Manifest[];
  /** Address of the pod. */
  readonly address: string;
  /** Lines of `/etc/hosts`: how Services are found. */
  readonly hosts: readonly string[];
  /** An authority that the image trusts, in PEM. */
  readonly trusted?: string | undefined;
  /** Path of the program that the image would bring. */
  readonly program: string;
  /** Folder of the run: claims, host paths, logs. */
  readonly folder: string;
  /** Files of the service account token, where the pod gets one. */
  readonly token?: Readonly<Record<string, string>>;
  /** Further variables that a kubelet sets. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Name of the node that everything runs on. */
export const NODE_NAME = 'node-1';

/**
 * A pod as a process: the args, variables, files, volumes, user, capabilities, read-only root and ports of its
 * manifest, in namespaces of its own.
 */
export class Pod {
  public readonly name: string;
  public readonly address: string;
  private readonly container: Manifest;
  private readonly spec: Manifest;
  private readonly volumes: Volumes;
  private process: ChildProcess | undefined;
  private logLengthWhenReady = 0;

  constructor(private readonly props: PodProps) {
    this.name = props.workload.metadata.name;
    this.address = props.address;
    this.spec = props.workload.spec.template.spec;
    if (this.spec.containers.length !== 1)
      throw new Error(`${this.name}: a pod of one container is all this can run`);
    this.container = this.spec.containers[0];
    this.volumes = new Volumes(this.name, props.folder, props.objects, this.spec.securityContext.fsGroup);
    addPodNetwork(this.name, this.address);
    this.setHosts(props.hosts);
  }

  /** Changes what the pod's DNS answers, also while it runs. */
  public setHosts(lines: readonly string[]): void {
    mkdirSync(this.props.folder, { recursive: true });
    // In place, as the running process has this file.
    writeFileSync(this.hostsFile, `${lines.join('\n')}\n`);
  }

  private get hostsFile(): string {
    return join(this.props.folder, `${this.name}.hosts`);
  }

  /** Starts the process, with its volumes as they were left. */
  public start(): void {
    const mounts: Mount[] = this.container.volumeMounts.map((mount: Manifest) => this.mount(mount));
    if (this.props.token) {
      const source = this.volumes.files(`${this.name}-token`, this.props.token);
      mounts.push({ source, target: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
    }
    if (this.props.trusted !== undefined) {
      const source = this.volumes.files('trusted', { 'ca-certificates.crt': this.props.trusted });
      mounts.push({ source, target: '/etc/ssl/certs', readOnly: true });
    }
    const script = containerScript({
      hostName: this.name,
      root: join(this.props.folder, 'roots', this.name),
      program: this.props.program,
      args: this.container.args,
      environment: this.environment(),
      security: { ...this.spec.securityContext, ...this.container.securityContext },
      mounts,
      hostsFile: this.hostsFile,
    });
    const log = createWriteStream(this.logFile, { flags: 'a' });
    const child = spawn(
      'ip',
      ['netns', 'exec', this.name, 'unshare', '--mount', '--uts', 'sh', '-ec', script],
      {
        env: { PATH: process.env['PATH'] ?? '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.process = child;
  }

  public get logFile(): string {
    return join(this.props.folder, `${this.name}.log`);
  }

  public get running(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Waits as the kubelet would: startup probe, then readiness. Returns the seconds it took. */
  public async ready(): Promise<number> {
    const began = performance.now();
    const { startupProbe, readinessProbe } = this.container;
    await this.until(startupProbe ?? readinessProbe, (startupProbe ?? readinessProbe).failureThreshold * 20);
    await this.until(readinessProbe, 60);
    this.logLengthWhenReady = readFileSync(this.logFile, 'utf8').length;
    return (performance.now() - began) / 1000;
  }

  /** Whether the liveness probe, where there is one, answers now. */
  public async alive(): Promise<boolean> {
    const { livenessProbe } = this.container;
    return livenessProbe === undefined
      ? this.running
      : probeOnce(this.address, this.container.ports, livenessProbe);
  }

  /** Ends the pod as a delete does: SIGTERM, and SIGKILL after the grace period. Returns the seconds it took. */
  public async stop(): Promise<number> {
    const began = performance.now();
    this.process?.kill('SIGTERM');
    const grace = this.spec.terminationGracePeriodSeconds * 1000;
    while (this.running && performance.now() - began < grace) await sleep(50);
    if (this.running) await this.kill();
    return (performance.now() - began) / 1000;
  }

  /** Ends the process without a warning, as a crash or the kernel does. */
  public async kill(): Promise<void> {
    this.process?.kill('SIGKILL');
    while (this.running) await sleep(20);
  }

  /** Cuts the pod off from the others, or connects it again; what runs in it goes on. */
  public cutOff(isCut: boolean): void {
    run('ip', '-n', this.name, 'link', 'set', 'eth0', isCut ? 'down' : 'up');
    if (!isCut) run('ip', '-n', this.name, 'route', 'replace', 'default', 'via', NODE_ADDRESS);
  }

  /** Ends the pod, and takes its network away. */
  public async remove(): Promise<void> {
    if (this.running) await this.kill();
    removePodNetwork(this.name, this.address);
  }

  /** Seconds that a stop may take. */
  public get graceSeconds(): number {
    return this.spec.terminationGracePeriodSeconds;
  }

  /** Bytes that the process may hold. */
  public get memoryLimit(): number {
    return Quantity.parse(this.container.resources.limits.memory)?.value ?? 0;
  }

  /** What the process wrote at level error since it was ready, but for what Tempo says when it has nothing to do. */
  public get errors(): string[] {
    const lines = readFileSync(this.logFile, 'utf8').slice(this.logLengthWhenReady).split('\n');
    return lines.filter((line) => line.includes('level=error') && !line.includes('no jobs found'));
  }

  /** The most memory that the process has held, in bytes. */
  public get peakMemory(): number {
    return this.status('VmHWM') * 1024;
  }

  /** The memory that the process holds now, in bytes. */
  public get memory(): number {
    return this.status('VmRSS') * 1024;
  }

  /** Seconds of CPU time that the process has used. */
  public get cpuSeconds(): number {
    return cpuSeconds(this.process?.pid ?? 0);
  }

  /** User that the process runs as. */
  public get user(): number {
    return this.status('Uid');
  }

  /** Ports that the process listens on, other than on localhost, as `4317/TCP`. */
  public get listening(): string[] {
    const lines = run('ip', 'netns', 'exec', this.name, 'ss', '-Hlntu').trim().split('\n');
    const ports = lines.flatMap((line) => {
      const [protocol = '', , , , local = ''] = line.split(/\s+/);
      return /^(127\.|\[::1\])/.test(local) ? [] : [`${local.split(':').at(-1)}/${protocol.toUpperCase()}`];
    });
    return [...new Set(ports)].sort();
  }

  /** The last lines that the process wrote. */
  public tail(lines = 15): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** A number that the kernel tells of the process; not a number where it tells none. */
  private status(name: string): number {
    const status = readFileSync(`/proc/${this.process?.pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  }

  private async until(probe: Probe, seconds: number): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    while (!(await probeOnce(this.address, this.container.ports, probe))) {
      if (!this.running) throw new Error(`${this.name} ended before it was ready:\n${this.tail()}`);
      if (performance.now() > deadline)
        throw new Error(`${this.name} was not ready in time:\n${this.tail()}`);
      await sleep(250);
    }
  }

  private mount({ name, mountPath, readOnly }: Manifest): Mount {
    const { volumeClaimTemplates = [] } = this.props.workload.spec;
    if (volumeClaimTemplates.some((one: Manifest) => one.metadata.name === name))
      return { source: this.volumes.claim(`${name}-${this.name}`), target: mountPath, readOnly: false };
    const volume = this.spec.volumes.find((one: Manifest) => one.name === name);
    return { source: this.volumes.folderOf(volume), target: mountPath, readOnly: readOnly === true };
  }

  private environment(): string[] {
    const fields: Record<string, string> = { 'spec.nodeName': NODE_NAME, 'status.podIP': this.address };
    const secret = ({ name, key }: Manifest) =>
      this.props.objects.find((one) => one.kind === 'Secret' && one.metadata.name === name)?.stringData[key];
    const declared = (this.container.env ?? []).map(({ name, value, valueFrom }: Manifest) => {
      const { fieldRef, secretKeyRef } = valueFrom ?? {};
      const text = value ?? fields[fieldRef?.fieldPath] ?? (secretKeyRef && secret(secretKeyRef));
      if (text === undefined) throw new Error(`${this.name}: no value for the variable ${name}`);
      return `${name}=${text}`;
    });
    return [...Object.entries(this.props.env ?? {}).map(([name, value]) => `${name}=${value}`), ...declared];
  }
}
