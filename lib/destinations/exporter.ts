import { type Destination, fileOf, hasOwnCa, headersOf, nameInPod, otlpUrl } from './destination';

/** The id of the `otlp_http` exporter for a destination. */
export function exporterId(destination: Destination): string {
  const { isOwn, name, route } = destination;
  return `otlp_http/${isOwn ? name : nameInPod(destination)}${route === undefined ? '' : `-${route}`}`;
}

/** The authentication extension of an OpenTelemetry Collector for a destination, by its id; empty without credentials. */
export function authExtension(destination: Destination): Record<string, object> {
  const id = authenticator(destination);
  if (id === undefined) return {};
  // The extensions watch these files.
  return {
    [id]:
      destination.authentication.type === 'basic'
        ? {
            client_auth: {
              username_file: fileOf(destination, 'username'),
              password_file: fileOf(destination, 'password'),
            },
          }
        : { filename: fileOf(destination, 'token') },
  };
}

/** The client of an `otlp_http` exporter for a destination. */
export function httpClient(destination: Destination) {
  const id = authenticator(destination);
  const headers = headersOf(destination);
  return {
    endpoint: otlpUrl(destination),
    ...(hasOwnCa(destination) ? { tls: { ca_file: fileOf(destination, 'ca.crt') } } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(id === undefined ? {} : { auth: { authenticator: id } }),
    compression: 'gzip',
    timeout: '30s',
  };
}

function authenticator(destination: Destination): string | undefined {
  const { type } = destination.authentication;
  if (type === 'none') return undefined;
  return `${type === 'basic' ? 'basicauth' : 'bearertokenauth'}/${nameInPod(destination)}`;
}

/** Whether a change of the list of extensions concerns only authentication extensions. */
export function changesOnlyLogins({
  old,
  new: next,
}: {
  readonly old?: unknown;
  readonly new?: unknown;
}): boolean {
  const others = (value: unknown) =>
    [value ?? []].flat().filter((one) => !/^(?:basicauth|bearertokenauth)\//.test(String(one)));
  return others(old).join() === others(next).join();
}
