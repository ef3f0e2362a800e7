import { type App, Chart } from 'cdk8s';
import { Collector } from './collector/collector';
import { Datasources } from './grafana/datasources';
import { Ingress } from './ingress/ingress';
import { Loki } from './loki/loki';
import { Promtail } from './promtail/promtail';
import { queryHosts, type Settings } from './settings';
import { StorageClass } from './storage-class/storage-class';
import { Tempo } from './tempo/tempo';

/**
 * Defines the stack of one cluster, one chart (and so one file) per component,
 * and hands each component the addresses that it needs of another.
 */
export function defineStack(app: App, settings: Settings): void {
  const { cluster, images, monitoring } = settings;
  const chart = (id: string) => new Chart(app, id, { disableResourceNameHashes: true });
  const grafanaNamespace = settings.grafana.namespace ?? cluster.namespace;

  if (settings.storageClass.create && cluster.storageClassName !== null) {
    new StorageClass(chart('storage-class'), 'StorageClass', {
      name: cluster.storageClassName,
      settings: settings.storageClass,
    });
  }

  const loki = new Loki(chart('loki'), 'Loki', { settings: settings.loki, cluster, images, monitoring });
  const { sampling } = settings.tracing;
  const direct = sampling.type === 'client';
  const tempo = new Tempo(chart('tempo'), 'Tempo', {
    settings: settings.tempo,
    cluster,
    images,
    monitoring,
    direct,
  });
  if (!direct) {
    new Collector(chart('otel-collector'), 'Collector', {
      settings: settings.tracing,
      sampling,
      cluster,
      images,
      monitoring,
      tempoAddress: tempo.otlpAddress(cluster.namespace),
    });
  }

  new Promtail(chart('promtail'), 'Promtail', {
    settings: settings.promtail,
    cluster,
    images,
    monitoring,
    pushUrl: loki.pushUrl(cluster.namespace),
    maxLineSize: settings.loki.limits.maxLineSize,
  });

  new Datasources(chart('grafana'), 'Datasources', {
    settings: settings.grafana,
    namespace: grafanaNamespace,
    lokiQueryTimeout: settings.loki.limits.queryTimeout,
    lokiUrl: loki.queryUrl(grafanaNamespace),
    tempoUrl: tempo.queryUrl(grafanaNamespace),
  });

  if (settings.ingress.enabled) {
    const hosts = queryHosts(settings);
    new Ingress(chart('ingress'), 'Ingress', {
      settings: settings.ingress,
      cluster,
      services: [
        { host: hosts.loki, service: loki.routed },
        { host: hosts.tempo, service: tempo.routed },
      ],
    });
  }
}
