import { Construct } from 'constructs';
import { ConfigFile } from '../constructs/config-file';
import type { ConnectedWorkload, Need, Neighbour } from '../constructs/connections';
import { disruptionBudget } from '../constructs/disruption-budget';
import { k8s } from '../constructs/k8s';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { Reader } from '../constructs/reader';
import { VolumeClaim } from '../constructs/volume-claim';
import { destinationAccess } from '../destinations/destination';
import { MonitoredService } from '../monitoring/monitored-service';
import { collectorAlerts, firstTierAlerts } from './alerts';
import { collectorPod, METRICS_OF_SPANS, OWN_METRICS } from './collector-pod';
import { CONFIG_DIRECTORY, collectorConfig, firstTierConfig } from './config';
import type { LogRoute } from './otlp-logs';
import type { MetricRoute } from './otlp-metrics';
import { REMOTE_SAMPLING, STRATEGIES, STRATEGIES_FILE } from './remote-sampling';
import { Sampler, type SamplerProps, traceStores } from './sampler';
import { hasTiers, samplersOf } from './sampling-settings';
import { TRACE_PORTS } from './trace-protocols';

const NAME = 'otel-collector';

/** Properties of {@link Collector}. */
export interface CollectorProps extends SamplerProps {
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
 * All spans of a trace must reach the same sampling collector. With several of them, this is the first of two tiers,
 * which distributes traces over the second.
 */
export class Collector extends Construct {
  /** Pods that applications send to, and their connections. */
  public readonly workload: ConnectedWorkload;

  /** The second tier; undefined if there is one tier. */
  public readonly sampler: Sampler | undefined;

  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);

    const { settings, sampling, cluster, images, monitoring, logs } = props;
    const { namespace, storageClassName } = cluster;
    const labels = resourceLabels(NAME, 'trace-collector');
    const metadata = { name: NAME, namespace, labels };
    this.sampler = hasTiers(sampling) ? new Sampler(this, 'Sampler', props) : undefined;
    const stores = traceStores(props);
    const access = destinationAccess([
      ...(this.sampler ? [] : stores.destinations),
      ...(logs?.destinations ?? []),
    ]);
    const { tenants } = props;
    const surroundings = { clusterName: cluster.name, tenants, logs, metrics: props.metrics };
    const accepts = (['logs', 'metrics'] as const).filter((signal) => props[signal] !== undefined);
    const { resources, replicas, persistent, metrics, content, alerts } = this.sampler
      ? {
          ...settings.firstTier,
          persistent: false,
          metrics: [OWN_METRICS],
          content: firstTierConfig(settings, this.sampler.host, surroundings),
          alerts: firstTierAlerts(settings, metadata, accepts),
        }
      : {
          resources: settings.resources,
          replicas: samplersOf(sampling),
          persistent: settings.queue.persistent,
          metrics: [OWN_METRICS, METRICS_OF_SPANS],
          content: collectorConfig(settings, sampling, stores, surroundings),
          alerts: collectorAlerts(settings, metadata, monitoring.alerts, accepts),
        };
    const receivers = [...Object.values(TRACE_PORTS), ...(settings.remoteSampling ? [REMOTE_SAMPLING] : [])];
    const ports = [...receivers, ...metrics];
    this.workload = {
      name: NAME,
      namespace,
      component: 'trace-collector',
      accepts: [
        { ports: receivers, from: ['applications', ...props.senders] },
        { ports: metrics, from: ['prometheus'] },
      ],
      needs: ['dns', 'api-server', ...access.needs, ...(props.metrics?.needs ?? [])],
    };
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: `${CONFIG_DIRECTORY}/collector.yaml`,
      content,
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
      endpoints: metrics.map(({ name }) =>
        name === METRICS_OF_SPANS.name ? { port: name, honorLabels: true } : { port: name },
      ),
      alerts,
      runbook: 'lib/tracing/runbook.md',
    });

    if (persistent)
      new VolumeClaim(this, 'Queue', { metadata, size: settings.queue.storage.size, storageClassName });
    if (replicas > 1) disruptionBudget(this, metadata);

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
        selector: { matchLabels: selectorLabels(NAME) },
        template: collectorPod({
          metadata,
          settings: { image: settings.image, resources },
          images,
          config,
          ports,
          replicas,
          scheduling: settings.scheduling,
          pod: {
            volumes: [
              ...(persistent ? [{ name: 'queue', persistentVolumeClaim: { claimName: NAME } }] : []),
              ...access.volumes,
            ],
          },
          hasQueueVolume: persistent,
          volumeMounts: access.volumeMounts,
        }),
      },
    });
  }
}
