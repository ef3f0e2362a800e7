import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile } from '../constructs/config-file';
import type { ConnectedWorkload } from '../constructs/connections';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { httpProbe, podTemplate } from '../constructs/pod';
import { PodReader } from '../constructs/pod-reader';
import { containerPorts, type NamedPort } from '../constructs/ports';
import { onlyOnNodes, podScheduling } from '../constructs/scheduling';
import type { ImagesSettings } from '../images/settings';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { MonitoredService } from '../monitoring/monitored-service';
import type { MonitoringSettings } from '../monitoring/settings';
import { promtailAlerts } from './alerts';
import { HTTP_PORT, POD_LOGS_DIRECTORY, POSITIONS_DIRECTORY, promtailConfig } from './config';
import type { PromtailSettings } from './settings';

const NAME = 'promtail';
const HTTP: NamedPort = { name: 'http', port: HTTP_PORT, appProtocol: 'http' };

/** Fargate runs no DaemonSet and Windows keeps logs elsewhere: a pod for such a node would stay pending. */
const NODES_WITH_LOG_FILES: readonly k8s.NodeSelectorRequirement[] = [
  { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
  { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
];

/** Properties of {@link Promtail}. */
export interface PromtailProps {
  /** Settings of Promtail. */
  readonly settings: PromtailSettings;
  /** The cluster that Promtail is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Where log lines are sent to. */
  readonly pushUrl: string;
  /** Size up to which a log line is sent whole. */
  readonly maxLineSize: Quantity;
  /** Age from which on Loki rejects a line. */
  readonly retention: Duration;
}

/**
 * Sends the logs of every pod to Loki.
 *
 * Runs as a DaemonSet, because a container's log files exist only on the node
 * that runs it; by default on tainted nodes too, as pods there have logs as well. Read
 * positions are kept on the node, so that a restarted pod neither repeats nor
 * skips lines.
 */
export class Promtail extends Construct {
  /** Its pods, and whom they connect with. */
  public readonly workload: ConnectedWorkload;

  constructor(scope: Construct, id: string, props: PromtailProps) {
    super(scope, id);

    const { settings, cluster, images, monitoring } = props;
    const { namespace } = cluster;
    const labels = resourceLabels(NAME, 'log-agent');
    const metadata = { name: NAME, namespace, labels };
    const ports = [HTTP];
    this.workload = {
      name: NAME,
      namespace,
      component: 'log-agent',
      accepts: [{ ports, from: ['prometheus'] }],
      needs: ['dns', 'api-server'],
    };
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: '/etc/promtail/promtail.yaml',
      content: promtailConfig(settings, props),
    });
    new PodReader(this, 'PodReader', { metadata });
    // For Prometheus, which finds each pod by it; nobody else speaks to an agent.
    new MonitoredService(this, 'Service', {
      metadata,
      cluster,
      monitoring,
      ports,
      headless: true,
      endpoints: [{ port: HTTP.name, nodeLabel: true }],
      alerts: promtailAlerts(metadata, monitoring.alerts),
      runbook: 'lib/promtail/runbook.md',
    });

    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata,
      spec: {
        selector: { matchLabels: selectorLabels(NAME) },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') },
        },
        template: podTemplate({
          metadata,
          settings,
          images,
          config,
          pod: {
            ...podScheduling(settings.scheduling),
            affinity: onlyOnNodes(NODES_WITH_LOG_FILES, settings.scheduling),
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            terminationGracePeriodSeconds: 30,
            volumes: [
              { name: 'positions', hostPath: { path: POSITIONS_DIRECTORY, type: 'DirectoryOrCreate' } },
              { name: 'logs', hostPath: { path: POD_LOGS_DIRECTORY, type: 'Directory' } },
            ],
          },
          container: {
            args: [`-config.file=${config.path}`],
            env: [
              // Promtail asks the API server for the pods of the node that this names, and no others.
              { name: 'HOSTNAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
            ],
            ports: containerPorts(ports),
            readinessProbe: httpProbe('/ready', HTTP.name, { period: 10, failures: 3 }),
            // Root, because the kubelet writes log files that only root may read; without any capability.
            securityContext: { runAsUser: 0, runAsGroup: 0, seLinuxOptions: settings.seLinuxOptions },
            volumeMounts: [
              { name: 'positions', mountPath: POSITIONS_DIRECTORY },
              { name: 'logs', mountPath: POD_LOGS_DIRECTORY, readOnly: true },
            ],
          },
        }),
      },
    });
  }
}
