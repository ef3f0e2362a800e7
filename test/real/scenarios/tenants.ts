import { parse } from 'yaml';
import { oneSpan } from '../../../scripts/smoke/spans/span';
import { type Manifest, manifests, settings } from '../../support/render';
import { AGENTS, type Agent } from '../agents';
import { createRunningPod, LoggingContainer } from '../kubelet';
import { connects, VISITORS } from '../network';
import { addPodNetwork, NODE_ADDRESS, removePodNetwork } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** Namespaces, each with the tenant that it belongs to. */
const TENANT_OF = { shop: 'team-a', search: 'team-b', apps: 'shared' } as const;
const TENANTS = ['team-a', 'team-b', 'shared'] as const;

const VALUES = {
  tenants: { 'team-a': ['shop'], 'team-b': ['search'] },
  loki: {
    tenantLimits: {
      'team-a': { ingestionRate: '64Ki', maxStreams: 1_000 },
      'team-b': { maxStreams: 1_000 },
      shared: { maxStreams: 3_000 },
    },
  },
  logs: { otlp: { enabled: true } },
  tracing: { sampling: { type: 'tail', percentage: 100, decisionWait: '2s', keepSlowerThan: '1s' } },
};
const ALERT = { alert: 'AnyLine', expr: 'sum(count_over_time({namespace=~".+"}[5m])) > 0' };

/** Tenants see their own logs and traces, whatever a sender says of itself. */
export const tenantsScenario: Scenario = {
  name: 'tenants',
  title:
    'Tenants: own logs, traces, limits and rules; a sender that claims to be another; who reaches the stores',
  needs: ['loki', 'tempo', 'promtail', 'otel-agent', 'otel-collector', 'etcd', 'apiServer'],
  async run(run: Run) {
    for (const agent of AGENTS) await withAgent(run, agent);
  },
};

async function withAgent({ folder, report }: Run, { kind, pod }: Agent) {
  const groups = (name: string) => [{ name, rules: [ALERT] }];
  const objects = manifests(settings({ ...VALUES, logs: { ...VALUES.logs, agent: kind } }), {
    dashboards: [],
    logAlerts: [
      { name: 'all.yaml', groups: groups('shared-group') },
      { name: 'search.yaml', tenant: 'team-b', groups: groups('search-group') },
      { name: 'other.yaml', tenant: 'team-of-another-cluster', groups: groups('other-group') },
    ],
  });
  const namespaces = Object.keys(TENANT_OF);
  const stack = await Stack.create({ folder: `${folder}/${pod}`, objects, withApi: true, namespaces });
  for (const { name, address } of VISITORS) addPodNetwork(name, address);
  try {
    for (const namespace of namespaces) {
      const container = await LoggingContainer.create(stack.api, stack.podLogs, `file-${namespace}`, {
        namespace,
      });
      container.write([{ stream: 'stdout', line: `file of ${namespace}` }]);
    }
    // Requests from the node come from this pod.
    await createRunningPod(stack.api, 'sender', { namespace: 'shop', podIP: NODE_ADDRESS });
    await stack.start('loki', 'tempo', 'otel-collector', pod);
    const [loki, tempo] = ['loki', 'tempo'].map((name) => `http://${stack.pod(name).address}:3100`) as [
      string,
      string,
    ];
    await logsOf(loki, { kind, all: allOf(objects, 'loki') }, report);
    await claims(stack, { loki, tempo, kind, all: allOf(objects, 'tempo') }, report);
    if (kind === 'promtail') await limitsAndRules(loki, report);
    await reachable(stack, report);
  } finally {
    for (const { name, address } of VISITORS) removePodNetwork(name, address);
    await stack.stop();
  }
}

/** The header of the datasource that dashboards use. */
function allOf(objects: readonly Manifest[], type: string): string {
  const secret = objects.find(({ metadata }) => metadata.name === 'grafana-datasources-logs-and-traces');
  const { datasources } = parse(Object.values<string>(secret.stringData)[0] ?? '');
  return datasources.find((one: Manifest) => one.type === type).secureJsonData.httpHeaderValue1;
}

async function logsOf(loki: string, { kind, all }: { kind: string; all: string }, report: Run['report']) {
  for (const [namespace, tenant] of Object.entries(TENANT_OF)) {
    const seen = await eventually(() => linesOf(loki, tenant, '{namespace=~".+"} |= "file of"'));
    report.equal(`${kind}: lines of ${tenant}`, seen, [`file of ${namespace}`]);
  }
  report.equal(
    `${kind}: lines of all tenants`,
    (await linesOf(loki, all, '{namespace=~".+"} |= "file of"')).sort(),
    Object.keys(TENANT_OF)
      .map((namespace) => `file of ${namespace}`)
      .sort(),
  );
  report.equal(`${kind}: labels of all tenants`, await labelsOf(loki, all), true);
  const unnamed = await fetch(`${loki}/loki/api/v1/labels`);
  report.equal(`${kind}: Loki answers a query without a tenant with`, unnamed.status, 401);
}

