import { describe, expect, test } from '@jest/globals';
import { type LogDestination, namedDestinations, otlpUrl, pushUrl } from '../../lib/destinations/destination';
import type { DestinationAnswer } from '../../lib/preflight/destination-answer';
import { destinationRequests } from '../../lib/preflight/destination-requests';
import { preflight } from '../../lib/preflight/preflight';
import type { Manifest } from '../support/render';
import { cluster, desired, existing, STACK, service } from './existing';

const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
const configMap = (certificates: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'authority', namespace: 'monitoring' },
  data: { 'ca.crt': certificates },
});

const LOGIN = { type: 'basic', secretName: 'login' };
const URL_OF_LOGS = 'https://logs.example.com/loki/api/v1/push';

const valuesOf = (destination: object, logs: object = {}) => ({
  ...STACK,
  loki: { enabled: false },
  logs: { agent: 'promtail', destinations: { central: { url: 'https://logs.example.com', ...destination } } },
  ...logs,
});

/** What preflight reports of one destination of logs, after it answered; without an answer, of an export. */
function reported(destination: object, answer: DestinationAnswer | undefined, objects: Manifest[] = []) {
  const wanted = desired(valuesOf(destination));
  const read = [...existing(), configMap(PEM), ...objects];
  const [request] = destinationRequests(wanted, cluster(read));
  const destinations = answer && new Map([[request?.id ?? '', answer]]);
  const [found, ...more] = preflight(wanted, cluster(read, { destinations })).filter(
    ({ id }) => id === 'destination-access',
  );
  expect(more).toEqual([]);
  return found;
}

const status = (number: number, more: object = {}): DestinationAnswer => ({
  ...{ outcome: 'status', status: number, message: '' },
  ...more,
});

describe('a destination', () => {
  test.each<[what: string, destination: object, answer: DestinationAnswer, observed: string]>([
    [
      'that rejects an empty push',
      {},
      status(422),
      `ok logs.destinations.central: this machine reaches ${URL_OF_LOGS} (422), its certificate is trusted`,
    ],
    [
      'that requires the credentials in the values',
      { authentication: LOGIN },
      status(401),
      `ok logs.destinations.central: this machine reaches ${URL_OF_LOGS} (401), its certificate is trusted; it requires credentials, which scripts/smoke.sh tests after the rollout`,
    ],
    [
      'without TLS',
      { url: 'http://logs.example.com' },
      status(200),
      'ok logs.destinations.central: this machine reaches http://logs.example.com/loki/api/v1/push (200), without encryption',
    ],
    [
      'that only the cluster reaches',
      {},
      { outcome: 'unreached', reason: 'connect ECONNREFUSED 10.0.0.9:443' },
      `unknown logs.destinations.central: this machine cannot reach ${URL_OF_LOGS}: connect ECONNREFUSED 10.0.0.9:443`,
    ],
    [
      'with another certificate',
      {},
      { outcome: 'certificate', reason: 'it expired' },
      'fail logs.destinations.central: the certificate of logs.example.com is not accepted: it expired',
    ],
    [
      'that requires a client certificate',
      {},
      { outcome: 'tls', reason: 'certificate required' },
      'fail logs.destinations.central: logs.example.com answers, but TLS fails: certificate required',
    ],
    [
      'that requires credentials',
      {},
      status(401, { message: 'no org id' }),
      `fail logs.destinations.central: ${URL_OF_LOGS} answers 401 (no org id): it requires credentials or a tenant`,
    ],
    [
      'that may reject this machine',
      { authentication: LOGIN },
      status(403),
      `unknown logs.destinations.central: ${URL_OF_LOGS} answers 403: it rejects requests without credentials, or the address of this machine`,
    ],
    [
      'without the path',
      { authentication: LOGIN },
      status(404),
      `fail logs.destinations.central: ${URL_OF_LOGS} answers 404: the agents would drop everything`,
    ],
    [
      'that redirects',
      {},
      status(301, { location: 'https://new.example.com/' }),
      `fail logs.destinations.central: ${URL_OF_LOGS} answers 301, a redirect to https://new.example.com/: a push arrives there without its data`,
    ],
    [
      'that redirects to a login',
      { authentication: LOGIN },
      status(302, { location: 'https://login.example.com/' }),
      `warn logs.destinations.central: ${URL_OF_LOGS} answers 302, a redirect to https://login.example.com/: a push arrives there without its data`,
    ],
    [
      'that is down',
      {},
      status(503),
      `warn logs.destinations.central: ${URL_OF_LOGS} answers 503: it is down now`,
    ],
    [
      'that accepts a push without the credentials in the values',
      { authentication: LOGIN },
      status(422),
      `warn logs.destinations.central: ${URL_OF_LOGS} answers 422 without credentials: anyone who reaches it can write, or it accepts data first and checks credentials later`,
    ],
    [
      'with an answer that is not about pushes',
      {},
      status(400, { message: 'Client sent an HTTP request to an HTTPS server.' }),
      `unknown logs.destinations.central: ${URL_OF_LOGS} answers 400 (Client sent an HTTP request to an HTTPS server.), which says nothing about pushes`,
    ],
  ])('%s', (_, destination, answer, observed) => {
    const found = reported(destination, answer);

    expect(`${found?.verdict} ${found?.observed}`).toBe(observed);
    expect(found?.fix === '').toBe(found?.verdict === 'ok');
  });

  test('that only the cluster reaches can be checked from there', () => {
    expect(reported({}, { outcome: 'unreached', reason: 'no answer within 10 s' })?.fix).toBe(
      `check from the cluster, where every answer except 404 and 405 is right: kubectl run destination-check -n monitoring --rm -i --restart=Never --image=curlimages/curl -- -sS -m 10 -o /dev/null -w '%{http_code}\\n' -X POST ${URL_OF_LOGS}`,
    );
  });

  test('is unknown in an export', () => {
    expect(reported({}, undefined)).toMatchObject({
      verdict: 'unknown',
      observed: `logs.destinations.central: preflight did not contact ${URL_OF_LOGS}, because it read an export`,
    });
  });

  test('has an unknown certificate if its authority is in a Secret', () => {
    expect(reported({ caSecretName: 'tls' }, status(422))).toMatchObject({
      verdict: 'unknown',
      observed: `logs.destinations.central: this machine reaches ${URL_OF_LOGS} (422); its certificate was not checked, because preflight did not read Secret monitoring/tls`,
    });
  });

  test('names the ConfigMap whose certificate authority did not sign its certificate', () => {
    expect(
      reported({ caConfigMapName: 'authority' }, { outcome: 'certificate', reason: 'x' })?.fix,
    ).toContain('the key ca.crt of ConfigMap monitoring/authority');
  });

  test('has a certificate authority in PEM format', () => {
    const authority = { ...configMap('none'), metadata: { name: 'other', namespace: 'monitoring' } };

    expect(reported({ caConfigMapName: 'other' }, status(422), [authority])).toMatchObject({
      verdict: 'fail',
      observed: 'logs.destinations.central: ca.crt of ConfigMap monitoring/other contains no certificate',
    });
  });
});

