import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile } from '../constructs/config-file';
import type { ConnectedWorkload } from '../constructs/connections';
import { k8s } from '../constructs/k8s';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { httpProbe, podTemplate } from '../constructs/pod';
import { containerPorts, type NamedPort } from '../constructs/ports';
import { Reader } from '../constructs/reader';
import { podScheduling } from '../constructs/scheduling';
import { destinationAccess, type LogDestination } from '../destinations/destination';
import type { ImagesSettings } from '../images/settings';
import { MonitoredService } from '../monitoring/monitored-service';
import type { MonitoringSettings } from '../monitoring/settings';
import { eventCollectorAlerts } from './alerts';
import { eventsConfig, PORTS, STATE_DIRECTORY } from './config';
import type { KubernetesEventsSettings } from './settings';

const NAME = 'event-collector';
const METRICS: NamedPort = { name: 'metrics', port: PORTS.metrics, appProtocol: 'http' };
const HEALTH: NamedPort = { name: 'health', port: PORTS.health };

/** Properties of {@link EventCollector}. */
export interface EventCollectorProps {
  readonly settings: KubernetesEventsSettings;
  /** The cluster whose events are collected. */
  readonly cluster: ClusterSettings;
  /** Registry and pull settings of images. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Stores that receive the events. */
  readonly destinations: readonly LogDestination[];
  /** Namespaces whose events are dropped. */
  readonly excludedNamespaces: readonly string[];
}

/**
 * Sends Kubernetes events to Loki, which keeps them longer than the hour that Kubernetes does.
 *
 * Has one replica, because each would send all events. Its state may be lost with its pod: a new pod sends the events of
 * the last hour again, and Loki stores identical entries once.
 */
export class EventCollector extends Construct {
  /** Its pod, and the connections of the pod. */
  public readonly workload: ConnectedWorkload;

  constructor(scope: Construct, id: string, props: EventCollectorProps) {
    super(scope, id);

    const { settings, cluster, images, monitoring, destinations, excludedNamespaces } = props;
    const { namespace } = cluster;
    const access = destinationAccess(destinations);
    const labels = resourceLabels(NAME, 'event-collector');
    const metadata = { name: NAME, namespace, labels };
    this.workload = {
      name: NAME,
      namespace,
      component: 'event-collector',
      accepts: [{ ports: [METRICS], from: ['prometheus'] }],
      needs: ['dns', 'api-server', ...access.needs],
    };
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: '/etc/otelcol/events.yaml',
      content: eventsConfig(settings, { destinations, excludedNamespaces, clusterName: cluster.name }),
    });
    new Reader(this, 'EventReader', { metadata, resource: 'events', verbs: ['list', 'watch'] });
    new MonitoredService(this, 'Service', {
      metadata,
      cluster,
      monitoring,
      ports: [METRICS],
      endpoints: [{ port: METRICS.name }],
      alerts: eventCollectorAlerts(metadata),
      runbook: 'lib/kubernetes-events/runbook.md',
    });

    new k8s.KubeDeployment(this, 'Deployment', {
      metadata,
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selectorLabels(NAME) },
        template: podTemplate({
          metadata,
          settings,
          images,
          config,
          pod: {
            ...podScheduling(settings.scheduling),
            terminationGracePeriodSeconds: 30,
            volumes: [{ name: 'state', emptyDir: {} }, ...access.volumes],
          },
          container: {
            args: [`--config=${config.path}`],
            ports: containerPorts([METRICS, HEALTH]),
            readinessProbe: httpProbe('/', HEALTH.name, { period: 10, failures: 3 }),
            livenessProbe: httpProbe('/', HEALTH.name, { period: 30, failures: 10 }),
            volumeMounts: [{ name: 'state', mountPath: STATE_DIRECTORY }, ...access.volumeMounts],
          },
        }),
      },
    });
  }
}
