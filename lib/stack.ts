import { type App, Chart } from 'cdk8s';
import { type Additions, NO_ADDITIONS } from './additions';
import { serviceHost } from './constructs/service-host';
import { syncWave } from './constructs/sync-wave';
import { type LogDestination, namedDestinations } from './destinations/destination';
import { GatewayPolicies, type GatewayProps, GatewayRoutes, policyObjects } from './gateway/gateway';
import { Dashboards } from './grafana/dashboards';
import { Datasources } from './grafana/datasources';
import { Ingress } from './ingress/ingress';
import { acceptsSenders } from './ingress/settings';
import { EventCollector } from './kubernetes-events/event-collector';
import { EVENT_FIELDS, EVENTS_APP } from './kubernetes-events/fields';
import type { LogAgent } from './logs/log-agent';
import { labelsOfStreams } from './logs/settings';
import type { LogSources } from './loki/limits-config';
import { NAME as LOKI, Loki } from './loki/loki';
import { copiesOf } from './loki/ring-config';
import { PrometheusRule } from './monitoring/prometheus-rule';
import { NetworkPolicies } from './network-policies/network-policies';
import { neighbourPeers } from './network-policies/peers';
import { OtelAgent } from './otel-agent/otel-agent';
import { Promtail } from './promtail/promtail';
import type { Settings } from './settings';
import { StorageClass } from './storage-class/storage-class';
import { NAME as TEMPO, Tempo } from './tempo/tempo';
import { forRest, type Tenant, tenantsOf } from './tenants/tenants';
import { Collector } from './tracing/collector';
import type { LogRoute } from './tracing/otlp-logs';
import { otlpService, TRACE_PORTS, tempoReceivers } from './tracing/trace-protocols';

/** Charts that all others depend on. */
const STORES: readonly string[] = ['storage-class', 'loki', 'tempo'];

/** The chart that comes last: without the policies before it, its routes would be open. */
const ROUTES = 'gateway-routes';

/** Adds a chart, which becomes a file. */
type NewChart = (id: string) => Chart;

/** The components; undefined if the values leave one out. */
interface Parts {
  readonly loki: Loki | undefined;
  readonly tempo: Tempo | undefined;
  readonly collector: Collector | undefined;
  readonly agent: LogAgent | undefined;
  readonly events: EventCollector | undefined;
}

/**
 * Defines the stack of one cluster, with one chart (and so one file) per component,
 * and passes each component the addresses it requires from others.
 *
 * @param additions Files that the user adds to this product.
 */
