import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Quantity } from '../../lib/values/quantity';
import type { Manifest } from '../support/render';
import { type Probe, probeOnce } from './probe';
import { addPodNetwork, canSwitchUsers, removePodNetwork, run } from './sandbox';

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
  private readonly root: string;
  private process: ChildProcess | undefined;
  private logLengthWhenReady = 0;

  constructor(private readonly props: PodProps) {
    this.name = props.workload.metadata.name;
    this.address = props.address;
    this.spec = props.workload.spec.template.spec;
    if (this.spec.containers.length !== 1)
      throw new Error(`${this.name}: a pod of one container is all this can run`);
    this.container = this.spec.containers[0];
    this.root = join(props.folder, 'roots', this.name);
    addPodNetwork(this.name, this.address);
  }

  /** Starts the process, with its volumes as they were left. */
  public start(): void {
    const mounts = this.container.volumeMounts.map((mount: Manifest) => this.mount(mount));
    if (this.props.token) {
      const source = this.files(`${this.name}-token`, this.props.token);
      mounts.push({ source, target: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
    }
    const log = createWriteStream(this.logFile, { flags: 'a' });
    const child = spawn(
      'ip',
      ['netns', 'exec', this.name, 'unshare', '--mount', 'sh', '-ec', this.script(mounts)],
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
    const status = readFileSync(`/proc/${this.process?.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  }

  /** User that the process runs as. */
  public get user(): number {
    const status = readFileSync(`/proc/${this.process?.pid}/status`, 'utf8');
    return Number(/Uid:\s+(\d+)/.exec(status)?.[1]);
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

  private async until(probe: Probe, seconds: number): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    while (!(await probeOnce(this.address, this.container.ports, probe))) {
      if (!this.running) throw new Error(`${this.name} ended before it was ready:\n${this.tail()}`);
      if (performance.now() > deadline)
        throw new Error(`${this.name} was not ready in time:\n${this.tail()}`);
      await sleep(250);
    }
  }

  private mount({ name, mountPath, readOnly }: Manifest) {
    const volume = this.spec.volumes.find((one: Manifest) => one.name === name);
    return { source: this.volumeFolder(volume), target: mountPath as string, readOnly: readOnly === true };
  }

  private volumeFolder(volume: Manifest): string {
    const { folder } = this.props;
    if (volume.configMap)
      return this.files(volume.configMap.name, this.find('ConfigMap', volume.configMap.name).data);
    if (volume.secret)
      return this.files(volume.secret.secretName, this.find('Secret', volume.secret.secretName).stringData);
    if (volume.persistentVolumeClaim) {
      this.find('PersistentVolumeClaim', volume.persistentVolumeClaim.claimName);
      return this.owned(join(folder, 'claims', volume.persistentVolumeClaim.claimName));
    }
    if (volume.emptyDir) return this.owned(join(folder, 'empty', this.name, volume.name));
    if (volume.hostPath) return this.hostFolder(volume.hostPath);
    throw new Error(`${this.name}: a volume of a kind that this cannot make: ${JSON.stringify(volume)}`);
  }

  private hostFolder({ path, type }: { path: string; type: string }): string {
    const source = join(this.props.folder, 'node', path);
    if (type === 'Directory' && !existsSync(source)) throw new Error(`${path} does not exist on the node`);
    mkdirSync(source, { recursive: true });
    return source;
  }

  /** A folder of the group that `fsGroup` names, as the kubelet makes it. */
  private owned(path: string): string {
    if (existsSync(path)) return path;
    mkdirSync(path, { recursive: true });
    if (canSwitchUsers() && this.spec.securityContext.fsGroup !== undefined) {
      chownSync(path, 0, this.spec.securityContext.fsGroup);
      chmodSync(path, 0o2775);
    }
    return path;
  }

  private files(name: string, content: Readonly<Record<string, string>>): string {
    const folder = join(this.props.folder, 'files', name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(content)) writeFileSync(join(folder, file), text);
    return folder;
  }

  private find(kind: string, name: string): Manifest {
    const found = this.props.objects.find((one) => one.kind === kind && one.metadata.name === name);
    if (!found) throw new Error(`${this.name} refers to ${kind}/${name}, which is not there`);
    return found;
  }

  private environment(): string[] {
    const fields: Record<string, string> = { 'spec.nodeName': NODE_NAME };
    const declared = (this.container.env ?? []).map(({ name, value, valueFrom }: Manifest) => {
      const text = value ?? fields[valueFrom?.fieldRef?.fieldPath];
      if (text === undefined) throw new Error(`${this.name}: no value for the variable ${name}`);
      return `${name}=${text}`;
    });
    return [...Object.entries(this.props.env ?? {}).map(([name, value]) => `${name}=${value}`), ...declared];
  }

  /** Shell commands that make the root of the container, and end as its process. */
  private script(mounts: readonly { source: string; target: string; readOnly: boolean }[]): string {
    const { root } = this;
    const security = { ...this.spec.securityContext, ...this.container.securityContext };
    const lines = [`mkdir -p ${root}`, `mount -t tmpfs tmpfs ${root}`];
    const bind = (source: string, target: string, readOnly: boolean) => {
      lines.push(
        `mkdir -p ${quote(root + target)}`,
        `mount --rbind ${quote(source)} ${quote(root + target)}`,
      );
      if (readOnly) lines.push(`mount -o remount,bind,ro ${quote(root + target)}`);
    };
    // What a distroless image brings: the program, the libraries it may be linked to, devices.
    for (const folder of ['/usr', '/lib', '/lib64', '/bin'].filter((path) => existsSync(path)))
      bind(folder, folder, true);
    bind('/dev', '/dev', false);
    bind(dirname(this.props.program), '/image', true);
    lines.push(`mkdir -p ${root}/proc ${root}/etc ${root}/tmp`, `mount -t proc proc ${root}/proc`);
    lines.push(`printf '%s\\n' ${this.props.hosts.map(quote).join(' ')} > ${root}/etc/hosts`);
    for (const { source, target, readOnly } of mounts) bind(source, target, readOnly);
    if (security.readOnlyRootFilesystem) lines.push(`mount -o remount,bind,ro ${root}`);
    const program = `/image/${this.props.program.split('/').at(-1)}`;
    const identity = canSwitchUsers()
      ? [
          'setpriv',
          `--reuid=${security.runAsUser}`,
          `--regid=${security.runAsGroup}`,
          '--clear-groups',
          '--no-new-privs',
          '--bounding-set=-all',
          '--inh-caps=-all',
        ]
      : ['setpriv', '--no-new-privs'];
    const command = [
      'env',
      '-i',
      'PATH=/usr/bin:/bin',
      ...this.environment(),
      ...identity,
      program,
      ...this.container.args,
    ];
    lines.push(`exec chroot ${root} ${command.map(quote).join(' ')}`);
    return lines.join('\n');
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
