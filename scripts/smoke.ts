import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { REST } from '../lib/tenants/settings';
import { allTenants, tenantsOf } from '../lib/tenants/tenants';
import { print, withProgress } from '../lib/terminal';
import { ValuesError } from '../lib/values/problem';
import { clusterValues } from './cluster-values';
import { findObject, KubectlError } from './kubectl';
import { readManifests, runMain, UsageError } from './manifests';
import type { Place } from './smoke/destination-counters';
import { logDestinationHops, spanDestinationHops } from './smoke/destinations';
import { gatewayHops } from './smoke/gateway';
import { grafanaHops, grafanaLogin } from './smoke/grafana';
import { type Hop, type Mark, skipped, type Targets, useTenants } from './smoke/hop';
import { logHops } from './smoke/logs';
import { spanMetricsHop, targetsHop } from './smoke/metrics';
import { traceHops } from './smoke/traces';

const HELP = `npm run -s smoke -- [--loki <url>] [--tempo <url>] [--collector <host>] [--prometheus <url>] [--grafana <url>]
                      [--gateway] [--context <name>] [--values <name>] [--timeout <seconds>] [--without-udp] [--json]

Sends a log line and one span per protocol, and looks for them at every hop. Hops without an address are skipped.
Of stores outside the cluster, it reports what the metrics of their senders say.
scripts/smoke.sh reaches everything in a cluster through kubectl port-forward.

--collector <host>   receives spans on the standard ports; Tempo's host if clients sample
--gateway            check by kubectl that the Gateway accepts the routes and policies, and that no route is open
--context <name>     kubectl context for --gateway (default: the current one)
--values <name>      cluster of values/<name>.yaml, whose manifests list the scrape targets (default: dist/ itself)
--timeout <seconds>  time limit for everything to arrive (default: 120)
--without-udp        skip Jaeger over UDP, which kubectl port-forward does not support
--json               print JSON
GRAFANA_PASSWORD (with GRAFANA_USER, default admin) or GRAFANA_TOKEN logs in to Grafana.

exit code 0: no hop fails; 1: a hop fails; 2: usage error
`;

const MONITORS = ['ServiceMonitor', 'PodMonitor'];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      loki: { type: 'string' },
      tempo: { type: 'string' },
      collector: { type: 'string' },
      prometheus: { type: 'string' },
      grafana: { type: 'string' },
      gateway: { type: 'boolean', default: false },
      context: { type: 'string' },
      values: { type: 'string', default: 'default' },
      timeout: { type: 'string', default: '120' },
      'without-udp': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const seconds = Number(values.timeout);
  if (!(seconds > 0)) throw new UsageError('--timeout must be a number of seconds above 0');
  const { loki, tempo, collector, prometheus, grafana } = values;
  const targets: Targets = { loki, tempo, collector, prometheus, grafana };
  if (!values.gateway && Object.values(targets).every((address) => address === undefined))
    throw new UsageError('pass at least one address, or run scripts/smoke.sh');
  const objects = readManifests(values.values);
  const agent = objects.find(({ kind }) => kind === 'DaemonSet')?.metadata.name;
  const hasLoki = objects.some(({ kind, metadata }) => kind === 'Service' && metadata.name === 'loki');
  const jobs = objects.filter(({ kind }) => MONITORS.includes(kind)).map(({ metadata }) => metadata.name);
  const { settings } = clusterValues(values.values);
  if (requiresTenants(objects)) {
    const tenants = tenantsOf(settings.tenants);
    for (const [store, url] of [
      ['loki', loki],
      ['tempo', tempo],
    ] as const)
      if (url !== undefined) useTenants(url, { read: allTenants(tenants, store), write: REST });
  }
  const startMs = Date.now();
  const mark: Mark = {
    id: `smoke-${randomBytes(4).toString('hex')}`,
    startMs,
    deadlineMs: startMs + seconds * 1000,
  };
  const hops = await withProgress(
    process.stderr,
    (passed) => `waiting for logs and traces to arrive, ${passed} s of ${seconds} s at most`,
    run(targets, mark, {
      gateway: values.gateway
        ? gatewayHops(mark, objects, settings, {
            find: (object) => findObject(object, values.context),
          })
        : Promise.resolve([]),
      place: { settings, jobs },
      agent,
      hasLoki,
      login: grafanaLogin(process.env),
      withUdp: !values['without-udp'],
    }),
  );
  print(process.stdout, values.json ? `${JSON.stringify(hops, undefined, 2)}\n` : report(hops));
  process.exitCode = hops.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
}

/** Whether the stores accept only requests that state a tenant. */
function requiresTenants(objects: ReturnType<typeof readManifests>): boolean {
  return objects.some(
    ({ metadata, ...content }) =>
      ['loki', 'tempo'].includes(metadata.name) && /"tenants.json":/.test(JSON.stringify(content)),
  );
}

/** Every hop whose targets have an address. */
async function run(
  { loki, tempo, collector, prometheus, grafana }: Targets,
  mark: Mark,
  {
    gateway,
    place,
    agent,
    hasLoki,
    login,
    withUdp,
  }: {
    gateway: Promise<Hop[]>;
    place: Place;
    agent: string | undefined;
    hasLoki: boolean;
    login: string | undefined;
    withUdp: boolean;
  },
): Promise<Hop[]> {
  const { jobs } = place;
  const logs =
    loki === undefined ? Promise.resolve([]) : logHops(loki, mark, agent, jobs.includes('event-collector'));
  const traces =
    collector === undefined
      ? { hops: [], accepted: [], found: [] }
      : await traceHops(collector, tempo, mark, withUdp);
  const destinations = [
    ...logDestinationHops(prometheus, mark, place),
    ...spanDestinationHops(prometheus, mark, place, traces.accepted.length),
  ];
  const targetsUp = prometheus === undefined ? [] : [targetsHop(prometheus, mark, jobs)];
  const counted =
    prometheus === undefined || collector === undefined
      ? []
      : [
          jobs.includes('otel-collector')
            ? spanMetricsHop(prometheus, mark, traces.accepted.length)
            : skipped('prometheus: span metrics', 'no collector computes span metrics'),
        ];
  const shown =
    grafana === undefined ? [] : grafanaHops(grafana, login, mark, { found: traces.found, hasLoki });
  return [
    ...(await logs),
    ...traces.hops,
    ...(await Promise.all([...targetsUp, ...counted, ...destinations])),
    ...(await shown),
    ...(await gateway),
  ];
}

function report(hops: readonly Hop[]): string {
  const wide = Math.max(...hops.map(({ hop }) => hop.length));
  const rows = hops.map(({ hop, verdict, seconds, observed, fix }) => {
    const row = `${verdict.padEnd(4)}  ${hop.padEnd(wide)}  ${seconds.toFixed(1).padStart(5)} s  ${observed}`;
    return verdict === 'fail' && fix !== '' ? `${row}\n${' '.repeat(wide + 17)}→ ${fix}` : row;
  });
  const count = (verdict: string) => hops.filter((one) => one.verdict === verdict).length;
  return `${rows.join('\n')}\n\n${count('ok')} ok, ${count('fail')} failed, ${count('skip')} skipped\n`;
}

runMain('smoke', main, [KubectlError, ValuesError]);
