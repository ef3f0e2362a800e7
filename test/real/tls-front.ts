import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createHttps, type Server } from 'node:https';
import { join } from 'node:path';
import { NODE_ADDRESS, run } from './sandbox';

/** What answers for a host: a port of localhost that speaks plain HTTP, or a function. */
export type Backend = number | ((request: IncomingMessage, response: ServerResponse) => void);

/** A request that was passed on. */
export interface PassedRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** A certificate authority and a certificate that it signed, in PEM. */
export interface Certificate {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for some hosts, by an authority that nobody trusts yet. */
export function certificateFor(hosts: readonly string[], folder: string): Certificate {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(file(name), 'utf8');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run(
    'openssl',
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    '/CN=authority',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
  );
  run(
    'openssl',
    'req',
    ...newKey,
    '-subj',
    `/CN=${hosts[0]}`,
    '-keyout',
    file('host.key'),
    '-out',
    file('host.csr'),
  );
  writeFileSync(file('host.ext'), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`);
  const signer = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  run(
    'openssl',
    'x509',
    '-req',
    '-in',
    file('host.csr'),
    ...signer,
    '-days',
    '2',
    '-extfile',
    file('host.ext'),
    '-out',
    file('host.crt'),
  );
  return { authority: read('ca.crt'), certificate: read('host.crt'), key: read('host.key') };
}

/** Port of HTTPS; the network lets pods through to it as their policies do. */
export const TLS_PORT = 443;

/** Several hosts behind HTTPS on the node, each with its own backend; remembers what was asked of them. */
export class TlsFront {
  public readonly passed: PassedRequest[] = [];
  private readonly server: Server;

  constructor(
    { certificate, key }: Certificate,
    private readonly backends: Readonly<Record<string, Backend>>,
  ) {
    this.server = createHttps({ cert: certificate, key }, (incoming, response) =>
      this.answer(incoming, response),
    );
  }

  public async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(TLS_PORT, NODE_ADDRESS, done));
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Lines of `/etc/hosts` that lead to it. */
  public get hosts(): string[] {
    return Object.keys(this.backends).map((host) => `${NODE_ADDRESS} ${host}`);
  }

  private answer(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = '', url: path = '', headers } = incoming;
    const host = (headers.host ?? '').replace(/:\d+$/, '');
    const backend = this.backends[host];
    if (backend === undefined) return void response.writeHead(421).end();
    this.passed.push({ host, method, path, headers });
    if (typeof backend === 'function') backend(incoming, response);
    else passOn(backend, incoming, response);
  }
}

function passOn(port: number, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, url: path, headers } = incoming;
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}
