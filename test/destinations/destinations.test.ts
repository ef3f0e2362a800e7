import { describe, expect, test } from '@jest/globals';
import { reaches } from '../../lib/kubernetes/network-reachability';
import { config, type Manifest, manifest, manifests, settings } from '../support/render';

const central = (more: object = {}) => ({ url: 'https://logs.example.com', ...more });
const only = (destinations: object, agent = 'otel', more: object = {}) => ({
  loki: { enabled: false },
  logs: { agent, destinations },
  ...more,
});
const agentConfig = (...some: Parameters<typeof only>) => config(only(...some), 'otel-agent');
const promtailClient = (more: object) =>
  config(only({ central: central(more) }, 'promtail'), 'promtail').clients[0];
const rejected = (destination: object) => () => settings(only({ central: central(destination) }));
const SECRET = { authentication: { type: 'basic', secretName: 'central-login' } };
const TOKEN = { authentication: { type: 'bearer', secretName: 'central-token' } };

describe('the URL of a destination', () => {
  test.each([
    ['otel', 'loki', 'https://logs.example.com/otlp'],
    ['otel', 'otlp', 'https://logs.example.com'],
  ])('gets the path of the protocol with agent %s: %s', (agent, protocol, url) => {
    const { exporters } = agentConfig({ central: central({ protocol }) }, agent);

    expect(exporters['otlp_http/logs-central'].endpoint).toBe(url);
  });

  test('keeps a path in front, and loses a slash at its end', () => {
    expect(promtailClient({ url: 'https://example.com/eu/' }).url).toBe(
      'https://example.com/eu/loki/api/v1/push',
    );
  });

  test.each(['/loki/api/v1/push', '/otlp/v1/logs', '/v1/traces/'])(
    'must not contain the path itself: %s',
    (path) => {
      expect(rejected({ url: `https://logs.example.com${path}` })).toThrow('which is added to it');
    },
  );

  test('must be encrypted when credentials are sent, and when a certificate authority is named', () => {
    expect(rejected({ url: 'http://logs.example.com', ...SECRET })).toThrow('must begin with https://');
    for (const key of ['caConfigMapName', 'caSecretName'])
      expect(rejected({ url: 'http://logs.example.com', [key]: 'ca' })).toThrow(`${key} must be null`);
  });
});

describe('a header', () => {
  test.each([
    'Authorization',
    'X-Api-Key',
    'x-honeycomb-team',
    'DD-API-KEY',
    'X-Auth',
    'Cookie',
    'Content-Type',
  ])('with a credential, or one that the client sets, is rejected: %s', (name) => {
    expect(rejected({ headers: { [name]: 'a' } })).toThrow('use authentication');
  });

  test('of a tenant is a setting of its own', () => {
    expect(rejected({ headers: { 'X-Scope-OrgID': 'a' } })).toThrow('use tenant');
    expect(promtailClient({ tenant: 'eu' }).tenant_id).toBe('eu');
    expect(
      agentConfig({ central: central({ tenant: 'eu', headers: { 'X-Site': 'a' } }) }).exporters,
    ).toMatchObject({
      'otlp_http/logs-central': { headers: { 'X-Scope-OrgID': 'eu', 'X-Site': 'a' } },
    });
  });
});

