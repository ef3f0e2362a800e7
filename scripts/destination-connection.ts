import { X509Certificate } from 'node:crypto';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import type { DestinationRequest } from '../lib/preflight/destination-requests';

/** A server that answers at the address, and that the agents would not send to. */
export class Rejected extends Error {
  constructor(
    public readonly outcome: 'certificate' | 'tls',
    message: string,
  ) {
    super(message);
  }
}

/** A connection to the server, after its certificate is accepted. */
export function connected({ url, authority }: DestinationRequest, timeout: AbortSignal): Promise<Socket> {
  const { protocol, hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const give = (socket: Socket) => {
      const abort = () => socket.destroy(timeout.reason as Error);
      if (timeout.aborted) abort();
      timeout.addEventListener('abort', abort, { once: true });
      socket.on('error', reject);
    };
    if (protocol === 'http:') {
      const socket: Socket = connectPlain({ host, port: Number(port || 80) }, () => resolve(socket));
      return give(socket);
    }
    const socket: TLSSocket = connectTls(
      {
        host,
        port: Number(port || 443),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ALPNProtocols: ['http/1.1'],
        // What is wrong is reported below, in words.
        rejectUnauthorized: false,
        ...(authority.type === 'own' ? { ca: authority.certificates } : {}),
        // Go also trusts an intermediate certificate on its own.
        allowPartialTrustChain: true,
      },
      () => {
        const reason = certificateProblem(socket, host, authority.type);
        if (reason === undefined) resolve(socket);
        else {
          socket.destroy();
          reject(new Rejected('certificate', reason));
        }
      },
    );
    give(socket);
  });
}

/** Why Go programs reject the certificate of a server; undefined if they accept it as far as it was checked. */
function certificateProblem(
  socket: TLSSocket,
  host: string,
  authority: DestinationRequest['authority']['type'],
): string | undefined {
  const shown = socket.getPeerCertificate();
  const certificate = new X509Certificate(shown.raw);
  const issuer = certificate.issuer.replaceAll('\n', ', ');
  const now = new Date();
  // First what does not depend on the authority.
  if (now > new Date(certificate.validTo)) return `it expired on ${certificate.validTo}`;
  if (now < new Date(certificate.validFrom)) return `it is not valid before ${certificate.validFrom}`;
  // Unlike Node, Go ignores the common name.
  if (certificate.subjectAltName === undefined) return 'it has no subject alternative name';
  if (checkServerIdentity(host, shown) !== undefined)
    return `it is for ${certificate.subjectAltName}, not for ${host}`;
  if (socket.authorized || authority === 'unread') return undefined;
  const trusted = authority === 'own' ? 'the certificates in ca.crt' : 'a public certificate authority';
  return `it is not signed by ${trusted} (issuer: ${issuer}; ${socket.authorizationError})`;
}
