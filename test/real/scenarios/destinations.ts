import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan } from '../../../scripts/smoke/spans/span';
import { manifests, settings } from '../../support/render';
import { ClusterRepository } from '../cluster-repository';
import { Entrance, makeCertificate } from '../entrance';
import { writeKubeconfig } from '../existing-cluster';
import { LoggingContainer } from '../kubelet';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import { NumberedLoad } from '../numbered-load';
import { Prometheus } from '../prometheus';
import { destination, PASSWORD, RemoteCluster } from '../remote-cluster';
import { NODE_ADDRESS } from '../sandbox';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

const ROTATIONS = 3;

/** The central stores: senders are outside, and so are addresses. */
const CENTRAL = settings({
  // Makes the name of a cluster a label.
  cluster: { name: 'central' },
  logs: { agent: 'none' },
  tracing: { enabled: false },
  networkPolicies: { logAgent: { cidrs: [`${NODE_ADDRESS}/32`] } },
});

/** Two clusters send to one central Loki and Tempo; `--outage-seconds` says how long these are away. */
export const destinationsScenario: Scenario = {
  name: 'destinations',
  title:
    'Two clusters, one central Loki and Tempo: away, rejecting a password, with an untrusted certificate',
  needs: [
    'loki',
    'tempo',
    'promtail',
    'otel-agent',
    'otel-collector',
    'prometheus',
    'etcd',
    'apiServer',
    'kubectl',
  ],
  async run(run: Run) {
    const { folder } = run;
    const central = await Stack.create({
      folder: `${folder}/central`,
      objects: manifests(CENTRAL),
      withApi: true,
      namespaces: ['apps', 'eu-1', 'eu-2'],
    });
    const certificate = makeCertificate(`${folder}/certificate`);
    const [loki, tempo] = ['loki', 'tempo'].map((name) => central.pod(name).address) as [string, string];
    const routes = {
      '/loki/api/v1/push': `${loki}:3100`,
      '/otlp/v1/logs': `${loki}:3100`,
      '/v1/traces': `${tempo}:4318`,
    };
    const first = new Entrance(443, certificate, routes, PASSWORD);
    const second = new Entrance(8443, certificate, { '/otlp/v1/logs': undefined }, PASSWORD);
    const clusters: RemoteCluster[] = [];
    try {
      await central.start('loki', 'tempo');
      await first.open();
      const shared = { api: central.api, certificate, url: first.url };
      const destinations = { central: destination(first.url) };
      const [otel, promtail] = ['otel', 'promtail'] as const;
      clusters.push(
        await RemoteCluster.create({
          ...{ ...shared, name: 'eu-1', kind: otel, folder: `${folder}/eu-1`, firstAddress: 20 },
          destinations: { ...destinations, second: destination(second.url) },
        }),
        await RemoteCluster.create({
          ...{ ...shared, name: 'eu-2', kind: promtail, folder: `${folder}/eu-2`, firstAddress: 30 },
          destinations,
        }),
      );
      const repository = new ClusterRepository(`${folder}/repository`, {
        ...Object.fromEntries(clusters.map(({ name, values }) => [name, values])),
        ...directClusters(loki, tempo),
      });
      const all = { central, first, second, clusters, repository, run };
      await beforeRollout(all);
      await arrive(all);
      await away(all);
      await wrongPassword(all);
      await untrusted(all);
    } finally {
      for (const { stack } of clusters) await stack.stop();
      await central.stop();
      first.close();
      second.close();
    }
  },
};

interface All {
  readonly central: Stack;
  readonly first: Entrance;
  readonly second: Entrance;
  readonly clusters: readonly RemoteCluster[];
  readonly repository: ClusterRepository;
  readonly run: Run;
}

/** Values of clusters that send to the stores without an entrance, once to a port that accepts no logs. */
function directClusters(loki: string, tempo: string): Record<string, object> {
  const direct = { url: `http://${loki}:3100` };
  const spans = { url: `http://${tempo}:4318` };
  const cluster = (name: string, rest: object) => ({
    cluster: { name, namespace: 'eu-1' },
    loki: { enabled: false },
    tempo: { enabled: false },
    grafana: { enabled: false },
    ...rest,
  });
  return {
    direct: cluster('direct', {
      logs: { agent: 'otel', destinations: { direct, wrong: { ...spans, protocol: 'otlp' } } },
      tracing: { destinations: { direct: spans }, resources: { memoryLimit: '2Gi' } },
    }),
    'direct-promtail': cluster('direct-promtail', {
      logs: { agent: 'promtail', destinations: { direct } },
      tracing: { enabled: false },
    }),
  };
}

