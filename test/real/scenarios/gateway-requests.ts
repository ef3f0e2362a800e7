import { createHash } from 'node:crypto';
import { isBuiltIn } from '../../../lib/kubernetes/kinds';
import { gatewayHops } from '../../../scripts/smoke/gateway';
import { type Manifest, manifests, settings } from '../../support/render';
import { addDefinitions } from '../custom-resources';
import type { Report } from '../report';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { certificateFor } from '../tls-front';
import { endpointSlice, type GatewayRequest, gatewayOfTraefik, Traefik } from '../traefik';

const CRDS = process.env['GATEWAY_CRDS'];

const values = (allowedCidrs: readonly string[] = []) =>
  settings({
    gateway: {
      enabled: true,
      controller: 'traefik',
      parent: { name: 'public', namespace: 'gateways' },
      allowedCidrs,
      authentication: { type: 'basic', secretName: 'readers' },
      otlp: { enabled: true, authentication: { type: 'basic', secretName: 'senders' } },
    },
  });

const READER = 'reader:secret';
const SENDER = 'sender:other';
const LOKI = { host: 'loki.example.com', path: '/loki/api/v1/labels' };
const SPANS = {
  host: 'otlp.example.com',
  path: '/v1/traces',
  method: 'POST',
  body: '{"resourceSpans":[]}',
  headers: { 'content-type': 'application/json' },
};

/** Requests, each with the status of its answer. */
const ANSWERS: ReadonlyArray<readonly [what: string, request: GatewayRequest, status: number]> = [
  ['a query', { ...LOKI, login: READER }, 200],
  ['a query without a login', LOKI, 401],
  ['a query with a wrong password', { ...LOKI, login: 'reader:wrong' }, 401],
  ['a query with the login of senders', { ...LOKI, login: SENDER }, 401],
  ['values of a label', { ...LOKI, path: '/loki/api/v1/label/app/values', login: READER }, 200],
  ['a push', { ...LOKI, path: '/loki/api/v1/push', method: 'POST', login: READER }, 404],
  [
    'a push behind a routed path',
    { ...LOKI, path: '/loki/api/v1/label/../push', method: 'POST', login: READER },
    404,
  ],
  ['/flush', { ...LOKI, path: '/flush', method: 'POST', login: READER }, 404],
  ['/ready', { ...LOKI, path: '/ready', login: READER }, 404],
  ['a name that begins like a routed path', { ...LOKI, path: '/loki/api/v1/labelx', login: READER }, 404],
  ['a search for traces', { host: 'tempo.example.com', path: '/api/search', login: READER }, 200],
  ['overrides of Tempo', { host: 'tempo.example.com', path: '/api/overrides', login: READER }, 404],
  ['spans', { ...SPANS, login: SENDER }, 200],
  ['spans without a login', SPANS, 401],
  ['spans with the login of readers', { ...SPANS, login: READER }, 401],
  ['the health check of an ALB', { host: SPANS.host, path: SPANS.path, login: SENDER }, 405],
  ['log records, which are not accepted', { ...SPANS, path: '/v1/logs', login: SENDER }, 404],
];