export function defineStack(app: App, settings: Settings, additions: Additions = NO_ADDITIONS): void {
  const { cluster, images, monitoring } = settings;
  const shared = { cluster, images, monitoring };
  const chart: NewChart = (id) => new Chart(app, id, { disableResourceNameHashes: true });
  const tenants = tenantsOf(settings.tenants);

  if (settings.storageClass.create && cluster.storageClassName) {
    new StorageClass(chart('storage-class'), 'StorageClass', {
      name: cluster.storageClassName,
      settings: settings.storageClass,
    });
  }

  const loki = settings.loki.enabled
    ? new Loki(chart('loki'), 'Loki', {
        ...shared,
        settings: settings.loki,
        sources: logSources(settings),
        tenants,
        logAlerts: additions.logAlerts,
      })
    : undefined;

  const logDestinations = [
    ...(loki ? [loki.destination(cluster.namespace)] : []),
    ...namedDestinations('logs', settings.logs.destinations),
  ];

  const { sampling } = settings.tracing;
  const senders = settings.gateway.otlp.enabled ? (['gateway'] as const) : [];
  const ofOtherClusters = acceptsSenders(settings.ingress) ? (['ingress-controller'] as const) : [];
  // Clients sample, so they can send directly to Tempo.
  const direct = sampling.type === 'client';
  const tempo = settings.tempo.enabled
    ? new Tempo(chart('tempo'), 'Tempo', {
        ...shared,
        settings: settings.tempo,
        tenants,
        receivers: tempoReceivers(settings.tracing, senders, ofOtherClusters),
      })
    : undefined;
  const collector =
    direct || (tempo === undefined && Object.keys(settings.tracing.destinations).length === 0)
      ? undefined
      : new Collector(chart('otel-collector'), 'Collector', {
          ...shared,
          settings: settings.tracing,
          sampling,
          tenants,
          tempo: tempo && {
            address: tempo.address(TRACE_PORTS.otlpGrpc, cluster.namespace),
            maxRequestBytes: tempo.maxRequestBytes,
          },
          logs: settings.logs.otlp.enabled ? logRoute(settings, logDestinations) : undefined,
          senders,
          metrics: settings.tracing.metrics.enabled ? metricRoute(settings) : undefined,
        });

  const agent = defineAgent(chart, settings, logDestinations, tenants);
  const events = settings.kubernetesEvents.enabled
    ? new EventCollector(chart('event-collector'), 'EventCollector', {
        ...shared,
        settings: settings.kubernetesEvents,
        // Events are about the cluster.
        destinations: logDestinations.map((one) => forRest(one, tenants)),
        excludedNamespaces: settings.logs.excludedNamespaces,
      })
    : undefined;

  const parts: Parts = { loki, tempo, collector, agent, events };
  if (settings.grafana.enabled) defineGrafana(chart, settings, parts, { tenants, additions });
  defineEntrances(chart, settings, parts);
  if (settings.networkPolicies.enabled) {
    new NetworkPolicies(chart('network-policies'), 'NetworkPolicies', {
      workloads: [loki, tempo, agent, collector, collector?.sampler, events].flatMap((one) =>
        one === undefined ? [] : [one.workload],
      ),
      neighbours: neighbourPeers(settings.networkPolicies, settings.grafana),
    });
  }

  // Components that write to the stores or read from them follow the stores.
  for (const one of app.charts.filter(({ node }) => !STORES.includes(node.id)))
    syncWave(one, one.node.id === ROUTES ? 2 : 1);
}

/** Datasources and dashboards of the existing Grafana. */
function defineGrafana(
  chart: NewChart,
  settings: Settings,
  { loki, tempo, collector, agent, events }: Parts,
  { tenants, additions }: { tenants: readonly Tenant[]; additions: Additions },
): void {
  const { cluster, grafana, monitoring } = settings;
  const { sampling } = settings.tracing;
  new Datasources(chart('grafana'), 'Datasources', {
    settings: grafana,
    lokiQueryTimeout: settings.loki.limits.queryTimeout,
    lokiUrl: loki?.queryUrl(grafana.namespace),
    tempoUrl: tempo?.queryUrl(grafana.namespace),
    scrapeInterval: monitoring.scrapeInterval,
    spanMetrics: collector !== undefined,
    hasClusterName: cluster.name !== undefined,
    tenants,
  });
  const dashboards = chart('grafana-dashboards');
  new Dashboards(dashboards, 'Dashboards', {
    settings: grafana,
    namespace: cluster.namespace,
    extra: additions.dashboards,
    context: {
      uids: {
        loki: grafana.own.loki.uid,
        tempo: grafana.own.tempo.uid,
        prometheus: grafana.prometheusUid,
        scrapeInterval: monitoring.scrapeInterval,
      },
      names: {
        loki: LOKI,
        tempo: TEMPO,
        agent: agent && { kind: agent.kind, name: agent.workload.name },
        collector: collector?.workload.name,
        sampler: collector?.sampler?.workload.name,
      },
      eventsApp: events && EVENTS_APP,
      stores: { loki: loki !== undefined, tempo: tempo !== undefined },
      namespace: cluster.namespace,
      hasClusterName: cluster.name !== undefined,
      alerts: dashboards.node.root.node
        .findAll()
        .flatMap((one) => (one instanceof PrometheusRule ? one.alertNames : [])),
      streamLabels: settings.logs.labels,
      logRetention: settings.loki.retention,
      maxStreams: settings.loki.limits.maxStreams,
      streamCopies: copiesOf(settings.loki),
      ingestionRate: settings.loki.limits.ingestionRate.value,
      expectedSpansPerSecond: sampling.type === 'tail' ? sampling.expectedSpansPerSecond : undefined,
    },
  });
}