/** Preflight reports what each destination answers, and writes nothing there. */
async function beforeRollout({ central, first, second, clusters, repository, run }: All) {
  const { report, folder } = run;
  const kubeconfig = writeKubeconfig(central.api, folder, 'admin');
  const [{ name }] = clusters as [RemoteCluster];
  const told = (values: string) => repository.preflight(values, kubeconfig);
  const reaches = (url: string) =>
    `this machine reaches ${url} (401), its certificate is trusted; it requires credentials, which scripts/smoke.sh tests after the rollout`;
  const spans = `tracing.destinations.central: ${reaches(`${first.url}/v1/traces`)}`;
  report.equal(`preflight of ${name}: the second destination does not answer`, await told(name), [
    `ok logs.destinations.central: ${reaches(`${first.url}/otlp/v1/logs`)}`,
    `unknown logs.destinations.second: this machine cannot reach ${second.url}/otlp/v1/logs: connect ECONNREFUSED ${new URL(second.url).host}`,
    `ok ${spans}`,
  ]);

  const authority = `/api/v1/namespaces/${name}/configmaps/central-ca`;
  const trust = (text: string) =>
    central.api.call('PATCH', authority, { data: { 'ca.crt': text } }, 'application/merge-patch+json');
  const trusted = (await central.api.call('GET', authority)).body.data['ca.crt'];
  await trust(makeCertificate(`${folder}/untrusted`).cert);
  const [untrusted = ''] = await told(name);
  report.figure(
    'preflight: another certificate authority',
    untrusted,
    untrusted.startsWith('fail ') && untrusted.includes('it is not signed by the certificates in ca.crt'),
  );
  await trust(trusted);

  const [loki, tempo] = ['loki', 'tempo'].map((pod) => central.pod(pod).address) as [string, string];
  report.equal('preflight: stores without a login', await told('direct'), [
    `ok logs.destinations.direct: this machine reaches http://${loki}:3100/otlp/v1/logs (422), without encryption`,
    `fail logs.destinations.wrong: http://${tempo}:4318/v1/logs answers 404 (404 page not found): the agents would drop everything`,
    `ok tracing.destinations.direct: this machine reaches http://${tempo}:4318/v1/traces (200), without encryption`,
  ]);
  report.equal('preflight of Promtail: path of Loki', await told('direct-promtail'), [
    `ok logs.destinations.direct: this machine reaches http://${loki}:3100/loki/api/v1/push (422), without encryption`,
  ]);
  report.equal('preflight: lines and spans at the destinations', await received(central), [0, 0]);
}

/** Number of lines and spans that the central stores have received. */
async function received(central: Stack): Promise<number[]> {
  const count = async (pod: string, counter: string) =>
    sumOfMetric(await scrape(central.pod(pod).address, 3100), counter);
  return [
    await count('loki', 'loki_distributor_lines_received_total'),
    await count('tempo', 'tempo_distributor_spans_received_total'),
  ];
}

/** Smoke reports what the senders count. */
async function smokeTells(
  { clusters, repository, run: { report } }: All,
  prometheus: Prometheus,
  seconds: number,
  isRight: (told: { verdict: string; observed: string }) => boolean,
) {
  const [eu1, eu2] = clusters as [RemoteCluster, RemoteCluster];
  const always = ['--prometheus', prometheus.url, '--timeout', String(seconds)];
  const collector = eu1.stack.pod('otel-collector').address;
  const hops = {
    [eu1.name]: await repository.smoke(eu1.name, ...always, '--collector', collector),
    [eu2.name]: await repository.smoke(eu2.name, ...always),
  };
  for (const [name, hop] of [
    [eu1.name, 'destination central: logs'],
    [eu1.name, 'destination central: traces'],
    [eu2.name, 'destination central: logs'],
  ] as const) {
    const told = hops[name]?.[hop] ?? { verdict: 'none', observed: '' };
    report.figure(`smoke of ${name}, ${hop}`, `${told.verdict}: ${told.observed}`, isRight(told));
  }
}