/** Requests through a real Gateway reach the query paths with a login, and nothing else. */
export const gatewayRequestsScenario: Scenario = {
  name: 'gateway-requests',
  title:
    'Gateway API: requests through a real Traefik; login, paths, addresses, and a policy that is removed',
  needs: ['loki', 'tempo', 'otel-collector', 'etcd', 'apiServer', 'traefik'],
  async run({ folder, report }: Run) {
    if (CRDS === undefined) return report.skip('everything', 'GATEWAY_CRDS names no folder with definitions');
    const objects = manifests(values());
    const stack = await Stack.create({ folder, objects, withApi: true, namespaces: ['gateways'] });
    const { api } = stack;
    let traefik: Traefik | undefined;
    try {
      await addDefinitions(api, CRDS);
      const services = objects.filter(
        ({ kind, metadata }) =>
          kind === 'Service' && ['loki', 'tempo', 'otel-collector'].includes(metadata.name),
      );
      const hosts = ['loki', 'tempo', 'otlp'].map((name) => `${name}.example.com`);
      const surroundings = [
        ...services.map((service) => endpointSlice(service, stack)),
        ...[users('readers', READER), users('senders', SENDER)],
        ...gatewayOfTraefik('public', 'gateways', certificateFor(hosts, `${folder}/certificate`)),
      ];
      await applyAll(api, surroundings);
      await stack.start('loki', 'tempo', 'otel-collector');
      traefik = Traefik.start(`${folder}/traefik`, api);
      await applyAll(api, objects.filter(isOfGateway));
      await traefik.until({ ...LOKI, login: READER }, 200);
      for (const [what, request, status] of ANSWERS)
        report.equal(
          `${what}: ${request.method ?? 'GET'} ${request.path}`,
          await traefik.statusOf(request),
          status,
        );
      report.equal('a query without TLS', await traefik.plainStatusOf(LOKI), 404);
      await smoke(stack, objects, traefik, report);
      await addresses(stack, traefik, report);
      await withoutPolicy(stack, objects, traefik, report);
    } finally {
      traefik?.stop();
      await stack.stop();
    }
  },
};

const isOfGateway = (object: Manifest) =>
  /^(?:gateway|traefik)\./.test(object.apiVersion) && !isBuiltIn(object);

async function applyAll(api: Stack['api'], objects: readonly Manifest[]): Promise<void> {
  for (const object of objects) {
    const { status, body } = await api.apply(object);
    if (status >= 300) throw new Error(`${object.kind}/${object.metadata.name}: ${body.message}`);
  }
}

/** A Secret with one user, as htpasswd writes it. */
function users(name: string, login: string): Manifest {
  const [user, password = ''] = login.split(':');
  const hash = createHash('sha1').update(password).digest('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'monitoring' },
    stringData: { users: `${user}:{SHA}${hash}\n` },
  };
}

/** What `scripts/smoke.sh` checks, with the conditions that Traefik reports. */
async function smoke(stack: Stack, objects: readonly Manifest[], traefik: Traefik, report: Report) {
  const mark = { id: 'smoke', startMs: Date.now(), deadlineMs: Date.now() + 30_000 };
  const hops = await gatewayHops(mark, objects, values(), {
    find: async ({ metadata }) =>
      (
        await stack.api.call(
          'GET',
          `/apis/gateway.networking.k8s.io/v1/namespaces/${metadata.namespace}/httproutes/${metadata.name}`,
        )
      ).body,
    statusOf: (url, method) => {
      const { host, pathname } = new URL(url);
      return traefik.statusOf({ host, path: pathname, method });
    },
  });
  for (const { hop, verdict, observed } of hops) report.figure(`smoke: ${hop}`, observed, verdict === 'ok');
}

/** Addresses that are not allowed are refused before any login. */
async function addresses(stack: Stack, traefik: Traefik, report: Report): Promise<void> {
  await applyAll(stack.api, manifests(values(['203.0.113.0/24'])).filter(isOfGateway));
  await traefik.until({ ...LOKI, login: READER }, 403);
  report.figure('from an address that is not allowed', 403);
  await applyAll(stack.api, manifests(values(['10.42.0.0/24'])).filter(isOfGateway));
  await traefik.until({ ...LOKI, login: READER }, 200);
  report.equal('from an allowed address, without a login', await traefik.statusOf(LOKI), 401);
}

/** A route whose Middleware is gone is not served, rather than open. */
async function withoutPolicy(
  stack: Stack,
  objects: readonly Manifest[],
  traefik: Traefik,
  report: Report,
): Promise<void> {
  await applyAll(stack.api, objects.filter(isOfGateway));
  await traefik.until(LOKI, 401);
  const login = objects.find(
    ({ kind, metadata }) => kind === 'Middleware' && metadata.name === 'logs-and-traces-queries-login',
  );
  await stack.api.remove(login);
  for (let tries = 0; tries < 60 && (await traefik.statusOf(LOKI)) === 401; tries++)
    await new Promise((resolve) => setTimeout(resolve, 500));
  const status = await traefik.statusOf({ ...LOKI, login: READER });
  report.figure('the Middleware of the login is removed: a query', status, status >= 400);
}
