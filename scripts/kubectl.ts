import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { KubernetesObject } from '../lib/kubernetes/object';
import { readAnswer } from '../lib/preflight/answers';
import { Cluster, type InotifyLimits } from '../lib/preflight/cluster';
import type { Desired } from '../lib/preflight/desired';
import { destinationRequests } from '../lib/preflight/destination-requests';
import { askGrafana, grafanaPods, readGrafana } from '../lib/preflight/grafana-answer';
import { reads, secretReads, secretsOf } from '../lib/preflight/reads';
import { askDestinations } from './destination-answers';

const run = promisify(execFile);

/**
 * Thrown when kubectl is missing, cannot reach the cluster, or would reach the wrong one. The message contains the
 * fix.
 */
export class KubectlError extends Error {}

/** The output of a call, and whether it failed. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
}

async function kubectl(args: readonly string[], context: string | undefined): Promise<Output> {
  const all = [...(context === undefined ? [] : ['--context', context]), '--request-timeout=30s', ...args];
  try {
    return { ...(await run('kubectl', all, { maxBuffer: 2 ** 30 })), failed: false };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: string; stdout?: string; stderr?: string };
    if (code === 'ENOENT')
      throw new KubectlError(
        'kubectl is not on PATH; install it, or read an export instead (--export-command, --export)',
      );
    return { stdout, stderr, failed: true };
  }
}

/**
 * Reads the objects that the checks need.
 *
 * @throws KubectlError when kubectl is missing, cannot reach the cluster, or would reach another cluster than the
 * values name.
 */
export async function readCluster(
  desired: Desired,
  { context: given, inotify, grafana }: { context: string | undefined; inotify: boolean; grafana: boolean },
): Promise<Cluster> {
  const context =
    given ?? ((await kubectl(['config', 'current-context'], undefined)).stdout.trim() || undefined);
  await requireCluster(desired, context);
  const reachable = await kubectl(['get', '--raw', '/version'], context);
  if (reachable.failed)
    throw new KubectlError(
      `kubectl cannot reach the cluster${context === undefined ? '' : ` of context ${context}`}: ${lastLine(reachable.stderr)}`,
    );
  const answers = await Promise.all([
    ...reads(desired).map(async ({ args, kinds }) => {
      const { stdout, stderr } = await kubectl(args, context);
      return readAnswer(`${stdout}\n${stderr}`, kinds);
    }),
    ...secretReads(desired).map(async ({ args, kinds }) => {
      const { stdout, stderr, failed } = await kubectl(args, context);
      return failed ? readAnswer(stderr, kinds) : { objects: secretsOf(stdout), unread: [] };
    }),
  ]);
  const objects = answers.flatMap((answer) => answer.objects);
  const unread = new Map(answers.flatMap((answer) => answer.unread));
  const [limits, datasources, destinations] = await Promise.all([
    inotify ? readInotify(context) : [],
    grafana ? readGrafanaDatasources(desired, context) : undefined,
    askDestinations(destinationRequests(desired, new Cluster(objects, { unread }))),
  ]);
  return new Cluster(objects, { unread, inotify: limits, grafana: datasources, destinations, context });
}

/** The object in the cluster that a manifest describes; undefined if it does not exist or cannot be read. */
export async function findObject(
  { apiVersion, kind, metadata }: KubernetesObject,
  context: string | undefined,
): Promise<KubernetesObject | undefined> {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  const name = [kind.toLowerCase(), ...(version === undefined ? [] : [version, group])].join('.');
  const where = metadata.namespace === undefined ? [] : ['-n', metadata.namespace];
  const { stdout } = await kubectl(['get', name, metadata.name, ...where, '-o', 'json'], context);
  return readAnswer(stdout, [kind]).objects[0];
}

/** Rejects every cluster except the one in the values. */
async function requireCluster({ settings }: Desired, context: string | undefined): Promise<void> {
  const path = 'jsonpath={.clusters[0].cluster.server}';
  const { stdout } = await kubectl(['config', 'view', '--minify', '-o', path], context);
  const actual = { context, apiServer: stdout.trim().replace(/\/$/, '') };
  for (const key of ['context', 'apiServer'] as const) {
    const expected = settings.cluster[key]?.replace(/\/$/, '');
    if (expected !== undefined && expected !== actual[key])
      throw new KubectlError(
        `the values are for ${key} ${expected} (cluster.${key}), not for ${actual[key] || 'a cluster without a kubeconfig'}: pass the right --context; list them: kubectl config get-contexts`,
      );
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** The datasources that Grafana has, as its first pod tells; undefined where that cannot be asked. */
async function readGrafanaDatasources(desired: Desired, context: string | undefined) {
  const [pod] = (await kubectl(grafanaPods(desired), context)).stdout.trim().split(' ');
  return pod ? readGrafana((await kubectl(askGrafana(desired, pod), context)).stdout) : undefined;
}

const LIMITS = ['max_user_instances', 'max_user_watches'].map((name) => `/proc/sys/fs/inotify/${name}`);

/** The limits inside a node-exporter pod, which are those of its node. */
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