/** Access from outside the cluster. */
function defineEntrances(chart: NewChart, settings: Settings, { loki, tempo, collector }: Parts): void {
  const { cluster } = settings;
  const services = ({ hosts }: Settings['ingress'] | Settings['gateway']) => [
    ...(loki ? [{ host: hosts.loki, service: loki.routed }] : []),
    ...(tempo ? [{ host: hosts.tempo, service: tempo.routed }] : []),
  ];
  if (settings.ingress.enabled) {
    new Ingress(chart('ingress'), 'Ingress', {
      settings: settings.ingress,
      cluster,
      services: services(settings.ingress),
      senders: acceptsSenders(settings.ingress)
        ? [
            ...(loki ? [{ host: settings.ingress.hosts.loki, service: loki.push }] : []),
            ...(tempo ? [{ host: settings.ingress.hosts.tempo, service: otlpService(TEMPO, false) }] : []),
          ]
        : [],
    });
  }
  if (settings.gateway.enabled) {
    const receiver = collector ?? tempo;
    const gateway: GatewayProps = {
      settings: settings.gateway,
      cluster,
      queries: services(settings.gateway),
      spans:
        receiver && settings.gateway.otlp.enabled
          ? otlpService(receiver.workload.name, settings.logs.otlp.enabled)
          : undefined,
    };
    const objects = policyObjects(gateway);
    if (objects.length > 0)
      new GatewayPolicies(chart('gateway-policies'), 'GatewayPolicies', { cluster, objects });
    new GatewayRoutes(chart(ROUTES), 'GatewayRoutes', gateway);
  }
}

/** What sends logs to Loki, and with what labels and fields. */
function logSources({ cluster, logs, kubernetesEvents: { enabled } }: Settings): LogSources {
  const labels = labelsOfStreams(logs, cluster.name);
  return {
    // Only `app` distinguishes events from log lines.
    streamLabels: enabled ? [...new Set([...labels, 'app'])] : labels,
    otlp: logs.otlp.enabled,
    fields: enabled ? EVENT_FIELDS : [],
  };
}

/** Where the collector sends log records of SDKs. */
function logRoute(
  { logs, loki: { retention, limits } }: Settings,
  destinations: readonly LogDestination[],
): LogRoute {
  return { destinations, maxLineSize: limits.maxLineSize, retention, settings: logs };
}

/** Where the collector sends metrics of SDKs. */
function metricRoute({ cluster, networkPolicies, tracing }: Settings) {
  const existing = { name: 'prometheus-kube-prometheus-prometheus', ...networkPolicies.prometheus };
  const host = serviceHost(existing, cluster.namespace, cluster.dnsDomain);
  const url = tracing.metrics.url ?? `http://${host}:9090/api/v1/otlp`;
  const { port, protocol } = new URL(url);
  const ports = [{ port: Number(port) || (protocol === 'http:' ? 80 : 443) }];
  return {
    url,
    needs: [{ to: tracing.metrics.url ? ('destinations' as const) : ('prometheus' as const), ports }],
  };
}

/** The program that reads log files on each node; undefined if the operator runs one. */
function defineAgent(
  chart: NewChart,
  settings: Settings,
  destinations: readonly LogDestination[],
  tenants: readonly Tenant[],
): LogAgent | undefined {
  const { cluster, images, monitoring, logs } = settings;
  const { retention, limits } = settings.loki;
  const shared = { cluster, images, monitoring };
  if (logs.agent === 'none') return undefined;
  if (logs.agent === 'otel')
    return new OtelAgent(chart('otel-agent'), 'OtelAgent', {
      ...shared,
      settings: { ...logs, ...settings.otelAgent },
      stores: { destinations, tenants, retention, maxLineSize: limits.maxLineSize },
    });
  return new Promtail(chart('promtail'), 'Promtail', {
    ...shared,
    settings: { ...logs, ...settings.promtail },
    destinations,
    tenants,
    maxLineSize: limits.maxLineSize,
    retention,
  });
}