/** A pod of team-a that says it is one of team-b, in a header and in its data. */
async function claims(
  stack: Stack,
  { loki, tempo, kind, all }: { loki: string; tempo: string; kind: string; all: string },
  report: Run['report'],
) {
  const collector = `http://${stack.pod('otel-collector').address}:4318`;
  const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const attributes = [
    string('service.name', 'liar'),
    string('k8s.namespace.name', 'search'),
    string('k8s.pod.name', 'file-search'),
    string('namespace', 'search'),
  ];
  const headers = { 'content-type': 'application/json', 'x-scope-orgid': 'team-b' };
  const now = String(BigInt(Date.now()) * 1_000_000n);
  const { traceId, spanId } = oneSpan('liar', 'GET /');
  const sent = await Promise.all(
    [
      [
        'logs',
        {
          resourceLogs: [
            {
              resource: { attributes },
              scopeLogs: [{ logRecords: [{ timeUnixNano: now, body: { stringValue: 'claimed' } }] }],
            },
          ],
        },
      ],
      [
        'traces',
        {
          resourceSpans: [
            {
              resource: { attributes },
              scopeSpans: [
                {
                  spans: [
                    { traceId, spanId, name: 'GET /', kind: 2, startTimeUnixNano: now, endTimeUnixNano: now },
                  ],
                },
              ],
            },
          ],
        },
      ],
    ].map(async ([signal, body]) => {
      const answer = await fetch(`${collector}/v1/${signal}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return answer.status;
    }),
  );
  report.equal(`${kind}: the collector answers a false claim with`, sent, [200, 200]);
  await eventually(() => linesOf(loki, 'team-a', '{namespace="shop"} |= "claimed"'));
  const found = { logs: [] as string[], traces: [] as string[] };
  await eventually(async () => ((await hasTrace(tempo, all, traceId)) ? ['found'] : []));
  for (const tenant of TENANTS) {
    const lines = await linesOf(loki, tenant, '{namespace=~".+"} |= "claimed"');
    if (lines.length > 0) found.logs.push(tenant);
    if (await hasTrace(tempo, tenant, traceId)) found.traces.push(tenant);
  }
  report.equal(`${kind}: tenants with the log record of a false claim`, found.logs, ['team-a']);
  report.equal(`${kind}: tenants with the span of a false claim`, found.traces, ['team-a']);
  report.equal(
    `${kind}: Tempo answers a query without a tenant with`,
    (await fetch(`${tempo}/api/search`)).status,
    401,
  );
}

async function limitsAndRules(loki: string, report: Run['report']) {
  const line = 'x'.repeat(200_000);
  const push = async (tenant: string) => {
    const values = [[String(BigInt(Date.now()) * 1_000_000n), line]];
    const body = JSON.stringify({ streams: [{ stream: { namespace: 'limits' }, values }] });
    const headers = { 'content-type': 'application/json', 'x-scope-orgid': tenant };
    return (await fetch(`${loki}/loki/api/v1/push`, { method: 'POST', headers, body })).status;
  };
  report.equal('200 kB at once: team-a, with 64Ki per second', await push('team-a'), 429);
  report.equal('200 kB at once: team-b, with the limits of all', await push('team-b'), 204);
  const groups: Record<string, string[]> = {};
  for (const tenant of TENANTS) {
    const answer = await fetch(`${loki}/prometheus/api/v1/rules`, { headers: { 'x-scope-orgid': tenant } });
    const { data } = (await answer.json()) as Manifest;
    groups[tenant] = data.groups.map(({ name }: Manifest) => name);
  }
  report.equal('groups of log alerts', groups, {
    'team-a': [],
    'team-b': ['search-group'],
    shared: ['shared-group'],
  });
}

/** Nothing but the stack, Grafana and Prometheus reaches what trusts the header. */
async function reachable(stack: Stack, report: Run['report']) {
  const [application] = VISITORS as [(typeof VISITORS)[number]];
  const open: string[] = [];
  for (const to of stack.networkedPods)
    for (const port of to.ports.filter((one) => one.endsWith('/TCP')))
      if (await connects(application, to, port)) open.push(`${to.name}:${port.split('/')[0]}`);
  report.equal(
    'a pod of a team reaches',
    open.sort(),
    ['14250', '14268', '4317', '4318', '9411'].map((port) => `otel-collector:${port}`),
  );
}

async function linesOf(loki: string, tenant: string, query: string): Promise<string[]> {
  const parameters = new URLSearchParams({
    query,
    start: String(BigInt(Date.now() - 3_600_000) * 1_000_000n),
  });
  const headers = { 'x-scope-orgid': tenant };
  const answer = await fetch(`${loki}/loki/api/v1/query_range?${parameters}`, { headers });
  if (!answer.ok) throw new Error(`${tenant}: ${answer.status} ${await answer.text()}`);
  const { data } = (await answer.json()) as Manifest;
  return data.result.flatMap(({ values }: Manifest) => values.map(([, line]: [string, string]) => line));
}

async function labelsOf(loki: string, tenant: string): Promise<boolean> {
  const answer = await fetch(`${loki}/loki/api/v1/labels`, { headers: { 'x-scope-orgid': tenant } });
  return ((await answer.json()) as Manifest).data.includes('namespace');
}

async function hasTrace(tempo: string, tenant: string, traceId: string): Promise<boolean> {
  const headers = { 'x-scope-orgid': tenant, accept: 'application/json' };
  const answer = await fetch(`${tempo}/api/v2/traces/${traceId}`, { headers });
  const text = await answer.text();
  return answer.ok && text.includes('spanId');
}

async function eventually(read: () => Promise<string[]>): Promise<string[]> {
  for (let tries = 0; tries < 30; tries++) {
    const found = await read();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  return [];
}
