import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile } from '../constructs/config-file';
import { type Workload, workload } from '../constructs/connection';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import {
  containerResources,
  goMemoryLimit,
  httpProbe,
  podDefaults,
  RESTRICTED_CONTAINER,
  RESTRICTED_POD,
} from '../constructs/pod';
import type { RoutedService } from '../constructs/routed-service';
import { podScheduling } from '../constructs/scheduling';
import { ClusterService, containerPorts, type NamedPort } from '../constructs/service';
import { VolumeClaim } from '../constructs/volume-claim';
import { imageReference } from '../images/image';
import type { ImagesSettings } from '../images/settings';
import { PrometheusRule } from '../monitoring/prometheus-rule';
import { ServiceMonitor } from '../monitoring/service-monitor';
import type { MonitoringSettings } from '../monitoring/settings';
import { lokiAlerts } from './alerts';
import { DATA_DIRECTORY, HTTP_PORT, lokiConfig } from './config';
import { QUERY_ROUTES } from './routes';
import type { LokiSettings } from './settings';

const NAME = 'loki';
const HTTP: NamedPort = { name: 'http', port: HTTP_PORT, appProtocol: 'http' };

/** Answers as soon as the daemon runs, whatever it is busy with. */
const ALIVE_PATH = '/loki/api/v1/status/buildinfo';

/** Properties of {@link Loki}. */
export interface LokiProps {
  /** Settings of Loki. */
  readonly settings: LokiSettings;
  /** The cluster that Loki is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
}

/**
 * Stores logs, and answers queries about them.
 *
 * One replica as a single binary, as a StatefulSet: its controller never runs
 * two pods at once, and two Lokis on one volume would spoil each other's data.
 */
export class Loki extends Construct {
  /** What an Ingress may route to. */
  public readonly routed: RoutedService = {
    name: NAME,
    portName: HTTP.name,
    healthPath: '/ready',
    routes: QUERY_ROUTES,
  };

  /** Its pods, as the network sees them. */
  public readonly pods: Workload;

  /** Ports by what they are for; queries, lines and metrics share one. */
  public readonly ports = { http: [HTTP] };

  private readonly service: ClusterService;

  constructor(scope: Construct, id: string, props: LokiProps) {
    super(scope, id);

    const { settings, cluster, images, monitoring } = props;
    const labels = resourceLabels(NAME, 'logs');
    const metadata = { name: NAME, namespace: cluster.namespace, labels };
    this.pods = workload(metadata);
    const config = new ConfigFile(this, 'Config', {
      metadata,
      fileName: 'loki.yaml',
      content: lokiConfig(settings),
    });
    const { storageClassName } = cluster;
    new VolumeClaim(this, 'Volume', { metadata, size: settings.storage.size, storageClassName });
    new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata, automountServiceAccountToken: false });
    this.service = new ClusterService(this, 'Service', {
      metadata,
      ports: [HTTP],
      dnsDomain: cluster.dnsDomain,
    });
    const endpoints = [{ port: HTTP.name }];
    new ServiceMonitor(this, 'ServiceMonitor', { metadata, settings: monitoring, endpoints });
    const alerts = lokiAlerts(settings, metadata, monitoring.alerts);
    const runbook = 'lib/loki/runbook.md';
    new PrometheusRule(this, 'Alerts', { metadata, settings: monitoring, alerts, runbook });

    new k8s.KubeStatefulSet(this, 'StatefulSet', {
      metadata,
      spec: {
        replicas: 1,
        // Of two policies the one that can be mended: with OrderedReady a pod that never becomes ready is not
        // replaced by a later, repaired template (kubernetes/kubernetes#67250).
        podManagementPolicy: 'Parallel',
        serviceName: NAME,
        selector: { matchLabels: selectorLabels(NAME) },
        template: {
          metadata: { labels, annotations: { 'checksum/config': config.checksum } },
          spec: {
            ...podDefaults(images),
            ...podScheduling(settings.scheduling),
            serviceAccountName: NAME,
            automountServiceAccountToken: false,
            securityContext: RESTRICTED_POD,
            // A clean stop writes every chunk in memory to the volume.
            terminationGracePeriodSeconds: 300,
            containers: [
              {
                name: NAME,
                image: imageReference(settings.image, images),
                imagePullPolicy: images.pullPolicy,
                args: ['-config.file=/etc/loki/loki.yaml'],
                env: [goMemoryLimit(settings.resources)],
                ports: containerPorts([HTTP]),
                readinessProbe: httpProbe('/ready', HTTP.name, { period: 10, failures: 3 }),
                // Not /ready, which fails while the write-ahead log is replayed: a kill would
                // only make it begin again.
                startupProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 5, failures: 60 }),
                livenessProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 30, failures: 10 }),
                resources: containerResources(settings.resources),
                securityContext: RESTRICTED_CONTAINER,
                volumeMounts: [
                  { name: 'config', mountPath: '/etc/loki', readOnly: true },
                  { name: 'data', mountPath: DATA_DIRECTORY },
                  { name: 'tmp', mountPath: '/tmp' },
                ],
              },
            ],
            volumes: [
              { name: 'config', configMap: { name: NAME } },
              { name: 'data', persistentVolumeClaim: { claimName: NAME } },
              { name: 'tmp', emptyDir: {} },
            ],
          },
        },
      },
    });
  }

  /** Where a client in the given namespace sends queries. */
  public queryUrl(clientNamespace: string): string {
    return this.service.url(HTTP_PORT, clientNamespace);
  }

  /** Where a log agent in the given namespace sends lines. */
  public pushUrl(clientNamespace: string): string {
    return `${this.queryUrl(clientNamespace)}/loki/api/v1/push`;
  }
}
