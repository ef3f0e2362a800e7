import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { DestinationAnswer } from '../lib/preflight/destination-answer';
import type { DestinationRequest } from '../lib/preflight/destination-requests';
import { connected, Rejected } from './destination-connection';

const TIMEOUT_MS = 10_000;
const MESSAGE_LENGTH = 100;

/** Sends each request to a server outside the cluster from this machine, without a proxy, and returns answers by id. */
export async function askDestinations(
  requests: readonly DestinationRequest[],
  timeoutMs = TIMEOUT_MS,
): Promise<ReadonlyMap<string, DestinationAnswer>> {
  const outside = requests.filter(({ service }) => service === undefined);
  return new Map(await Promise.all(outside.map(async (one) => [one.id, await ask(one, timeoutMs)] as const)));
}

/** Sends a request. Its headers follow only after the certificate is accepted. */
async function ask(asked: DestinationRequest, timeoutMs: number): Promise<DestinationAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let socket: Socket | undefined;
  try {
    socket = await connected(asked, timeout);
    return await answerOf(asked, socket, timeout);
  } catch (error) {
    if (error instanceof Rejected) return { outcome: error.outcome, reason: error.message };
    if (timeout.aborted) return { outcome: 'unreached', reason: `no answer within ${timeoutMs / 1_000} s` };
    // A server may reject a client without a certificate only after the handshake.
    return /^(?:EPROTO$|ERR_SSL_)/.test(String((error as { code?: unknown }).code))
      ? { outcome: 'tls', reason: sslReason(error) }
      : { outcome: 'unreached', reason: messageOf(error) };
  } finally {
    socket?.destroy();
  }
}

function answerOf(
  { url, headers, body }: DestinationRequest,
  socket: Socket,
  timeout: AbortSignal,
): Promise<DestinationAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url.replace(/^https:/, 'http:'),
      {
        method: 'POST',
        headers: {
          ...headers,
          Host: new URL(url).host,
          'User-Agent': 'logs-and-traces-preflight',
          'Content-Length': Buffer.byteLength(body),
          Connection: 'close',
        },
        createConnection: () => socket,
        signal: timeout,
      },
      (response) => {
        response.setEncoding('utf8');
        let text = '';
        const finish = () =>
          resolve({
            outcome: 'status',
            status: response.statusCode ?? 0,
            message: firstLine(response.headers['content-type'], text),
            location: redirect(response, url),
          });
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MESSAGE_LENGTH) finish();
        });
        response.on('end', finish);
        // The status is known, whatever happens to the body.
        response.on('error', finish);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The first line of plain text, without control characters. */
function firstLine(type: string | undefined, text: string): string {
  if (type?.startsWith('text/plain') !== true) return '';
  return (text.trim().split('\n')[0] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, MESSAGE_LENGTH);
}

/** Where a redirect leads to, without a query, which may contain a token. */
function redirect({ statusCode = 0, headers }: IncomingMessage, url: string): string | undefined {
  const { location } = headers;
  if (statusCode < 300 || statusCode > 399 || location === undefined || !URL.canParse(location, url))
    return undefined;
  const { origin, pathname } = new URL(location, url);
  return `${origin}${pathname}`;
}

/** The part of an OpenSSL message that says what happened. */
function sslReason(error: unknown): string {
  const { reason, message } = error as { reason?: string; message: string };
  return reason ?? message.trim().split(':').at(-2) ?? message;
}

function messageOf(error: unknown): string {
  const { errors, message, code } = error as { errors?: Error[]; message: string; code?: string };
  // Of several addresses, Node reports each.
  return errors?.[0]?.message ?? (message || code || 'unknown error');
}