/** Logs and spans arrive with the name of their cluster, although one of two destinations has never answered. */
async function arrive({ central, second, clusters, run: { report } }: All) {
  const loki = new LokiClient(`http://${central.pod('loki').address}:3100`);
  for (const { name, stack, agent } of clusters) {
    const load = await NumberedLoad.start(stack, `start-${name}`);
    await stack.start(agent, 'otel-collector');
    const span = oneSpan('shop', `GET /${name}`);
    await SENDERS['OTLP HTTP'](stack.pod('otel-collector').address, [span]);
    await sleep(20_000);
    load.stop();
    const { lost } = await load.settledLoss(central, 60, `,cluster="${name}"`);
    report.figure(`${agent} of ${name}: lost of lines with its name`, lost, lost === 0);
    const [entry] = await loki.entries(`{pod="${load.pod}"}`, Date.now() - 600_000);
    report.equal(`${name}: label cluster`, entry?.labels['cluster'], name);
    const stored = await eventually(() => readTrace(central.pod('tempo').address, span.traceId));
    report.equal(`${name}: k8s.cluster.name of a span`, stored?.resource['k8s.cluster.name'], name);
  }

  const [eu1] = clusters as [RemoteCluster];
  const counts = await received(central);
  report.figure(
    'lines and spans at the destinations now',
    counts.join(', '),
    counts.every((count) => count > 0),
  );
  const delays = await delaysOf(eu1, loki);
  report.figure(
    'otel, second destination has never answered: slowest line to the first, in seconds',
    Math.max(...delays).toFixed(1),
    Math.max(...delays) < 10,
  );
  await second.open();
  await sleep(20_000);
  const sent = async (exporter: string) =>
    sumOfMetric(
      await scrape(eu1.stack.pod(eu1.agent).address, 8888),
      'otelcol_exporter_sent_log_records',
      `exporter="otlp_http/logs-${exporter}"`,
    );
  report.equal('otel: lines sent to the second once it answers', await sent('second'), await sent('central'));
}

/** How long single lines of a new container take, in seconds. */
async function delaysOf({ stack }: RemoteCluster, loki: LokiClient): Promise<number[]> {
  const container = await LoggingContainer.create(stack.api, stack.podLogs, 'delayed');
  const since = Date.now();
  const delays: number[] = [];
  for (let line = 1; line <= 5; line++) {
    const began = performance.now();
    container.write([{ stream: 'stdout', line: `delayed ${line}` }]);
    await loki.settled('{pod="delayed"}', since, line, 60);
    delays.push((performance.now() - began) / 1_000);
  }
  return delays;
}

/** The central side does not answer. */
async function away({ central, first, clusters, run: { report, outageSeconds } }: All) {
  const loads = await Promise.all(
    clusters.map(({ name, stack }) => NumberedLoad.start(stack, `away-${name}`)),
  );
  await sleep(10_000);
  first.close();
  const spans = clusters.map(({ name }) => oneSpan('shop', `away ${name}`));
  for (const [index, { stack }] of clusters.entries())
    await SENDERS['OTLP HTTP'](stack.pod('otel-collector').address, [spans[index] as never]);
  for (let n = 0; n < ROTATIONS; n++) {
    await sleep((outageSeconds * 1_000) / (ROTATIONS + 1));
    for (const load of loads) load.rotate();
  }
  await sleep((outageSeconds * 1_000) / (ROTATIONS + 1));
  await first.open();
  await sleep(10_000);
  for (const [index, { agent, name }] of clusters.entries()) {
    const load = loads[index] as NumberedLoad;
    const written = load.stop();
    const { lost, doubled } = await load.settledLoss(central, 90);
    const what = `${agent}: central away for ${outageSeconds} s, ${ROTATIONS} rotations`;
    // Promtail loses the files that are renamed twice before it goes on.
    report.figure(`${what}: lost of ${written} lines`, lost, lost === 0 || agent === 'promtail');
    report.figure(`${what}: doubled`, doubled, doubled === 0);
    const traceId = spans[index]?.traceId ?? '';
    const stored = await eventually(() => readTrace(central.pod('tempo').address, traceId));
    report.equal(`${name}: a span of that time is in Tempo`, stored?.name, `away ${name}`);
  }
}

