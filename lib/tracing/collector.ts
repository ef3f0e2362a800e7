import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile } from '../constructs/config-file';
import type { ConnectedWorkload, Need, Neighbour } from '../constructs/connections';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { httpProbe, podTemplate } from '../constructs/pod';
import { containerPorts, type NamedPort } from '../constructs/ports';
import { Reader } from '../constructs/reader';
import { replicatedPodScheduling } from '../constructs/scheduling';
import { VolumeClaim } from '../constructs/volume-claim';
import { destinationAccess, namedDestinations } from '../destinations/destination';
import type { ImagesSettings } from '../images/settings';
import { MonitoredService } from '../monitoring/monitored-service';
import type { MonitoringSettings } from '../monitoring/settings';
import { collectorAlerts } from './alerts';
import { CONFIG_DIRECTORY, collectorConfig } from './config';
import { PORTS } from './config-part';
import type { LogRoute } from './otlp-logs';
import type { MetricRoute } from './otlp-metrics';
import { REMOTE_SAMPLING, STRATEGIES, STRATEGIES_FILE } from './remote-sampling';
import type { CollectorSampling } from './sampling';
import { replicasOf, type TracingSettings } from './settings';
import { QUEUE_DIRECTORY, type TraceStore } from './span-store';
import { TRACE_PORTS } from './trace-protocols';

const NAME = 'otel-collector';
const METRICS: readonly NamedPort[] = [
  { name: 'metrics', port: PORTS.ownMetrics, appProtocol: 'http' },
  { name: 'span-metrics', port: PORTS.spanMetrics, appProtocol: 'http' },
];
const HEALTH: NamedPort = { name: 'health', port: PORTS.health };

/** Properties of {@link Collector}. */
export interface CollectorProps {
  /** Settings of the trace path. */
  readonly settings: TracingSettings;
  /** The sampling mode. */
  readonly sampling: CollectorSampling;
  /** The cluster that the collector is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** The Tempo of the stack, which receives sampled spans. @default none; only tracing.destinations do */
  readonly tempo?: TraceStore | undefined;
  /** Destination of log records. @default the collector rejects them */
  readonly logs?: LogRoute | undefined;
  /** Who may send besides applications. */
  readonly senders: readonly Neighbour[];
  /** Destination of metrics, and the peers that it consists of. @default the collector rejects metrics */
  readonly metrics?: (MetricRoute & { readonly needs: readonly Need[] }) | undefined;
}

/**
 * Receives traces by every protocol, computes metrics of all spans, samples, and sends the sampled traces to Tempo.
 *
 * Tail sampling has one replica, because all spans of a trace must reach the same one.
 */
export class Collector extends Construct {
  /** Its pods and their connections. */
  public readonly workload: ConnectedWorkload;

  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);

    const { settings, sampling, cluster, images, monitoring } = props;
    const { namespace, storageClassName } = cluster;
    const labels = resourceLabels(NAME, 'trace-collector');
    const metadata = { name: NAME, namespace, labels };
    const stores = {
      tempo: props.tempo,
      destinations: namedDestinations('traces', settings.destinations),
    };
    const access = destinationAccess([...stores.destinations, ...(props.logs?.destinations ?? [])]);
    const receivers = [...Object.values(TRACE_PORTS), ...(settings.remoteSampling ? [REMOTE_SAMPLING] : [])];
    const ports = [...receivers, ...METRICS];
    this.workload = {
      name: NAME,
      namespace,
      component: 'trace-collector',
      accepts: [
        { ports: receivers, from: ['applications', ...props.senders] },
        { ports: METRICS, from: ['prometheus'] },
      ],
      needs: ['dns', 'api-server', ...access.needs, ...(props.metrics?.needs ?? [])],
    };
    const accepts = (['logs', 'metrics'] as const).filter((signal) => props[signal] !== undefined);
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: `${CONFIG_DIRECTORY}/collector.yaml`,
      content: collectorConfig(settings, sampling, stores, cluster.name, props),
      beside: settings.remoteSampling ? { [STRATEGIES_FILE]: STRATEGIES } : undefined,
    });
    // Required to add the name of its pod to a span.
    new Reader(this, 'PodReader', { metadata, resource: 'pods' });
    new MonitoredService(this, 'Service', {
      metadata,
      cluster,
      monitoring,
      ports,
      // The job label of span metrics is the service of the span and must not be renamed.
      endpoints: [{ port: 'metrics' }, { port: 'span-metrics', honorLabels: true }],
      alerts: collectorAlerts(settings, metadata, monitoring.alerts, accepts),
      runbook: 'lib/tracing/runbook.md',
    });

    const { persistent, storage } = settings.queue;
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
        // The new pod takes over before the old one stops, unless they share a volume.
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
        template: podTemplate({
          metadata,
          settings,
          images,
          config,
          pod: {
            ...replicatedPodScheduling(settings.scheduling, NAME, replicas),
            // A clean stop sends the contents of the queue.
            terminationGracePeriodSeconds: 60,
            volumes: [
              ...(persistent ? [{ name: 'queue', persistentVolumeClaim: { claimName: NAME } }] : []),
              ...access.volumes,
            ],
          },
          container: {
            args: [`--config=${config.path}`],
            ports: containerPorts([...ports, HEALTH]),
            readinessProbe: httpProbe('/', HEALTH.name, { period: 10, failures: 3 }),
            livenessProbe: httpProbe('/', HEALTH.name, { period: 30, failures: 10 }),
            volumeMounts: [
              ...(persistent ? [{ name: 'queue', mountPath: QUEUE_DIRECTORY }] : []),
              ...access.volumeMounts,
            ],
          },
        }),
      },
    });
  }
}