describe('credentials', () => {
  test.each([
    ['basic', SECRET, ['username', 'password']],
    ['bearer', TOKEN, ['token']],
  ])('of type %s are files of a Secret, and in no object', (_, authentication, keys) => {
    for (const agent of ['promtail', 'otel']) {
      const objects = manifests(settings(only({ central: central(authentication) }, agent)));
      const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet');
      const { volumes, containers } = daemonSet.spec.template.spec;
      const [volume] = volumes.filter(({ projected }: Manifest) => projected);
      const mount = containers[0].volumeMounts.find(({ name }: Manifest) => name === volume.name);
      const text = JSON.stringify(objects.filter(({ kind }) => kind === 'ConfigMap'));

      expect(volume.projected.sources[0].secret.items.map(({ path }: Manifest) => path)).toEqual(keys);
      // A file mounted with subPath would not follow a changed Secret.
      expect(mount).toEqual({
        name: volume.name,
        mountPath: '/etc/destinations/logs-central',
        readOnly: true,
      });
      for (const key of keys) expect(text).toContain(`${mount.mountPath}/${key}`);
      expect(
        objects.filter(({ kind, metadata }) => kind === 'Secret' && /central/.test(metadata.name)),
      ).toEqual([]);
    }
  });

  test('are used by the extension that the agent starts', () => {
    const { exporters, extensions, service } = agentConfig({
      central: central(SECRET),
      other: central(TOKEN),
    });

    for (const name of ['central', 'other']) {
      const { authenticator } = exporters[`otlp_http/logs-${name}`].auth;
      expect(Object.keys(extensions)).toContain(authenticator);
      expect(service.extensions).toContain(authenticator);
    }
  });

  test('of a certificate authority come from a ConfigMap or a Secret, not both', () => {
    const file = '/etc/destinations/logs-central/ca.crt';

    expect(promtailClient({ caSecretName: 'ca' }).tls_config).toEqual({ ca_file: file });
    expect(
      agentConfig({ central: central({ caConfigMapName: 'ca' }) }).exporters['otlp_http/logs-central'].tls,
    ).toEqual({
      ca_file: file,
    });
    expect(rejected({ caConfigMapName: 'ca', caSecretName: 'ca' })).toThrow('must be null with caSecretName');
  });
});

describe('several destinations', () => {
  const values = {
    logs: { agent: 'otel', destinations: { central: central(), 'second-one': central(SECRET) } },
  };
  const { exporters, service } = config(values, 'otel-agent');

  test('each have a queue of their own, next to that of the Loki of the stack', () => {
    const names = ['otlp_grpc/loki', 'otlp_http/logs-central', 'otlp_http/logs-second-one'];

    expect(service.pipelines.logs.exporters).toEqual(names);
    for (const name of names) expect(exporters[name].sending_queue.storage).toBe('file_storage/queue');
  });

  test('are rejected with Promtail, in which one that is down would stop the others', () => {
    const { destinations } = values.logs;

    expect(() => settings({ logs: { destinations } })).toThrow(
      'no destination besides the Loki of this stack',
    );
    expect(() => settings(only(destinations, 'promtail'))).toThrow(
      'only one destination with logs.agent promtail',
    );
    expect(() => settings(only({ central: central({ protocol: 'otlp' }) }, 'promtail'))).toThrow(
      'set logs.agent to otel',
    );
  });

  test('must have names that no store of the stack has', () => {
    for (const name of ['loki', 'tempo', 'Central', 'a_b'])
      expect(() => settings(only({ [name]: central() }))).toThrow('logs.destinations');
  });
});

test('destinations without a sender are rejected', () => {
  expect(() => settings(only({ central: central() }, 'none'))).toThrow('because nothing would send to them');
});

test('log records of SDKs go to the destinations too, with credentials of their own', () => {
  const values = only({ central: central(SECRET) }, 'otel', {});
  const sdk = { ...values, logs: { ...values.logs, otlp: { enabled: true } } };
  const { exporters, service } = config(sdk, 'otel-collector');
  const { volumes } = manifest(sdk, 'Deployment', 'otel-collector').spec.template.spec;

  expect(service.pipelines.logs.exporters).toEqual(['otlp_http/logs-central']);
  expect(exporters['otlp_http/logs-central'].auth.authenticator).toBe('basicauth/logs-central');
  expect(volumes.map(({ name }: Manifest) => name)).toContain('destination-logs-central');
});

