import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { KubernetesApi } from './kubernetes-api';
import { NODE_NAME } from './pod';
import { NODE_ADDRESS } from './sandbox';

/** The container runtime splits longer lines. */
const PART_BYTES = 16 * 1024;

/** Address of pods that nobody speaks to. */
const OTHER_ADDRESS = '10.42.0.200';

/** What may be said of a pod. */
export interface RunningPod {
  /** @default apps */
  readonly namespace?: string;
  /** Its label of this name. @default the name of the pod */
  readonly app?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Address that the pod speaks from. @default one that nobody has */
  readonly podIP?: string;
  /** What its uid has to look like. @default anything */
  readonly uid?: RegExp;
}

/** Creates a pod that runs on this node, in the API server only. Returns its uid. */
export async function createRunningPod(
  api: KubernetesApi,
  name: string,
  { namespace = 'apps', app = name, annotations = {}, podIP = OTHER_ADDRESS, uid = /./ }: RunningPod,
): Promise<string> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const spec = { nodeName: NODE_NAME, containers: [{ name: 'app', image: 'example.com/app:1' }] };
  const metadata = { name, labels: { app }, annotations };
  const create = () => api.call('POST', pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec });
  let made = await create();
  // The API server chooses the uid.
  while (made.status === 201 && !uid.test(made.body.metadata.uid)) {
    await api.call('DELETE', `${pods}/${name}`, { gracePeriodSeconds: 0 });
    made = await create();
  }
  if (made.status !== 201) throw new Error(`pod ${name}: ${made.body.message}`);
  const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], hostIP: NODE_ADDRESS };
  await api.call('PATCH', `${pods}/${name}/status`, { status }, 'application/merge-patch+json');
  return made.body.metadata.uid;
}

/** One line that a container writes. */
export interface Line {
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/** A container whose log files are written here, as the container runtime and the kubelet would. */
export class LoggingContainer {
  private lastNanoseconds = 0n;
  private rotations = 0;

  private constructor(
    private readonly folder: string,
    public readonly uid: string,
  ) {}

  /**
   * Creates a pod that runs on this node, in the API server and on disk.
   *
   * @param podLogs Folder that the pods' log folders are in: `/var/log/pods` of the node.
   */
  public static async create(api: KubernetesApi, podLogs: string, name: string, pod: RunningPod = {}) {
    const uid = await createRunningPod(api, name, pod);
    const folder = join(podLogs, `${pod.namespace ?? 'apps'}_${name}_${uid}`, 'app');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '0.log'), '');
    return new LoggingContainer(folder, uid);
  }

  /**
   * Appends lines, each with a time of its own.
   *
   * @param ms When they were written. @default now
   */
  public write(lines: readonly Line[], ms = Date.now()): void {
    this.append(
      '0.log',
      lines.map((line) => [this.after(ms), line] as const),
    );
  }

  /** Writes a log as a restart left it, with lines at even intervals between two times. */
  public writeFile(name: string, lines: readonly Line[], fromMs: number, toMs: number): void {
    const step = (BigInt(toMs - fromMs) * 1_000_000n) / BigInt(Math.max(1, lines.length));
    const start = BigInt(fromMs) * 1_000_000n;
    this.append(
      name,
      lines.map((line, index) => [timestamp(start + step * BigInt(index)), line] as const),
    );
  }

  private append(name: string, lines: ReadonlyArray<readonly [time: string, Line]>): void {
    appendFileSync(join(this.folder, name), lines.flatMap(([time, line]) => parts(time, line)).join(''));
  }

  /** What the kubelet does at 10 MiB: a new file, and all but the newest of the old ones compressed. */
  public rotate(): void {
    const current = join(this.folder, '0.log');
    renameSync(current, `${current}.20260101-${String(++this.rotations).padStart(6, '0')}`);
    writeFileSync(current, '');
    const plain = readdirSync(this.folder)
      .filter((name) => /^0\.log\.\d+-\d+$/.test(name))
      .sort();
    for (const name of plain.slice(0, -1)) {
      writeFileSync(join(this.folder, `${name}.gz`), gzipSync(readFileSync(join(this.folder, name))));
      rmSync(join(this.folder, name));
    }
  }

  /** A time, later than any before. */
  private after(ms: number): string {
    const clock = BigInt(Math.round(ms)) * 1_000_000n;
    this.lastNanoseconds = clock > this.lastNanoseconds ? clock : this.lastNanoseconds + 1n;
    return timestamp(this.lastNanoseconds);
  }
}

/** A time as the container runtime writes it. */
function timestamp(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}

/** What the container runtime writes of a line: one part, or several where it is long. */
function parts(time: string, { stream, line }: Line): string[] {
  const bytes = Buffer.from(line);
  if (bytes.length <= PART_BYTES) return [`${time} ${stream} F ${line}\n`];
  const count = Math.ceil(bytes.length / PART_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const part = bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES);
    return `${time} ${stream} ${index === count - 1 ? 'F' : 'P'} ${part}\n`;
  });
}
