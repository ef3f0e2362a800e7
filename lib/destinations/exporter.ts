import { type Destination, fileOf, hasOwnCa, headersOf } from './destination';

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

/** The client settings of an `otlp_http` exporter for a destination, besides its endpoint. */
export function clientSettings(destination: Destination) {
  const id = authenticator(destination);
  const headers = headersOf(destination);
  return {
    ...(hasOwnCa(destination) ? { tls: { ca_file: fileOf(destination, 'ca.crt') } } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(id === undefined ? {} : { auth: { authenticator: id } }),
  };
}

function authenticator({ name, signal, authentication: { type } }: Destination): string | undefined {
  if (type === 'none') return undefined;
  return `${type === 'basic' ? 'basicauth' : 'bearertokenauth'}/${signal}_${name}`;
}
