import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, in PEM format. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Whether certificates can be made here. */
export const openssl = spawnSync('openssl', ['version']).status === 0;

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Properties of {@link makeCertificate}. */
interface CertificateProps {
  /** Name of its files, and its common name. */
  readonly name: string;
  /** Name of the authority in the same folder that signs it. @default it signs itself */
  readonly authority?: string;
  /** An extension such as `subjectAltName=IP:127.0.0.1`. @default none */
  readonly extension?: string;
  /** How long it is valid; negative for one that has expired. @default 2 */
  readonly days?: number;
}

/** Makes a certificate in the files `<name>.key` and `<name>.crt` of a folder. */
export function makeCertificate(
  folder: string,
  { name, authority, extension, days = 2 }: CertificateProps,
): Certificate {
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const [key, request, cert] = ['key', 'csr', 'crt'].map((end) => `${name}.${end}`) as [
    string,
    string,
    string,
  ];
  const about = [...KEY, '-subj', `/CN=${name}`, ...(extension ? ['-addext', extension] : [])];
  if (authority === undefined)
    run('req', '-x509', ...about, '-days', String(days), '-keyout', key, '-out', cert);
  else {
    run('req', ...about, '-keyout', key, '-out', request);
    run(
      ...['x509', '-req', '-in', request, '-CA', `${authority}.crt`, '-CAkey', `${authority}.key`],
      ...['-CAcreateserial', '-copy_extensions', 'copy', '-days', String(days), '-out', cert],
    );
  }
  return { key: readFileSync(join(folder, key), 'utf8'), cert: readFileSync(join(folder, cert), 'utf8') };
}
