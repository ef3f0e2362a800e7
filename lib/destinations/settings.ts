import * as z from 'zod';
import { choice, objectName, optional, text } from '../values/fields';
import { rule } from '../values/rule';

/** Keys of an existing Secret with the credentials of a destination. */
export const CREDENTIAL_KEYS = { none: [], basic: ['username', 'password'], bearer: ['token'] } as const;

/** Headers that have a setting of their own or that the HTTP client sets. */
const RESERVED = ['authorization', 'proxy-authorization', 'x-scope-orgid', 'host', 'cookie', 'user-agent'];

/** Words in the name of a header whose value is a credential. */
const CREDENTIAL = /key|token|secret|passw|auth|credential|honeycomb-team/i;

const PATHS = ['/loki/api/v1/push', '/otlp/v1/logs', '/v1/logs', '/v1/traces', '/v1/metrics'];

const headerName = () =>
  text(
    'the name of a header such as "X-Environment"',
    /^[A-Za-z0-9](?:[-A-Za-z0-9_]*[A-Za-z0-9])?$/,
    64,
  ).refine(
    (name) => !RESERVED.includes(name.toLowerCase()) && !/^content-/i.test(name) && !CREDENTIAL.test(name),
    {
      error: ({ input }) =>
        String(input).toLowerCase() === 'x-scope-orgid'
          ? 'must not be X-Scope-OrgID; use tenant'
          : 'must not be a header that the HTTP client sets or that contains a credential; use authentication',
    },
  );

/** Tenant of Loki and Tempo, which they use in paths and object names. */
export const tenantName = () =>
  text(
    'the name of a tenant such as "team-a" (letters, digits, "-", "_" and ".")',
    /^(?!\.{1,2}$)[-A-Za-z0-9_.]+$/,
    150,
  );

const secretName = (keys: readonly string[]) =>
  objectName('Secret').describe(
    `Existing Secret in cluster.namespace with the ${keys.length > 1 ? 'keys' : 'key'} ${keys.join(' and ')}. A changed Secret takes effect within about a minute, without a restart.`,
  );

const authentication = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none').describe('No credentials.') }),
    z.strictObject({
      type: z.literal('basic').describe('User name and password.'),
      secretName: secretName(CREDENTIAL_KEYS.basic),
    }),
    z.strictObject({
      type: z.literal('bearer').describe('Token in the header Authorization.'),
      secretName: secretName(CREDENTIAL_KEYS.bearer),
    }),
  ])
  .prefault({ type: 'none' })
  .describe('Credentials. They are never in the values.');

const shape = (paths: string) => ({
  url: text(
    'a URL without a query such as "https://logs.example.com"',
    /^https?:\/\/[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?(?::\d{1,5})?(?:\/[-\w.~/]*)?$/,
    2048,
  ).describe(`Base URL. ${paths} http:// sends everything unencrypted.`),
  tenant: optional(tenantName()).describe(
    'Tenant at the destination, sent in the header X-Scope-OrgID. null sends none.',
  ),
  headers: z
    .record(headerName(), text('a header value without a credential', /^[\x20-\x7e]+$/), {
      error: 'must be a map of headers',
    })
    .default({})
    .describe('Additional headers of each request. Never credentials: values are in Git.'),
  authentication,
  caConfigMapName: optional(objectName('ConfigMap')).describe(
    "Existing ConfigMap in cluster.namespace whose key ca.crt contains the server's certificate authority. null trusts public ones.",
  ),
  caSecretName: optional(objectName('Secret')).describe(
    "Existing Secret in cluster.namespace whose key ca.crt contains the server's certificate authority, for example one of cert-manager.",
  ),
});

type Written = z.output<z.ZodObject<ReturnType<typeof shape>>>;

const RULES = [
  rule<Written>(['url'], ({ url }) => {
    const path = PATHS.find((one) => url.replace(/\/$/, '').endsWith(one));
    return path === undefined ? undefined : `must not end with ${path}, which is added to it; leave it out`;
  }),
  rule<Written>(['url', 'authentication'], ({ url, authentication: { type } }) =>
    type !== 'none' && url.startsWith('http://')
      ? `must begin with https:// with authentication ${type}: http:// would send the credentials unencrypted`
      : undefined,
  ),
  rule<Written>(['caConfigMapName', 'caSecretName', 'url'], ({ caConfigMapName, caSecretName, url }) => {
    if (caConfigMapName === undefined) return undefined;
    if (caSecretName !== undefined) return 'must be null with caSecretName; keep one of them';
    return url.startsWith('http://') ? 'must be null with a URL that begins with http://' : undefined;
  }),
  rule<Written>(['caSecretName', 'url'], ({ caSecretName, url }) =>
    caSecretName !== undefined && url.startsWith('http://')
      ? 'must be null with a URL that begins with http://'
      : undefined,
  ),
] as const;

/** Names of the stores of the stack itself, which are destinations as well. */
const OWN = ['loki', 'tempo'];

const destinationName = () =>
  text(
    'the name of a destination such as "central" (lower case letters, digits and "-")',
    /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
    40,
  ).refine((name) => !OWN.includes(name), {
    error:
      'must not be loki or tempo, the names of the stores of this stack; choose another such as "central"',
  });

const mapOf = <T extends z.ZodType>(destination: T) =>
  z.record(destinationName(), destination, { error: 'must be a map of destinations' }).prefault({});

/** Protocols of a destination of logs. */
const LOG_PROTOCOLS = ['loki', 'otlp'] as const;

/** Destinations of logs outside the stack, by name. */
export const logDestinations = mapOf(
  z
    .strictObject({
      protocol: choice(LOG_PROTOCOLS)
        .default('loki')
        .describe('loki for a Loki or Grafana Cloud Logs, otlp for any other OTLP endpoint (over HTTP).'),
      ...shape(
        'The agent adds /loki/api/v1/push or /otlp/v1/logs with protocol loki, and /v1/logs with otlp.',
      ),
    })
    .check(...RULES),
).describe('Destinations of logs besides the Loki of this stack, by name: docs/remote-stores.md.');

/** Destinations of traces outside the stack, by name. */
export const traceDestinations = mapOf(
  z.strictObject(shape('The collector adds /v1/traces.')).check(...RULES),
).describe(
  'Destinations of sampled traces besides the Tempo of this stack, by name. Each must accept OTLP over HTTP: docs/remote-stores.md.',
);

/** A destination in the settings, without its name. */
export type DestinationSettings = Written;
export type LogDestinations = z.output<typeof logDestinations>;
export type TraceDestinations = z.output<typeof traceDestinations>;
