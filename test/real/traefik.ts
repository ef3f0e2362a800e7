import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../support/render';
import type { KubernetesApi } from './kubernetes-api';
import { findProgram, PROGRAMS } from './programs';
import { NODE_ADDRESS } from './sandbox';
import type { Stack } from './stack';
import type { Certificate } from './tls-front';

const HTTP = 8000;
const HTTPS = 8443;

/** A request to the Gateway. */
export interface GatewayRequest {
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  /** `user:password`. */
  readonly login?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A real Traefik as the controller and the data plane of a Gateway, on the address of the node. */
export class Traefik {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts it. It takes the Gateways of the API server from then on. */
  public static start(folder: string, api: KubernetesApi): Traefik {
    mkdirSync(folder, { recursive: true });
    const authority = join(folder, 'ca.crt');
    writeFileSync(authority, api.certificate);
    const provider = (name: string) => [
      `--providers.${name}=true`,
      `--providers.${name}.endpoint=${api.url}`,
      `--providers.${name}.token=admin`,
      `--providers.${name}.certauthfilepath=${authority}`,
    ];
    const args = [
      `--entrypoints.web.address=${NODE_ADDRESS}:${HTTP}`,
      `--entrypoints.websecure.address=${NODE_ADDRESS}:${HTTPS}`,
      ...provider('kubernetesgateway'),
      ...provider('kubernetescrd'),
      '--log.level=INFO',
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
    ];
    const child = spawn(findProgram(PROGRAMS.traefik) ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(folder, 'traefik.log'));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    return new Traefik(child);
  }

  /** The status of an answer. */
  public statusOf({
    host,
    path,
    method = 'GET',
    login,
    body = '',
    headers,
  }: GatewayRequest): Promise<number> {
    return new Promise((resolve, reject) => {
      const auth = login === undefined ? {} : { auth: login };
      const options = { host: NODE_ADDRESS, port: HTTPS, servername: host, rejectUnauthorized: false };
      const all = { host, 'content-length': Buffer.byteLength(body), ...headers };
      const sent = request({ ...options, path, method, headers: all, ...auth }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** The status of an answer without TLS. */
  public async plainStatusOf({ host, path }: GatewayRequest): Promise<number> {
    return (await fetch(`http://${NODE_ADDRESS}:${HTTP}${path}`, { headers: { host } })).status;
  }

  /** Waits until requests are answered in a certain way. */
  public async until(wanted: GatewayRequest, status: number): Promise<void> {
    for (let tries = 0; tries < 120; tries++) {
      if ((await this.statusOf(wanted).catch(() => 0)) === status) return;
      await sleep(500);
    }
    throw new Error(`${wanted.host}${wanted.path} was not answered with ${status} in a minute`);
  }

  public stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** A Gateway of Traefik with a listener for HTTP and one for HTTPS, as a platform team would make it. */
export function gatewayOfTraefik(name: string, namespace: string, certificate: Certificate): Manifest[] {
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const allowedRoutes = { namespaces: { from: 'All' } };
  const certificateRefs = [{ group: '', kind: 'Secret', name: 'certificate' }];
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'certificate', namespace },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': certificate.certificate, 'tls.key': certificate.key },
    },
    {
      apiVersion,
      kind: 'GatewayClass',
      metadata: { name: 'traefik' },
      spec: { controllerName: 'traefik.io/gateway-controller' },
    },
    {
      apiVersion,
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: {
        gatewayClassName: 'traefik',
        listeners: [
          { name: 'http', port: HTTP, protocol: 'HTTP', allowedRoutes },
          { name: 'https', port: HTTPS, protocol: 'HTTPS', tls: { certificateRefs }, allowedRoutes },
        ],
      },
    },
  ];
}

/** What the controller of EndpointSlices would write: the pods behind a Service. */
export function endpointSlice(service: Manifest, stack: Stack): Manifest {
  const { name, namespace } = service.metadata;
  const pod = stack.pod(name);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [pod.address], conditions: { ready: true } }],
    ports: service.spec.ports.map((port: Manifest) => ({
      name: port.name,
      port: port.port,
      protocol: port.protocol ?? 'TCP',
    })),
  };
}
