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
import { PodReader } from '../constructs/pod-reader';
import { replicatedPodScheduling } from '../constructs/scheduling';
import { ClusterService, containerPorts, type NamedPort } from '../constructs/service';
import { TRACE_PORTS } from '../constructs/trace-protocols';
import { VolumeClaim } from '../constructs/volume-claim';
import { imageReference } from '../images/image';
import type { ImagesSettings } from '../images/settings';
import { PrometheusRule } from '../monitoring/prometheus-rule';
import { ServiceMonitor } from '../monitoring/service-monitor';
import type { MonitoringSettings } from '../monitoring/settings';
import { collectorAlerts } from './alerts';
import { CONFIG_DIRECTORY, collectorConfig, PORTS, QUEUE_DIRECTORY } from './config';
import { REMOTE_SAMPLING, STRATEGIES, STRATEGIES_FILE } from './remote-sampling';
import type { CollectorSampling } from './sampling';
import { replicasOf, type TracingSettings } from './settings';

const NAME = 'otel-collector';
const METRICS: readonly NamedPort[] = [
  { name: 'metrics', port: PORTS.ownMetrics, appProtocol: 'http' },
  { name: 'span-metrics', port: PORTS.spanMetrics, appProtocol: 'http' },
];
const HEALTH: NamedPort = { name: 'health', port: PORTS.health };

/** Properties of {@link Collector}. */
export interface CollectorProps {
  /** Settings of the way of traces. */
  readonly settings: TracingSettings;
  /** How it samples. */
  readonly sampling: CollectorSampling;
  /** The cluster that the collector is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Host and port of Tempo's OTLP receiver over gRPC. */
  readonly tempoAddress: string;
}

/**
 * Takes traces by every protocol, counts all of them, keeps a share, and sends
 * that to Tempo.
 *
 * Sampling by tail has one replica, as all spans of a trace have to meet.
 */
export class Collector extends Construct {
  /** Its pods, as the network sees them. */
  public readonly pods: Workload;

  /** Ports by what they are for. */
  public readonly ports: { readonly receivers: readonly NamedPort[]; readonly metrics: readonly NamedPort[] };

  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);

    const { settings, sampling, cluster, images } = props;
    const labels = resourceLabels(NAME, 'trace-collector');
    const metadata = { name: NAME, namespace: cluster.namespace, labels };
    this.pods = workload(metadata);
    const content = collectorConfig(settings, sampling, props.tempoAddress);
    const beside = settings.remoteSampling ? { [STRATEGIES_FILE]: STRATEGIES } : undefined;
    const config = new ConfigFile(this, 'Config', { metadata, fileName: 'collector.yaml', content, beside });
    const asked = settings.remoteSampling ? [REMOTE_SAMPLING] : [];
    this.ports = { receivers: [...Object.values(TRACE_PORTS), ...asked], metrics: METRICS };
    const ports = [...this.ports.receivers, ...METRICS];
    // It names the pod that a span comes from.
    new PodReader(this, 'PodReader', { metadata });
    new ClusterService(this, 'Service', { metadata, ports, dnsDomain: cluster.dnsDomain });
    // A metric has the service of its span for a job, which must not be renamed.
    const endpoints = [{ port: 'metrics' }, { port: 'span-metrics', honorLabels: true }];
    new ServiceMonitor(this, 'ServiceMonitor', { metadata, settings: props.monitoring, endpoints });

    const alerts = collectorAlerts(settings, metadata, props.monitoring.alerts);
    const runbook = 'lib/tracing/runbook.md';
    new PrometheusRule(this, 'Alerts', { metadata, settings: props.monitoring, alerts, runbook });

    const { persistent, storage } = settings.queue;
    const { storageClassName } = cluster;
    if (persistent) new VolumeClaim(this, 'Queue', { metadata, size: storage.size, storageClassName });
    const replicas = replicasOf(sampling);
    const selector = { matchLabels: selectorLabels(NAME) };
    if (replicas > 1) {
      const maxUnavailable = k8s.IntOrString.fromNumber(1);
      new k8s.KubePodDisruptionBudget(this, 'DisruptionBudget', {
        metadata,
        spec: { maxUnavailable, selector },
      });
    }

    new k8s.KubeDeployment(this, 'Deployment', {
      metadata,
      spec: {
        replicas,
        // The new pod takes over before the old one goes, unless a volume is in the way.
        strategy: persistent
          ? { type: 'Recreate' }
          : {
              type: 'RollingUpdate',
              rollingUpdate: {
                maxSurge: k8s.IntOrString.fromNumber(1),
                maxUnavailable: k8s.IntOrString.fromNumber(0),
              },
            },
        selector,
        template: {
          metadata: { labels, annotations: { 'checksum/config': config.checksum } },
          spec: {
            ...podDefaults(images),
            ...replicatedPodScheduling(settings.scheduling, NAME, replicas),
            serviceAccountName: NAME,
            securityContext: RESTRICTED_POD,
            // A clean stop sends what is in the queue.
            terminationGracePeriodSeconds: 60,
            containers: [
              {
                name: NAME,
                image: imageReference(settings.image, images),
                imagePullPolicy: images.pullPolicy,
                args: [`--config=${CONFIG_DIRECTORY}/collector.yaml`],
                env: [goMemoryLimit(settings.resources)],
                ports: containerPorts([...ports, HEALTH]),
                readinessProbe: httpProbe('/', HEALTH.name, { period: 10, failures: 3 }),
                livenessProbe: httpProbe('/', HEALTH.name, { period: 30, failures: 10 }),
                resources: containerResources(settings.resources),
                securityContext: RESTRICTED_CONTAINER,
                volumeMounts: [
                  { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true },
                  ...(persistent ? [{ name: 'queue', mountPath: QUEUE_DIRECTORY }] : []),
                ],
              },
            ],
            volumes: [
              { name: 'config', configMap: { name: NAME } },
              ...(persistent ? [{ name: 'queue', persistentVolumeClaim: { claimName: NAME } }] : []),
            ],
          },
        },
      },
    });
  }
}