describe('destinations of traces', () => {
  const traces = (destinations: object, more: object = {}, tempo = false) => ({
    tempo: { enabled: tempo },
    tracing: { destinations, ...more },
  });
  const collector = (...some: Parameters<typeof traces>) => config(traces(...some), 'otel-collector');
  const big = { resources: { memoryLimit: '2Gi' } };

  test('receive sampled spans, each from a queue of its own, next to Tempo', () => {
    const { exporters, service } = collector({ central: central(SECRET), other: central(TOKEN) }, big, true);
    const names = ['otlp_grpc/tempo', 'otlp_http/traces-central', 'otlp_http/traces-other'];

    expect(service.pipelines['traces/tempo'].exporters).toEqual(names);
    for (const name of names) expect(exporters[name].sending_queue.queue_size).toBe(128 * 2 ** 20);
    expect(service.extensions).toEqual(
      expect.arrayContaining(names.slice(1).map((name) => exporters[name].auth.authenticator)),
    );
  });

  test('are enough for a collector without a Tempo', () => {
    expect(Object.keys(collector({ central: central() }).exporters)).toEqual([
      'otlp_http/traces-central',
      'prometheus',
    ]);
  });

  test('may have the names of destinations of logs', () => {
    const both = {
      ...only({ central: central(SECRET) }, 'otel'),
      ...traces({ central: central(TOKEN) }),
    };
    const values = { ...both, logs: { ...both.logs, otlp: { enabled: true } } };
    const { volumes } = manifest(values, 'Deployment', 'otel-collector').spec.template.spec;

    expect(volumes.map(({ name }: Manifest) => name)).toEqual([
      'config',
      'destination-traces-central',
      'destination-logs-central',
    ]);
    expect(Object.keys(config(values, 'otel-collector').exporters)).toEqual([
      'otlp_http/traces-central',
      'otlp_http/logs-central',
      'prometheus',
    ]);
  });

  test('need memory, or space on the volume, for each queue', () => {
    const three = { a: central(), b: central() };
    const persistent = { queue: { persistent: true } };

    expect(() => settings(traces(three, {}, true))).toThrow('tracing.resources.memoryLimit must be at least');
    expect(() => settings(traces(three, { queue: { persistent: true, size: '300Mi' } }, true))).toThrow(
      'tracing.queue.storage.size must be at least 1800Mi',
    );
    expect(() => settings(traces(three, persistent, true))).not.toThrow();
  });

  test('need a collector', () => {
    const client = { sampling: { type: 'client' } };

    expect(() => settings(traces({ central: central() }, client, true))).toThrow(
      'must be empty without a collector',
    );
    expect(() => settings(traces({ central: central() }, { enabled: false }, true))).toThrow(
      'must be empty without a collector',
    );
  });
});

describe('NetworkPolicies', () => {
  const agent = {
    namespace: 'monitoring',
    labels: { app: 'otel-agent', 'app.kubernetes.io/part-of': 'logs-and-traces' },
  };
  const reached = (values: object, address: string, port: number) =>
    reaches(
      manifests(settings(values)).filter(({ kind }) => kind === 'NetworkPolicy'),
      agent,
      { address },
      `${port}/TCP`,
    );

  test.each([
    ['https://logs.example.com', 443],
    ['http://logs.example.com', 80],
    ['https://logs.example.com:8443', 8443],
  ])('let the agent reach %s on port %i, and no other port', (url, port) => {
    expect(reached(only({ central: { url } }), '198.51.100.1', port)).toBe(true);
    expect(reached(only({ central: { url } }), '198.51.100.1', 9999)).toBe(false);
  });

  test('do not open the port of the own Loki to the internet', () => {
    expect(
      reached({ logs: { agent: 'otel', destinations: { central: central() } } }, '198.51.100.1', 3100),
    ).toBe(false);
  });

  test.each<[object, string]>([
    [{ cidrs: [] }, 'destinations.cidrs must contain an address'],
    [{ podLabels: { app: 'a' } }, 'destinations.podLabels must be null'],
    [{ ports: [] }, 'destinations.ports must contain a port'],
  ])('reject %j', (destinations, message) => {
    expect(() => settings({ networkPolicies: { destinations } })).toThrow(message);
  });
});
