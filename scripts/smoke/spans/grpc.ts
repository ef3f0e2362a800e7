import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';

const TIMEOUT_MS = 10_000;

/** Frames a gRPC message: one byte for "not compressed", then the length. */
const FRAME_HEADER_BYTES = 5;

function frame(message: Buffer): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

async function call(session: ClientHttp2Session, method: string, request: Buffer): Promise<Buffer> {
  const stream = session.request(
    { ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers' },
    { signal: AbortSignal.timeout(TIMEOUT_MS) },
  );
  // A rejection without a message has its status in the headers, because there are no trailers.
  let status: IncomingHttpHeaders = {};
  stream.on('response', (headers) => {
    status = headers;
  });
  stream.on('trailers', (trailers) => {
    status = trailers;
  });
  stream.end(frame(request));

  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  if (status['grpc-status'] !== '0') {
    const reason = decodeURIComponent(String(status['grpc-message'] ?? ''));
    const code = status['grpc-status'] ?? `missing, HTTP status ${status[':status'] ?? 'none'}`;
    throw new Error(`grpc-status ${code} ${reason}`);
  }
  return Buffer.concat(chunks).subarray(FRAME_HEADER_BYTES);
}

/** Calls a unary method once per request, over one connection; returns the responses. */
export async function unaryCalls(
  host: string,
  port: number,
  method: string,
  requests: Iterable<Buffer>,
): Promise<Buffer[]> {
  const session = connect(`http://${host}:${port}`);
  try {
    await once(session, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    // From here on, a broken connection also fails the stream, which reports the error.
    session.on('error', () => {});
    const responses: Buffer[] = [];
    for (const request of requests) responses.push(await call(session, method, request));
    return responses;
  } catch (error) {
    // The message of an abort is "The operation was aborted"; the cause contains the reason.
    const { cause, message } = error as Error;
    throw new Error(`${host}:${port}${method}: ${cause ?? message}`);
  } finally {
    session.destroy();
  }
}