/** The central side changes the password; the clusters learn it later. */
async function wrongPassword(all: All) {
  const {
    central,
    first,
    clusters,
    run: { report, folder },
  } = all;
  const [eu1, eu2] = clusters as [RemoteCluster, RemoteCluster];
  const prometheus = await Prometheus.start({
    folder: `${folder}/prometheus`,
    objects: [...eu1.objects, ...eu2.objects.filter(({ metadata }) => metadata.name === 'promtail')],
    pod: (name) => (name === 'promtail' ? eu2 : eu1).stack.pod(name),
  });
  try {
    const loads = await Promise.all(
      clusters.map(({ name, stack }) => NumberedLoad.start(stack, `login-${name}`)),
    );
    await sleep(30_000);
    await smokeTells(
      all,
      prometheus,
      60,
      ({ verdict, observed }) => verdict === 'ok' && / accepted and 0 failed /.test(observed),
    );
    const began = Date.now();
    // Lines of the last seconds may not have been sent yet.
    const since = new Date(began - 20_000).toISOString().replace(/\.\d+Z/, 'Z');
    first.password = 'second';
    const expected = ['OtelAgentDestinationRejects', 'PromtailDestinationRejects', 'TraceExportFails'];
    const firing = new Map<string, number>();
    while (firing.size < expected.length && Date.now() - began < 360_000) {
      await SENDERS['OTLP HTTP'](eu1.stack.pod('otel-collector').address, [oneSpan('shop', 'GET /login')]);
      await sleep(5_000);
      for (const { labels } of await prometheus.query('ALERTS{alertstate="firing"}')) {
        const name = labels['alertname'] ?? '';
        if (expected.includes(name) && !firing.has(name)) firing.set(name, Date.now() - began);
      }
    }
    for (const name of expected)
      report.figure(
        `wrong password: ${name} fires after, in seconds`,
        Math.round((firing.get(name) ?? Number.NaN) / 1_000),
        firing.has(name),
      );
    await smokeTells(
      all,
      prometheus,
      10,
      ({ verdict, observed }) => verdict === 'fail' && / [1-9]\d* failed /.test(observed),
    );
    for (const { agent, stack } of clusters)
      report.figure(`${agent} logs`, lastWith(stack.pod(agent).tail(200), '401'), true);

    for (const cluster of clusters) {
      cluster.change('central-login', 'password', 'second\n');
      cluster.replaceFile('password', 'second\n');
    }
    await sleep(20_000);
    const written = loads.map((load) => load.stop());
    await sleep(10_000);
    for (const [index, { agent, stack }] of clusters.entries()) {
      const { lost } = await (loads[index] as NumberedLoad).settledLoss(central, 10);
      const counted = sumOfMetric(
        await scrape(stack.pod(agent).address, agent === 'promtail' ? 3101 : 8888),
        agent === 'promtail' ? 'promtail_dropped_entries_total' : 'otelcol_exporter_send_failed_log_records',
        agent === 'promtail' ? 'ingester_error' : 'exporter="otlp_http/logs-central"',
      );
      report.figure(
        `${agent}: dropped while the password was wrong, of ${written[index]} lines`,
        lost,
        lost > 0,
      );
      report.equal(`${agent}: counted as dropped`, counted, lost);
    }
    for (const [index, cluster] of clusters.entries()) {
      await cluster.rollOut({ resendSince: since });
      const { lost, doubled } = await (loads[index] as NumberedLoad).settledLoss(central, 60);
      report.figure(`${cluster.agent}: lost after logs.resendSince`, lost, lost === 0);
      report.figure(`${cluster.agent}: doubled after logs.resendSince`, doubled, doubled === 0);
    }
  } finally {
    prometheus.stop();
  }
}

/** Agents do not trust the certificate; they say so, and send everything once they do. */
async function untrusted({ central, clusters, run: { report, folder } }: All) {
  const other = makeCertificate(`${folder}/other`);
  for (const cluster of clusters) {
    const { name, agent, stack } = cluster;
    const trusted = cluster.objects.find(({ metadata }) => metadata.name === 'central-ca').data['ca.crt'];
    cluster.change('central-ca', 'ca.crt', other.cert);
    await cluster.restart();
    const load = await NumberedLoad.start(stack, `untrusted-${name}`);
    await sleep(20_000);
    report.figure(
      `${agent}, untrusted certificate, logs`,
      lastWith(stack.pod(agent).tail(50), 'x509'),
      stack.pod(agent).tail(50).includes('x509: certificate signed by unknown authority'),
    );
    cluster.change('central-ca', 'ca.crt', trusted);
    await cluster.restart();
    const written = load.stop();
    const { lost } = await load.settledLoss(central, 60);
    // Promtail loses the batch that it holds when it is restarted meanwhile.
    report.figure(
      `${agent}: lost of ${written} lines once the certificate is trusted`,
      lost,
      lost === 0 || agent === 'promtail',
    );
  }
}

/** The message of the last line with a word. */
function lastWith(text: string, word: string): string {
  const line = text.split('\n').findLast((one) => one.includes(word)) ?? 'nothing';
  return (/(?:"?(?:error|err)"?[=:] ?)"?(.{0,200})/.exec(line)?.[1] ?? line).slice(0, 200);
}

async function eventually<T>(read: () => Promise<readonly T[]>): Promise<T | undefined> {
  for (let tries = 0; tries < 30; tries++) {
    const [found] = await read();
    if (found !== undefined) return found;
    await sleep(2_000);
  }
  return undefined;
}
