import { describe, expect, test } from '@jest/globals';
import { workloadsOf } from '../scripts/objects';
import { securityTables } from '../scripts/security';
import { CASE_NAMES, caseManifests, caseSettings, type Manifest } from './support/render';

/** The only paths that are ever routed from outside; a change here is a change of who can do what. */
const ROUTED: Record<string, readonly string[]> = {
  loki: [
    'Exact /loki/api/v1/query',
    'Exact /loki/api/v1/query_range',
    'Exact /loki/api/v1/labels',
    'Prefix /loki/api/v1/label',
    'Exact /loki/api/v1/series',
    'Exact /loki/api/v1/tail',
    'Exact /loki/api/v1/patterns',
    'Exact /loki/api/v1/detected_labels',
    'Exact /loki/api/v1/detected_fields',
    'Prefix /loki/api/v1/detected_field',
    'Exact /loki/api/v1/drilldown-limits',
    'Exact /loki/api/v1/format_query',
    'Exact /loki/api/v1/index/stats',
    'Exact /loki/api/v1/index/volume',
    'Exact /loki/api/v1/index/volume_range',
    'Exact /loki/api/v1/index/shards',
    'Exact /loki/api/v1/status/buildinfo',
  ],
  tempo: [
    'Prefix /api/traces',
    'Prefix /api/v2/traces',
    'Prefix /api/search',
    'Prefix /api/v2/search',
    'Prefix /api/metrics',
    'Exact /api/echo',
    'Exact /api/status/buildinfo',
  ],
  // Only with ingress.push, and with the login of senders.
  'loki-push': ['Exact /loki/api/v1/push', 'Exact /otlp/v1/logs'],
  'tempo-push': ['Exact /v1/traces'],
};

/** Strings that look like credentials. */
const SECRETS = [
  /-----BEGIN/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\b(?:gh[pousr]|glsa|xox[bp])[_-]\w{10,}/,
  /\beyJ[\w-]{10,}\.[\w-]+\./,
  /\/\/[^/\s:@]+:[^/\s@]+@/,
  /(?:password|passwd|secret|token|api_?key|credentials)["']?\s*[:=]\s*["']?(?!(?:true|false)\b)[^\s"']/i,
];

/** Every text of an object that looks like a secret. Fields that name a Secret name it, and are none. */
function secretsIn(object: Manifest): string[] {
  const texts = (value: Manifest): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      typeof item === 'string' && !/(?:secretName|auth-secret)$/.test(key)
        ? [`${key}: ${item}`]
        : texts(item),
    );
  };
  return texts(object).filter((text) => SECRETS.some((pattern) => pattern.test(text)));
}

test.each([
  { kind: 'ConfigMap', data: { 'a.yaml': 'client:\n  password: hunter2\n' } },
  { kind: 'ConfigMap', data: { 'a.yaml': 'url: https://user:hunter2@loki.example.com\n' } },
  { kind: 'Deployment', spec: { env: [{ name: 'X', value: 'AKIAABCDEFGHIJKLMNOP' }] } },
  { kind: 'Secret', stringData: { key: '-----BEGIN RSA PRIVATE KEY-----' } },
  { kind: 'Secret', stringData: { token: 'abc' } },
])('a secret is seen: %j', (object) => {
  expect(secretsIn(object)).toHaveLength(1);
});

