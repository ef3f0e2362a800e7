import { setTimeout as sleep } from 'node:timers/promises';
import { otlpGrpc } from '../../scripts/smoke/spans/otlp';
import { dashboardsOf, panelsOf } from '../support/dashboards';
import { pieces } from '../support/queries';
import type { Manifest } from '../support/render';
import { Grafana } from './grafana';
import { queryPanels } from './grafana-queries';
import { addHistory } from './history';
import { LokiClient } from './loki-client';
import { Prometheus } from './prometheus';
import type { Report } from './report';
import { NODE_ADDRESS } from './sandbox';
import type { Run } from './scenario';
import { podOf, Shop } from './shop';
import { Stack } from './stack';

/** Time until every counter has grown for two minutes, and Tempo has decided and stored the first traces. */
const WARM_UP_MS = 190_000;

/** Prometheus looks for new blocks once a minute. */
const NEW_BLOCKS_MS = 65_000;

/** What the kubelet of the existing stack tells, of volumes and of one pod. */
const KUBELET = [
  ...['loki', 'tempo'].flatMap((claim) => [
    `kubelet_volume_stats_used_bytes{namespace="monitoring",persistentvolumeclaim="${claim}"} 9e9`,
    `kubelet_volume_stats_capacity_bytes{namespace="monitoring",persistentvolumeclaim="${claim}"} 2e10`,
  ]),
  `container_cpu_usage_seconds_total{namespace="shop",pod="${podOf('frontend')}",container="app"} 12`,
  `container_memory_working_set_bytes{namespace="shop",pod="${podOf('frontend')}",container="app"} 1e8`,
  '',
].join('\n');

/** The rendered stack under a shop that has been open for a week, with a Prometheus and a Grafana. */
export class ObservedShop {
  private requests = Promise.resolve();
  private prometheus: Prometheus | undefined;
  private running: Grafana | undefined;

  private constructor(
    private readonly props: Pick<Run, 'folder' | 'objects' | 'report'>,
    private readonly stack: Stack,
    private readonly shop: Shop,
  ) {}

  /** Starts the stack with the lines and traces of the past, Prometheus, and Grafana's files; not Grafana itself. */
  public static async start(props: Pick<Run, 'folder' | 'objects' | 'report'>): Promise<ObservedShop> {
    const { folder, objects, report } = props;
    const stack = await Stack.create({ folder, objects, withApi: true, namespaces: Shop.namespaces });
    const observed = new ObservedShop(props, stack, await Shop.create(stack));
    try {
      const week = observed.shop.rememberWeek(Date.now());
      await stack.start('loki', 'tempo', 'otel-collector', 'promtail');
      await sendWeek(week, observed.address('loki'), observed.address('tempo'), report);
      const pod = stack.pod.bind(stack);
      const ofPrometheus = { folder: `${folder}/prometheus`, objects, pod, kubeletMetrics: KUBELET };
      observed.prometheus = await Prometheus.start(ofPrometheus);
      observed.running = new Grafana({
        folder: `${folder}/grafana`,
        objects,
        prometheusUrl: observed.prometheus.url,
        services: {
          loki: observed.address('loki'),
          tempo: observed.address('tempo'),
          'prometheus-kube-prometheus-prometheus': NODE_ADDRESS,
        },
      });
      return observed;
    } catch (error) {
      await observed.stop();
      throw error;
    }
  }

  public get grafana(): Grafana {
    if (!this.running) throw new Error('Grafana has not been set up');
    return this.running;
  }

  /** Address of a pod of the stack. */
  public address(name: string): string {
    return this.stack.pod(name).address;
  }

  /** Opens the shop, looks at its dashboards for a while, and gives Prometheus a week of what it sees. */
  public async open(): Promise<void> {
    const { folder, objects } = this.props;
    this.requests = this.shop.keepOpen((spans) => otlpGrpc(this.address('otel-collector'), spans));
    for (const endMs = Date.now() + WARM_UP_MS; Date.now() < endMs; ) {
      await queryPanels(this.grafana, objects, '15m');
      await sleep(5_000);
    }
    if (this.prometheus) await addHistory(this.prometheus, `${folder}/prometheus`, metricsOf(objects));
    await sleep(NEW_BLOCKS_MS);
  }

  /** Closes the shop, and stops both stores. */
  public async loseStores(): Promise<void> {
    this.shop.close();
    await this.requests;
    for (const name of ['loki', 'tempo']) await this.stack.pod(name).kill();
  }

  public async stop(): Promise<void> {
    this.shop.close();
    await this.running?.stop();
    this.prometheus?.stop();
    await this.stack.stop();
  }
}

/** Waits until the agent has read the lines of the week, and sends the traces that are kept of it. */
async function sendWeek(
  { spans, entries }: ReturnType<Shop['rememberWeek']>,
  loki: string,
  tempo: string,
  report: Report,
): Promise<void> {
  await otlpGrpc(tempo, spans);
  const client = new LokiClient(`http://${loki}:3100`);
  let stored = 0;
  for (let tries = 0; tries < 120 && stored < entries; tries++) {
    await sleep(5_000);
    // Loki asks nobody but its store for what is older than three hours.
    await fetch(`http://${loki}:3100/flush`, { method: 'POST' });
    stored = await client.count('{namespace=~"shop|platform"}', 168);
  }
  report.equal('lines of the past week that Loki stored', stored, entries);
}

/** Names of the metrics that dashboards query. */
function metricsOf(objects: readonly Manifest[]): string[] {
  const targets = dashboardsOf(objects)
    .flatMap(panelsOf)
    .flatMap(({ targets }): Manifest[] => targets);
  const queries = targets.filter(({ datasource }) => datasource.type === 'prometheus');
  const names = queries.flatMap(({ expr }) =>
    pieces('promql', expr)
      .filter(({ kind, within }) => kind === 'Identifier' && within.includes('VectorSelector'))
      .map(({ text }) => text),
  );
  // Of the service graph, whose queries Grafana writes.
  return [...new Set([...names, 'traces_service_graph_.+'])];
}
