import { Construct } from 'constructs';
import * as monitoring from '../../imports/monitoring.coreos.com';
import type { k8s } from '../constructs/k8s';
import { selectorLabels } from '../constructs/labels';
import type { MonitoringSettings } from './settings';

/** Properties of {@link ServiceMonitor}. */
export interface ServiceMonitorProps {
  /** Name, namespace and labels; the Service has the same name. */
  readonly metadata: k8s.ObjectMeta & { readonly name: string };
  /** Settings of the existing Prometheus. */
  readonly settings: MonitoringSettings;
  /** Name of the cluster, which becomes a label of each metric. */
  readonly clusterName: string | undefined;
  /** Ports of the Service that serve metrics. */
  readonly endpoints: readonly MetricsEndpoint[];
}

/** A port that serves metrics. */
export interface MetricsEndpoint {
  readonly port: string;
  /**
   * Whether labels of the metrics take precedence over those of the target. Without it,
   * Prometheus renames `job` and `instance` of a metric to `exported_job` and
   * `exported_instance`.
   *
   * @default false
   */
  readonly honorLabels?: boolean;
  /**
   * Whether each metric gets a label `node`, for a workload with a pod on every node.
   *
   * @default false
   */
  readonly nodeLabel?: boolean;
}

/** Copies the node name, which Prometheus discovers for a target, into a permanent label. */
const NODE_LABEL = {
  sourceLabels: ['__meta_kubernetes_pod_node_name'],
  targetLabel: 'node',
  action: monitoring.ServiceMonitorSpecEndpointsRelabelingsAction.REPLACE,
};

const clusterLabel = (name: string) => ({
  targetLabel: 'cluster',
  replacement: name,
  action: monitoring.ServiceMonitorSpecEndpointsRelabelingsAction.REPLACE,
});

const relabelings = (all: monitoring.ServiceMonitorSpecEndpointsRelabelings[]) =>
  all.length === 0 ? {} : { relabelings: all };

/**
 * Makes the existing Prometheus scrape a Service. Prometheus selects this object
 * by its `release` label.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export class ServiceMonitor extends Construct {
  constructor(scope: Construct, id: string, props: ServiceMonitorProps) {
    super(scope, id);

    const { metadata, settings, clusterName } = props;
    new monitoring.ServiceMonitor(this, 'ServiceMonitor', {
      metadata: { ...metadata, labels: { ...metadata.labels, release: settings.release } },
      spec: {
        selector: { matchLabels: selectorLabels(metadata.name) },
        endpoints: props.endpoints.map(({ port, honorLabels, nodeLabel }) => ({
          port,
          path: '/metrics',
          interval: settings.scrapeInterval.toString(),
          honorLabels: honorLabels ?? false,
          ...relabelings([
            ...(nodeLabel ? [NODE_LABEL] : []),
            ...(clusterName === undefined ? [] : [clusterLabel(clusterName)]),
          ]),
        })),
      },
    });
  }
}
