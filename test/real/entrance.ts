import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { NODE_ADDRESS } from './sandbox';

/** Paths that clients may use, each with the address that it leads to; undefined accepts everything and keeps nothing. */
type Routes = Readonly<Record<string, string | undefined>>;

/** A certificate that is its own authority, and its key. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for the address of the node. */
export function makeCertificate(folder: string): Certificate {
  mkdirSync(folder, { recursive: true });
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')] as const;
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=central'],
      ...['-addext', `subjectAltName=IP:${NODE_ADDRESS}`, '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** An entrance to stores elsewhere, with TLS and a password: what an Ingress of their cluster would be. */
export class Entrance {
  public readonly url: string;
  /** Number of answers by status. */
  public readonly answers = new Map<number, number>();
  private server: Server | undefined;

  constructor(
    private readonly port: number,
    private readonly certificate: Certificate,
    private readonly routes: Routes,
    public password: string,
  ) {
    this.url = `https://${NODE_ADDRESS}:${port}`;
  }

  public async open(): Promise<void> {
    const server = createServer(this.certificate);
    server.on('request', (incoming, outgoing) => {
      const answer = (status: number) => {
        this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
        outgoing.writeHead(status);
      };
      const expected = `Basic ${Buffer.from(`agent:${this.password}`).toString('base64')}`;
      const path = incoming.url ?? '';
      const isKnown = Object.hasOwn(this.routes, path);
      const target = this.routes[path];
      const isAllowed = incoming.headers.authorization === expected;
      if (!isAllowed || target === undefined) {
        incoming.resume();
        incoming.on('end', () => {
          answer(isAllowed ? (isKnown ? 200 : 404) : 401);
          outgoing.end();
        });
        return;
      }
      const { authorization: _, host: __, ...headers } = incoming.headers;
      const onward = request(
        `http://${target}${incoming.url}`,
        { method: incoming.method, headers },
        (back) => {
          answer(back.statusCode ?? 502);
          back.pipe(outgoing);
        },
      );
      onward.on('error', () => {
        answer(502);
        outgoing.end();
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(this.port, NODE_ADDRESS, resolve));
    this.server = server;
  }

  /** Ends it: nobody answers at its address until it is opened again. */
  public close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
