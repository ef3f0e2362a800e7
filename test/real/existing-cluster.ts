import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { existing } from '../preflight/existing';
import type { Manifest } from '../support/render';
import { type Ended, runCommand } from './command';
import type { KubernetesApi } from './kubernetes-api';

/** A user without any right. */
export const GUEST = 'guest';

/** Puts kube-prometheus-stack and the nodes of the README's cluster into an API server: objects, nothing that runs. */
export async function createExisting(api: KubernetesApi): Promise<void> {
  // The API server makes its own APIServices, and the Service by which pods reach it.
  const objects = existing().filter(
    ({ kind, metadata }) => kind !== 'APIService' && metadata.namespace !== 'default',
  );
  for (const { spec } of objects.filter(({ kind }) => kind === 'Service')) delete spec.clusterIP;
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

/** Runs a command of the project with kubectl reaching the API server. */
export function runWith(
  kubeconfig: string,
  command: string,
  args: readonly string[],
  options: { input?: string; interruptAt?: string } = {},
): Promise<Ended> {
  return runCommand(command, args, { ...options, env: { KUBECONFIG: kubeconfig } });
}
