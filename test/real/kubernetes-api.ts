import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../support/render';
import { NODE_ADDRESS } from './sandbox';

const PORT = 6443;
const ADMIN_TOKEN = 'admin';

/** An answer of the API server. */
export interface Answer {
  readonly status: number;
  readonly body: Manifest;
}

/** A real API server with a store of its own, and no controllers: what is applied is what is there. */
export class KubernetesApi {
  private readonly processes: ChildProcess[] = [];
  private readonly plurals = new Map<string, { plural: string; namespaced: boolean }>();

  constructor(
    private readonly folder: string,
    private readonly programs: { readonly etcd: string; readonly apiServer: string },
  ) {
    mkdirSync(folder, { recursive: true });
  }

  public async start(): Promise<void> {
    this.spawn('etcd', this.programs.etcd, [
      `--data-dir=${join(this.folder, 'etcd')}`,
      '--listen-client-urls=http://127.0.0.1:2379',
      '--advertise-client-urls=http://127.0.0.1:2379',
      '--listen-peer-urls=http://127.0.0.1:2380',
    ]);
    const key = join(this.folder, 'service-accounts.key');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const tokens = join(this.folder, 'tokens.csv');
    writeFileSync(tokens, `${ADMIN_TOKEN},admin,admin,system:masters\nguest,guest,guest\n`);
    this.spawn('kube-apiserver', this.programs.apiServer, [
      '--etcd-servers=http://127.0.0.1:2379',
      `--bind-address=${NODE_ADDRESS}`,
      `--advertise-address=${NODE_ADDRESS}`,
      `--secure-port=${PORT}`,
      `--cert-dir=${join(this.folder, 'certificates')}`,
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--token-auth-file=${tokens}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.43.0.0/24',
      // Nothing creates the default account of a namespace here, which this plug-in waits for.
      '--disable-admission-plugins=ServiceAccount',
    ]);
    await this.untilReady();
  }

  /** Where clients reach the server. */
  public readonly url = `https://${NODE_ADDRESS}:${PORT}`;

  /** Certificate that clients have to trust. */
  public get certificate(): string {
    return readFileSync(join(this.folder, 'certificates', 'apiserver.crt'), 'utf8');
  }

  /** Variables by which a client in a pod finds the API server. */
  public readonly env = { KUBERNETES_SERVICE_HOST: NODE_ADDRESS, KUBERNETES_SERVICE_PORT: String(PORT) };

  /** The files that the kubelet mounts for a service account. */
  public async tokenFiles(namespace: string, account: string): Promise<Record<string, string>> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 36_000 },
    };
    const { body: answer } = await this.call('POST', path, body);
    return { token: answer.status.token, 'ca.crt': this.certificate, namespace };
  }

  /** Server-side apply, as `kubectl apply --server-side` does it. */
  public async apply(object: Manifest): Promise<Answer> {
    const path = await this.path(object);
    if (path === undefined)
      return { status: 404, body: { message: `the server has no kind ${object.apiVersion} ${object.kind}` } };
    const query = 'fieldManager=real-run&force=true&fieldValidation=Strict';
    return this.call('PATCH', `${path}?${query}`, object, 'application/apply-patch+yaml');
  }

  /** Deletes an object, without waiting for controllers that are not there. */
  public async remove(object: Manifest): Promise<void> {
    const path = `${await this.path(object)}`;
    await this.call('DELETE', path, { propagationPolicy: 'Background' });
    // Claims and volumes are held by a finalizer that only a controller takes away.
    if (object.kind.startsWith('PersistentVolume')) {
      await this.call('PATCH', path, { metadata: { finalizers: null } }, 'application/merge-patch+json');
    }
  }

  /** Any request, by default as an administrator. */
  public call(
    method: string,
    path: string,
    body?: object,
    type = 'application/json',
    token = ADMIN_TOKEN,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const content = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'content-type': type,
        // Node sends none with a DELETE, whose body then stands for the start of the next request.
        'content-length': Buffer.byteLength(content),
      };
      const sent = request(
        { host: NODE_ADDRESS, port: PORT, method, path, headers, ca: this.certificate },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              body: text.startsWith('{') ? JSON.parse(text) : text,
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(content);
    });
  }

  /** Waits until a custom resource can be written, which is a moment after its definition. */
  public async untilServed(apiVersion: string, plural: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const { body } = await this.call('GET', `/apis/${apiVersion}`);
      // The server lists a kind a moment later than it serves it.
      const isListed = body.resources?.some(({ name }: Manifest) => name === plural);
      if (isListed && (await this.call('GET', `/apis/${apiVersion}/${plural}`)).status === 200) return;
      await sleep(100);
    }
    throw new Error(`${plural} of ${apiVersion} are not served`);
  }

  public stop(): void {
    for (const child of this.processes) child.kill('SIGKILL');
  }

  private spawn(name: string, program: string, args: string[]): void {
    const log = createWriteStream(join(this.folder, `${name}.log`), { flags: 'a' });
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.processes.push(child);
  }

  private async untilReady(): Promise<void> {
    for (let tries = 0; tries < 240; tries++) {
      try {
        if ((await this.call('GET', '/readyz')).status === 200) return;
      } catch {
        // Not listening yet.
      }
      await sleep(250);
    }
    throw new Error(`kube-apiserver was not ready in a minute; see ${this.folder}`);
  }

  /** The address of an object; undefined for a kind that the server does not know. */
  private async path({ apiVersion, kind, metadata }: Manifest): Promise<string | undefined> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const key = `${apiVersion}/${kind}`;
    if (!this.plurals.has(key)) {
      const { body } = await this.call('GET', group);
      for (const { name, kind: known, namespaced } of body.resources ?? []) {
        if (!name.includes('/')) this.plurals.set(`${apiVersion}/${known}`, { plural: name, namespaced });
      }
    }
    const resource = this.plurals.get(key);
    if (!resource) return undefined;
    const scope = resource.namespaced ? `/namespaces/${metadata.namespace}` : '';
    return `${group}${scope}/${resource.plural}/${metadata.name}`;
  }
}