describe('a destination in the same cluster', () => {
  const ports = [{ name: 'http', port: 3100, protocol: 'TCP', target: 3100 }];
  const central = service('kube-system', 'central', { clusterIP: '172.20.7.77' }, ports, ['10.0.1.77']);

  test.each([
    ['http://central.kube-system:3100', 'ok', 'Service kube-system/central exists and has port 3100'],
    ['http://central.kube-system.svc.cluster.local', 'fail', 'Service kube-system/central has no port 80'],
    [
      'http://central:3100',
      'fail',
      'http://central:3100/loki/api/v1/push names Service monitoring/central, which does not exist',
    ],
  ])('%s is a Service: %s', (url, verdict, observed) => {
    expect(reported({ url }, undefined, central)).toMatchObject({
      verdict,
      observed: `logs.destinations.central: ${observed}`,
    });
  });

  test('is not assumed where the name is a domain', () => {
    expect(reported({ url: 'https://example.com' }, undefined)?.verdict).toBe('unknown');
  });
});

describe('requests', () => {
  const requests = (logs: object, destination: object = {}, more: object = {}) =>
    destinationRequests(
      desired({ ...valuesOf(destination), logs, ...more }),
      cluster([...existing(), configMap(PEM)]),
    );
  const central = { url: 'https://central.example.com/base/' };

  test.each([
    [{ agent: 'promtail' }, 'loki'],
    [{ agent: 'otel' }, 'loki'],
    [{ agent: 'otel' }, 'otlp'],
  ] as const)('go to the path that %j uses with protocol %s', ({ agent }, protocol) => {
    const [found] = requests({ agent, destinations: { central: { ...central, protocol } } });
    const [sent] = namedDestinations('logs', { central: { ...found?.settings, protocol } });
    const target = sent as LogDestination;

    expect(found?.url).toBe(agent === 'promtail' ? pushUrl(target) : `${otlpUrl(target)}/v1/logs`);
  });

  test('go to both paths if the collector sends logs besides Promtail', () => {
    const urls = requests({ agent: 'promtail', otlp: { enabled: true }, destinations: { central } });

    expect(urls.map(({ url }) => new URL(url).pathname)).toEqual([
      '/base/loki/api/v1/push',
      '/base/otlp/v1/logs',
    ]);
  });

  test('contain tenant and headers, but no credentials and no data', () => {
    const tracing = {
      destinations: { central: { ...central, tenant: 'eu', headers: { 'X-A': 'b' }, authentication: LOGIN } },
      resources: { memoryLimit: '2Gi' },
    };
    const [traces] = requests({ agent: 'otel' }, {}, { loki: {}, tracing });

    expect(traces).toMatchObject({
      url: 'https://central.example.com/base/v1/traces',
      headers: { 'X-A': 'b', 'X-Scope-OrgID': 'eu', 'Content-Type': 'application/x-protobuf' },
      body: '',
    });
    expect(Object.keys(traces?.headers ?? {})).toHaveLength(3);
  });

  test('use the certificate authority of the ConfigMap', () => {
    const [found] = requests({
      agent: 'otel',
      destinations: { central: { ...central, caConfigMapName: 'authority' } },
    });

    expect(found?.authority).toMatchObject({ type: 'own', certificates: PEM });
  });
});

test('nothing is contacted without destinations', () => {
  const wanted = desired();

  expect(destinationRequests(wanted, cluster(existing()))).toEqual([]);
  expect(preflight(wanted, cluster(existing())).find(({ id }) => id === 'destination-access')).toMatchObject({
    verdict: 'ok',
    observed: 'no destination is outside the cluster',
  });
});
