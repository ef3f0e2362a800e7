import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Authority, DestinationRequest } from '../../lib/preflight/destination-requests';
import { askDestinations } from '../../scripts/destination-answers';
import { type Certificate, makeCertificate, openssl } from '../support/certificates';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function ask(url: string, authority: Authority = { type: 'public' }, timeoutMs = 10_000) {
  const request: DestinationRequest = {
    ...{ id: 'one', setting: 'logs.destinations.central', url, authority, service: undefined },
    ...{ headers: { 'X-Scope-OrgID': 'eu', 'Content-Type': 'application/json' }, body: '{"streams": []}' },
    settings: { url, tenant: 'eu', headers: {}, authentication: { type: 'none' } } as never,
  };
  return (await askDestinations([request], timeoutMs)).get('one');
}

const respond =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);
const plain = { 'content-type': 'text/plain; charset=utf-8' };

describe('an answer', () => {
  test('is that to a push without data', async () => {
    const seen: [IncomingMessage, string][] = [];
    const port = await listen(
      createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => {
          seen.push([request, body]);
          response.writeHead(204).end();
        });
      }),
    );

    expect(await ask(`http://127.0.0.1:${port}/loki/api/v1/push`)).toEqual({
      ...{ outcome: 'status', status: 204, message: '', location: undefined },
    });
    const [[request, body] = []] = seen;
    expect([request?.method, request?.url, body]).toEqual(['POST', '/loki/api/v1/push', '{"streams": []}']);
    expect(request?.headers).toEqual({
      ...{ 'x-scope-orgid': 'eu', 'content-type': 'application/json', 'content-length': '15' },
      ...{ host: `127.0.0.1:${port}`, connection: 'close', 'user-agent': 'logs-and-traces-preflight' },
    });
  });

  test('has the first line of a text', async () => {
    const port = await listen(createServer(respond(401, plain, `no org id\u001b[0m\n${'x'.repeat(10_000)}`)));

    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({ status: 401, message: 'no org id[0m' });
  });

  test('has no page', async () => {
    const port = await listen(createServer(respond(502, { 'content-type': 'text/html' }, '<html>')));

    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({ status: 502, message: '' });
  });

  test('is not followed elsewhere, and shows no token of a redirect', async () => {
    const location = 'https://login.example.com/start?state=secret';
    const port = await listen(createServer(respond(302, { location }, '')));

    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      status: 302,
      location: 'https://login.example.com/start',
    });
  });
});

describe('no answer', () => {
  test('without a server', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));

    expect(await ask(`https://127.0.0.1:${port}`)).toEqual({
      outcome: 'unreached',
      reason: `connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  test('from a server that only accepts the connection', async () => {
    const sockets: { destroy(): void }[] = [];
    const port = await listen(createTcpServer((socket) => sockets.push(socket)));
    const found = await ask(`https://127.0.0.1:${port}`, { type: 'public' }, 200);
    for (const socket of sockets) socket.destroy();

    expect(found).toEqual({ outcome: 'unreached', reason: 'no answer within 0.2 s' });
  });

  test('by TLS from a server without it', async () => {
    const port = await listen(createServer(respond(200, {}, '')));

    expect(await ask(`https://127.0.0.1:${port}`)).toMatchObject({ outcome: 'tls' });
  });
});

(openssl ? describe : describe.skip)('a certificate', () => {
  let folder: string;
  let authority: Certificate;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    authority = makeCertificate(folder, { name: 'central-ca' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const own = (certificates: string): Authority => ({ type: 'own', certificates, from: {} as never });

  async function askTls(certificate: Certificate, trusted: Authority, options: ServerOptions = {}) {
    let requests = 0;
    const server = createTlsServer({ ...certificate, ...options }, (_, response) => {
      requests++;
      response.writeHead(401).end();
    });
    const found = await ask(`https://127.0.0.1:${await listen(server)}`, trusted);
    return { found, requests };
  }
  const sign = (name: string, more: { extension?: string; days?: number }) =>
    makeCertificate(folder, { name, authority: 'central-ca', ...more });
  const extension = 'subjectAltName=IP:127.0.0.1';

  test('is accepted with its own authority', async () => {
    const { found } = await askTls(sign('good', { extension }), own(authority.cert));

    expect(found).toMatchObject({ outcome: 'status', status: 401 });
  });

  test('is accepted with an intermediate authority, as by Go', async () => {
    const intermediate = sign('middle', { extension: 'basicConstraints=critical,CA:TRUE' });
    const leaf = makeCertificate(folder, { name: 'below', authority: 'middle', extension });
    const { found } = await askTls(leaf, own(intermediate.cert));

    expect(found).toMatchObject({ outcome: 'status', status: 401 });
  });

  test.each<[what: string, trusted: () => Authority, more: object, reason: string]>([
    [
      'of a private authority',
      () => ({ type: 'public' }),
      { extension },
      'it is not signed by a public certificate authority (issuer: CN=central-ca; CODE)',
    ],
    [
      'of another authority',
      () => own(makeCertificate(folder, { name: 'other-ca' }).cert),
      { extension },
      'it is not signed by the certificates in ca.crt (issuer: CN=central-ca; CODE)',
    ],
    [
      'for another name',
      () => own(authority.cert),
      { extension: 'subjectAltName=DNS:logs.example.com' },
      'it is for DNS:logs.example.com, not for 127.0.0.1',
    ],
    [
      'for another name, of an unread authority',
      () => ({ type: 'unread', name: 'Secret monitoring/tls' }),
      { extension: 'subjectAltName=DNS:logs.example.com' },
      'it is for DNS:logs.example.com, not for 127.0.0.1',
    ],
    [
      'with a common name only, which Go ignores',
      () => own(authority.cert),
      {},
      'it has no subject alternative name',
    ],
  ])('%s is rejected before anything is sent', async (_, trusted, more, reason) => {
    const { found, requests } = await askTls(sign('wrong', more), trusted());

    // OpenSSL has several codes, which differ between versions of Node.
    expect(JSON.parse(JSON.stringify(found).replace(/UNABLE_TO_\w+/, 'CODE'))).toEqual({
      ...{ outcome: 'certificate', reason },
    });
    expect(requests).toBe(0);
  });

  test('that expired is rejected', async () => {
    const { found } = await askTls(sign('old', { extension, days: -1 }), own(authority.cert));

    expect(found).toEqual({
      outcome: 'certificate',
      reason: expect.stringMatching(/^it (?:expired on|is not valid before) /),
    });
  });

  test('is not checked with an authority that was not read', async () => {
    const { found } = await askTls(sign('unread', { extension }), {
      type: 'unread',
      name: 'Secret monitoring/tls',
    });

    expect(found).toMatchObject({ outcome: 'status', status: 401 });
  });

  test('of the client that the server requires is reported', async () => {
    const certificate = sign('mutual', { extension });
    const { found } = await askTls(certificate, own(authority.cert), {
      requestCert: true,
      rejectUnauthorized: true,
    });

    expect(found).toEqual({ outcome: 'tls', reason: expect.stringContaining('certificate required') });
  });
});
