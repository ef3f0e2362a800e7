import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readKubectlJson } from '../lib/kubernetes/read-manifests';
import { Cluster, type InotifyLimits } from '../lib/preflight/cluster';
import type { KubernetesObject } from '../lib/preflight/objects';
import { type Read, reads, secretReads, secretsOf } from '../lib/preflight/reads';
import type { Wanted } from '../lib/preflight/wanted';

const run = promisify(execFile);

/** Thrown when kubectl is not there, or reaches no cluster; the message has the cure. */
export class KubectlError extends Error {}

/** What a call printed, and why it was not all. */
interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
}

async function kubectl(args: readonly string[], context: string | undefined): Promise<Answer> {
  const all = [...(context === undefined ? [] : ['--context', context]), '--request-timeout=30s', ...args];
  try {
    return { ...(await run('kubectl', all, { maxBuffer: 2 ** 30 })), failed: false };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: string; stdout?: string; stderr?: string };
    if (code === 'ENOENT')
      throw new KubectlError(
        'there is no kubectl on PATH: install it, or read an export (--export-command, --export)',
      );
    return { stdout, stderr, failed: true };
  }
}

/**
 * Reads what the checks look at.
 *
 * @throws KubectlError when there is no kubectl, or it reaches no cluster.
 */
export async function readCluster(
  wanted: Wanted,
  { context, inotify }: { context: string | undefined; inotify: boolean },
): Promise<Cluster> {
  const reachable = await kubectl(['get', '--raw', '/version'], context);
  if (reachable.failed) throw new KubectlError(`kubectl reaches no cluster: ${lastLine(reachable.stderr)}`);
  const objects: KubernetesObject[] = [];
  const unread = new Map<string, string>();
  const take = async (read: Read, parse: (text: string) => KubernetesObject[]) => {
    const { stdout, stderr, failed } = await kubectl(read.args, context);
    const found = parse(stdout);
    objects.push(...found);
    // A kind that the API server does not know has no objects, which is an answer.
    if (!failed || stderr.includes("doesn't have a resource type")) return;
    for (const kind of read.kinds.filter((one) => !found.some((object) => object.kind === one)))
      unread.set(kind, reasonFor(kind, stderr));
  };
  await Promise.all([
    ...reads(wanted).map((read) => take(read, readKubectlJson)),
    ...secretReads(wanted).map((read) => take(read, secretsOf)),
  ]);
  return new Cluster(objects, unread, inotify ? await readInotify(context) : []);
}

/** The line of kubectl that names the kind, else its last one. */
function reasonFor(kind: string, stderr: string): string {
  const line = stderr.split('\n').find((one) => one.toLowerCase().includes(kind.toLowerCase()));
  return line ?? lastLine(stderr);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

const LIMITS = ['max_user_instances', 'max_user_watches'].map((name) => `/proc/sys/fs/inotify/${name}`);

/** The limits as a pod of node-exporter sees them, which are those of its node. */
async function readInotify(context: string | undefined): Promise<InotifyLimits[]> {
  const selector = 'app.kubernetes.io/name=prometheus-node-exporter';
  const path = '{range .items[*]}{.metadata.namespace} {.metadata.name} {.spec.nodeName}{"\\n"}{end}';
  const { stdout } = await kubectl(['get', 'pods', '-A', '-l', selector, '-o', `jsonpath=${path}`], context);
  const pods = stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const read = await Promise.all(
    pods.map(async ([namespace = '', name = '', node = '']) => {
      const { stdout: text } = await kubectl(
        ['exec', '-n', namespace, name, '--', 'cat', ...LIMITS],
        context,
      );
      const [instances, watches] = text.trim().split('\n').map(Number);
      return { node, instances: instances || Number.NaN, watches: watches ?? Number.NaN };
    }),
  );
  return read.filter(({ instances, watches }) => !Number.isNaN(instances) && !Number.isNaN(watches));
}