describe.each(CASE_NAMES)('the case %s', (name) => {
  const objects = caseManifests(name);
  const of = (kind: string): Manifest[] => objects.filter((object) => object.kind === kind);
  const pods: Manifest[] = workloadsOf(objects).map(({ spec }) => spec.template.spec);
  const containers: Manifest[] = pods.flatMap((pod) => [...(pod.initContainers ?? []), ...pod.containers]);

  test('contains no secret', () => {
    expect(objects.flatMap(secretsIn)).toEqual([]);
    expect(of('Secret').map(({ metadata, data }) => [metadata.name, data])).toEqual(
      caseSettings(name).grafana.enabled ? [['grafana-datasources-logs-and-traces', undefined]] : [],
    );
  });

  test('takes no secret into a pod but the keys of a bucket and what a destination requires', () => {
    const { loki, tempo, logs, tracing } = caseSettings(name);
    const keys = [loki, tempo].flatMap(({ storage }) =>
      storage.type !== 'filesystem' && storage.identity.type === 'secret'
        ? [storage.identity.secretName]
        : [],
    );
    const ofDestinations = [logs, tracing].flatMap(({ destinations }) =>
      Object.values(destinations).flatMap(({ authentication, caSecretName }) => [
        ...(authentication.type === 'none' ? [] : [authentication.secretName]),
        ...(caSecretName === undefined ? [] : [caSecretName]),
      ]),
    );
    const inVariables = containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }: Manifest) => valueFrom?.secretKeyRef?.name ?? []),
    );
    const inFiles = pods.flatMap(({ volumes }) =>
      volumes.flatMap(({ secret, projected }: Manifest) => [
        ...(secret === undefined ? [] : [secret.secretName]),
        ...(projected?.sources ?? []).flatMap((source: Manifest) => source.secret?.name ?? []),
      ]),
    );

    expect([...new Set(inVariables)]).toEqual(keys);
    expect(new Set(inFiles)).toEqual(new Set(ofDestinations));
    for (const { envFrom } of containers) expect(envFrom).toBeUndefined();
  });

  test('gives each workload its own account with at most permission to read pods or events', () => {
    const accounts = pods.map(({ serviceAccountName }) => serviceAccountName);
    const allowed = (name: string) =>
      name === 'event-collector'
        ? { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] }
        : { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] };

    expect(new Set(accounts).size).toBe(pods.length);
    expect(accounts.sort()).toEqual(
      of('ServiceAccount')
        .map(({ metadata }) => metadata.name)
        .sort(),
    );
    for (const { metadata, rules } of of('ClusterRole')) expect(rules).toEqual([allowed(metadata.name)]);
    for (const { roleRef, subjects } of of('ClusterRoleBinding')) {
      expect(of('ClusterRole').map(({ metadata }) => metadata.name)).toContain(roleRef.name);
      expect(subjects).toEqual([
        { kind: 'ServiceAccount', name: roleRef.name, namespace: expect.anything() },
      ]);
    }
    expect([...of('Role'), ...of('RoleBinding')]).toEqual([]);
  });

  test('allows writes only to volumes, and none to logs', () => {
    for (const { securityContext } of containers) expect(securityContext.readOnlyRootFilesystem).toBe(true);
    const writable = containers
      .flatMap(({ volumeMounts }) => volumeMounts)
      .filter(({ readOnly }: Manifest) => readOnly !== true)
      .map(({ mountPath }: Manifest) => mountPath);

    expect(
      [...new Set(writable)].filter(
        (path) =>
          ![
            '/loki',
            '/tmp',
            '/var/tempo',
            '/var/lib/otelcol',
            '/var/lib/promtail',
            '/var/lib/otel-agent',
          ].includes(path),
      ),
    ).toEqual([]);
  });

  test('opens no port on a node or load balancer', () => {
    for (const { spec } of of('Service')) expect(spec.type).toBe('ClusterIP');
    for (const { hostPort } of containers.flatMap(({ ports }) => ports)) expect(hostPort).toBeUndefined();
  });

  test('routes only the query API from outside, and what senders of other clusters need', () => {
    for (const { metadata, spec } of of('Ingress')) {
      const [{ http }, ...others] = spec.rules;
      expect([spec.defaultBackend, others]).toEqual([undefined, []]);
      expect(http.paths.map(({ path, pathType }: Manifest) => `${pathType} ${path}`)).toEqual(
        ROUTED[metadata.name],
      );
      expect(spec.tls.flatMap(({ hosts }: Manifest) => hosts)).toEqual([spec.rules[0].host]);
    }
  });
});

describe('the tables of docs/security.md', () => {
  const row = (change: (pod: Manifest) => void) => {
    const objects = structuredClone(caseManifests('minimal'));
    const loki = objects.find(({ kind }) => kind === 'StatefulSet');
    change(loki.spec.template.spec);
    return securityTables(objects)
      ['privileges']?.split('\n')
      .find((line) => line.includes('`loki`'));
  };

  test.each<[string, (pod: Manifest) => void]>([
    ['| restricted | read-only root file system, no capabilities | none: it has no token |', () => {}],
    [
      '| baseline: loki may run as root |',
      (pod) => {
        pod.securityContext.runAsNonRoot = false;
      },
    ],
    [
      '| baseline: loki has no seccomp profile |',
      (pod) => {
        pod.securityContext.seccompProfile = undefined;
      },
    ],
    [
      '| baseline: loki may gain privileges |',
      (pod) => {
        pod.containers[0].securityContext.allowPrivilegeEscalation = true;
      },
    ],
    [
      "| privileged: shares its node's Network |",
      (pod) => {
        pod.hostNetwork = true;
      },
    ],
    [
      '| privileged: loki is privileged |',
      (pod) => {
        pod.containers[0].securityContext.privileged = true;
      },
    ],
    [
      '| privileged: mounts /etc of its node |',
      (pod) => {
        pod.volumes.push({ name: 'etc', hostPath: { path: '/etc' } });
      },
    ],
    [
      '| baseline: loki keeps capabilities | writable root file system, capabilities |',
      (pod) => {
        Object.assign(pod.containers[0].securityContext, { readOnlyRootFilesystem: false, capabilities: {} });
      },
    ],
    [
      '| get/list/watch pods |',
      (pod) => {
        Object.assign(pod, { serviceAccountName: 'promtail', automountServiceAccountToken: true });
      },
    ],
  ])('say %s', (cells, change) => {
    expect(row(change)).toContain(cells);
  });

  test('have a row "none" for a pod without egress', () => {
    expect(securityTables(caseManifests('minimal'))['outgoing']).toContain('| `loki` | none | none |');
  });
});
