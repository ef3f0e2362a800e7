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
import { TRACE_PORTS } from '../constructs/trace-protocols';
import { VolumeClaim } from '../constructs/volume-claim';
import { imageReference } from '../images/image';
import type { ImagesSettings } from '../images/settings';
import { PrometheusRule } from '../monitoring/prometheus-rule';
import { ServiceMonitor } from '../monitoring/service-monitor';
import type { MonitoringSettings } from '../monitoring/settings';
import { tempoAlerts } from './alerts';
import { DATA_DIRECTORY, HTTP_PORT, tempoConfig } from './config';
import { QUERY_ROUTES } from './routes';
import type { TempoSettings } from './settings';

const NAME = 'tempo';
const HTTP: NamedPort = { name: 'http', port: HTTP_PORT, appProtocol: 'http' };

/** Answers as soon as the daemon runs, whatever it is busy with. */
const ALIVE_PATH = '/api/echo';

/** Properties of {@link Tempo}. */
export interface TempoProps {
  /** Settings of Tempo. */
  readonly settings: TempoSettings;
  /** The cluster that Tempo is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Whether applications send traces to Tempo itself; otherwise a collector does, by OTLP over gRPC only. */
  readonly direct: boolean;
}

/**
 * Stores traces, and answers queries about them.
 *
 * One replica as a Deployment of strategy `Recreate`: with a rolling update the
 * new pod would wait for the volume, and the old one for the new pod.
 */
export class Tempo extends Construct {
  /** What an Ingress may route to. */
  public readonly routed: RoutedService = {
    name: NAME,
    portName: HTTP.name,
    healthPath: '/ready',
    routes: QUERY_ROUTES,
  };

  /** Its pods, as the network sees them. */
  public readonly pods: Workload;

  /** Ports by what they are for; queries and metrics share one. */
  public readonly ports: Readonly<Record<'http' | 'receivers', readonly NamedPort[]>>;

  private readonly service: ClusterService;

  constructor(scope: Construct, id: string, props: TempoProps) {
    super(scope, id);

    const { settings, cluster, images, monitoring, direct } = props;
    const receivers = direct ? Object.values(TRACE_PORTS) : [TRACE_PORTS.otlpGrpc];
    const ports = [HTTP, ...receivers];
    this.ports = { http: [HTTP], receivers };
    const labels = resourceLabels(NAME, 'traces');
    const metadata = { name: NAME, namespace: cluster.namespace, labels };
    this.pods = workload(metadata);
    const config = new ConfigFile(this, 'Config', {
      metadata,
      fileName: 'tempo.yaml',
      content: tempoConfig(settings, direct),
    });
    const { storageClassName } = cluster;
    new VolumeClaim(this, 'Volume', { metadata, size: settings.storage.size, storageClassName });
    new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata, automountServiceAccountToken: false });
    this.service = new ClusterService(this, 'Service', {
      metadata,
      ports,
      dnsDomain: cluster.dnsDomain,
    });
    const endpoints = [{ port: HTTP.name }];
    new ServiceMonitor(this, 'ServiceMonitor', { metadata, settings: monitoring, endpoints });
    const alerts = tempoAlerts(settings, metadata, monitoring.alerts);
    const runbook = 'lib/tempo/runbook.md';
    new PrometheusRule(this, 'Alerts', { metadata, settings: monitoring, alerts, runbook });

    new k8s.KubeDeployment(this, 'Deployment', {
      metadata,
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selectorLabels(NAME) },
        template: {
          metadata: { labels, annotations: { 'checksum/config': config.checksum } },
          spec: {
            ...podDefaults(images),
            ...podScheduling(settings.scheduling),
            serviceAccountName: NAME,
            automountServiceAccountToken: false,
            securityContext: RESTRICTED_POD,
            // A clean stop moves traces from memory to the write-ahead log.
            terminationGracePeriodSeconds: 120,
            containers: [
              {
                name: NAME,
                image: imageReference(settings.image, images),
                imagePullPolicy: images.pullPolicy,
                args: ['-config.file=/etc/tempo/tempo.yaml'],
                env: [goMemoryLimit(settings.resources)],
                ports: containerPorts(ports),
                readinessProbe: httpProbe('/ready', HTTP.name, { period: 10, failures: 3 }),
                // Not /ready, which fails while the write-ahead log is replayed or a part restarts: a kill would
                // only make it begin again.
                startupProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 5, failures: 60 }),
                livenessProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 30, failures: 10 }),
                resources: containerResources(settings.resources),
                securityContext: RESTRICTED_CONTAINER,
                volumeMounts: [
                  { name: 'config', mountPath: '/etc/tempo', readOnly: true },
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

  /** Host and port for a collector in the given namespace. */
  public otlpAddress(clientNamespace: string): string {
    return this.service.address(TRACE_PORTS.otlpGrpc.port, clientNamespace);
  }
}
