import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { k8s } from '../constructs/k8s';
import { selectorLabels } from '../constructs/labels';
import type { NamedPort } from '../constructs/ports';
import { serviceHost } from '../constructs/service-host';
import { type Alert, PrometheusRule } from './prometheus-rule';
import { type MetricsEndpoint, ServiceMonitor } from './service-monitor';
import type { MonitoringSettings } from './settings';

/** Properties of {@link MonitoredService}. */
export interface MonitoredServiceProps {
  /** Name, namespace and labels of all three objects. The name is also the `app` label of the selected pods. */
  readonly metadata: k8s.ObjectMeta & { readonly name: string; readonly namespace: string };
  /** The cluster that the Service is in. */
  readonly cluster: ClusterSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Ports of the Service; each forwards to the container port of the same name. */
  readonly ports: readonly NamedPort[];
  /** Ports of the Service that serve metrics. */
  readonly endpoints: readonly MetricsEndpoint[];
  /** Alerts of the Service. */
  readonly alerts: readonly Alert[];
  /** File of this repository with the runbook, e.g. `lib/loki/runbook.md`. */
  readonly runbook: string;
  /**
   * Whether the Service is headless, so that clients reach each pod by its own address.
   *
   * @default false
   */
  readonly headless?: boolean;
}

/** A Service inside the cluster that the existing Prometheus scrapes and monitors. */
export class MonitoredService extends Construct {
  private readonly props: MonitoredServiceProps;

  constructor(scope: Construct, id: string, props: MonitoredServiceProps) {
    super(scope, id);

    this.props = props;
    const { metadata, cluster, monitoring, endpoints, alerts, runbook } = props;
    new k8s.KubeService(this, 'Service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        clusterIp: props.headless ? 'None' : undefined,
        selector: selectorLabels(metadata.name),
        ports: props.ports.map(({ name, port, protocol, appProtocol }) => ({
          name,
          port,
          protocol: protocol ?? 'TCP',
          appProtocol,
          targetPort: k8s.IntOrString.fromString(name),
        })),
      },
    });
    const clusterName = cluster.name;
    new ServiceMonitor(this, 'ServiceMonitor', { metadata, settings: monitoring, clusterName, endpoints });
    new PrometheusRule(this, 'Alerts', { metadata, settings: monitoring, clusterName, alerts, runbook });
  }

  /** Host and port for a client in the given namespace. */
  public address({ port }: NamedPort, clientNamespace: string): string {
    const { metadata, cluster } = this.props;
    return `${serviceHost(metadata, clientNamespace, cluster.dnsDomain)}:${port}`;
  }
}
