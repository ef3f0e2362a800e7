import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { existing } from '../preflight/existing';
import type { Manifest } from '../support/render';
import type { KubernetesApi } from './kubernetes-api';

/** A user without any right. */
export const GUEST = 'guest';

/** Puts kube-prometheus-stack and the nodes of the README's cluster into an API server: objects, nothing that runs. */
export async function createExisting(api: KubernetesApi): Promise<void> {
  const objects = existing().filter(({ kind }) => kind !== 'APIService');
  const isCustom = ({ apiVersion }: Manifest) => apiVersion.startsWith('monitoring.coreos.com/');
  for (const object of objects.filter((one) => !isCustom(one))) await applied(api, object);
  await api.untilServed('monitoring.coreos.com/v1', 'prometheuses');
  for (const object of objects.filter(isCustom)) await applied(api, object);
  for (const { metadata, status } of objects.filter(({ kind }) => kind === 'Node')) {
    const type = 'application/merge-patch+json';
    await api.call('PATCH', `/api/v1/nodes/${metadata.name}/status`, { status }, type);
  }
}

async function applied(api: KubernetesApi, { status: _, ...object }: Manifest): Promise<void> {
  const { status, body } = await api.apply(object);
  if (status >= 300) throw new Error(`${object.kind}/${object.metadata.name}: ${body.message}`);
}

/** Writes a file by which kubectl reaches the API server; returns its path. */
export function writeKubeconfig(api: KubernetesApi, folder: string, token: string): string {
  const file = join(folder, `kubeconfig-${token}.json`);
  const cluster = {
    server: api.url,
    'certificate-authority-data': Buffer.from(api.certificate).toString('base64'),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'real', cluster }],
    users: [{ name: token, user: { token } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: token, namespace: 'default' } }],
    'current-context': 'real',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** What a command printed, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the project as a person would, with kubectl reaching the API server.
 *
 * @param interruptAt Sends the signal of Ctrl-C when the command has printed this.
 */
export function runWith(
  kubeconfig: string,
  command: string,
  args: readonly string[],
  { input = '', interruptAt }: { input?: string; interruptAt?: string } = {},
): Promise<Ended> {
  const { STACK_BIN = '', PATH = '' } = process.env;
  const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${STACK_BIN}:${PATH}`, HOME: '/nonexistent' };
  return new Promise((resolve, reject) => {
    // Detached, as a terminal sends Ctrl-C to the whole group.
    const child = spawn(command, args, { env, detached: true });
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      printed.stdout += chunk;
      if (interruptAt !== undefined && child.pid && printed.stdout.includes(interruptAt))
        process.kill(-child.pid, 'SIGINT');
    });
    child.stderr.on('data', (chunk) => {
      printed.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...printed }));
    child.stdin.end(input);
  });
}
