import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile, type ConfigFileProps } from '../constructs/config-file';
import type { ConnectedWorkload } from '../constructs/connections';
import { k8s } from '../constructs/k8s';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { httpProbe, podTemplate } from '../constructs/pod';
import { containerPorts, type NamedPort } from '../constructs/ports';
import { Reader } from '../constructs/reader';
import { onlyOnNodes, podScheduling } from '../constructs/scheduling';
import type { ResourcesSettings } from '../constructs/settings';
import type { DestinationAccess } from '../destinations/destination';
import type { ImageSettings, ImagesSettings } from '../images/settings';
import { MonitoredService } from '../monitoring/monitored-service';
import type { Alert } from '../monitoring/prometheus-rule';
import type { MonitoringSettings } from '../monitoring/settings';
import { POD_LOGS_DIRECTORY } from './pod-logs';
import type { LogAgentKind, LogsSettings } from './settings';

/** Fargate does not run DaemonSets, and Windows stores logs elsewhere. A pod for such a node would stay pending. */
const NODES_WITH_LOG_FILES: readonly k8s.NodeSelectorRequirement[] = [
  { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
  { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
];

/** What the stack passes to every log agent. */
export interface LogAgentSurroundings {
  /** The cluster that the agent is added to. */
  readonly cluster: ClusterSettings;
  /** Registry and pull settings of images. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
}

/** Properties of {@link LogAgent}. */
export interface LogAgentProps extends LogAgentSurroundings {
  readonly kind: LogAgentKind;
  /** Name of the agent's objects. */
  readonly name: string;
  readonly settings: LogsSettings & { readonly image: ImageSettings; readonly resources: ResourcesSettings };
  /** Configuration file of the agent. */
  readonly config: Pick<ConfigFileProps, 'path' | 'content'>;
  /** Command-line arguments. */
  readonly args: readonly string[];
  /** Port of the agent's metrics. */
  readonly metrics: NamedPort;
  /** Port and paths of the health checks. The kubelet restarts a container if `alivePath` fails for minutes. */
  readonly health: { readonly port: NamedPort; readonly readyPath: string; readonly alivePath?: string };
  /** Folder on the node for data that must outlive the pod. */
  readonly state: { readonly volume: string; readonly directory: string };
  /** Environment variable with the node name. */
  readonly nodeNameVariable: string;
  /** What the pod requires to send to destinations outside the stack. */
  readonly access: DestinationAccess;
  /** Folders on the node that it reads besides the log files of pods. @default none */
  readonly reads?: readonly { readonly volume: string; readonly directory: string }[];
  readonly alerts: readonly Alert[];
  /** File in this repository that contains the runbook of the agent's alerts. */
  readonly runbook: string;
}

/**
 * Sends the logs of every pod to Loki.
 *
 * Runs as a DaemonSet, because the log files of a container exist only on its node. By default it also runs on
 * tainted nodes, because pods there write logs too. Read positions are stored on the node, so that a restarted
 * pod neither repeats nor skips lines.
 */
export class LogAgent extends Construct {
  public readonly kind: LogAgentKind;
  /** The agent's pods, and their allowed connections. */
  public readonly workload: ConnectedWorkload;

  constructor(scope: Construct, id: string, props: LogAgentProps) {
    super(scope, id);

    const { name, settings, cluster, images, monitoring, metrics, health, state, access } = props;
    this.kind = props.kind;
    const { namespace } = cluster;
    const reads = [{ volume: 'logs', directory: POD_LOGS_DIRECTORY }, ...(props.reads ?? [])];
    const labels = resourceLabels(name, 'log-agent');
    const metadata = { name, namespace, labels };
    this.workload = {
      name,
      namespace,
      component: 'log-agent',
      accepts: [{ ports: [metrics], from: ['prometheus'] }],
      needs: ['dns', 'api-server', ...access.needs],
    };
    const config = new ConfigFile(this, 'Config', { metadata, ...props.config });
    new Reader(this, 'PodReader', { metadata, resource: 'pods' });
    // Prometheus uses it to discover each pod. Nothing else connects to an agent.
    new MonitoredService(this, 'Service', {
      metadata,
      cluster,
      monitoring,
      ports: [metrics],
      headless: true,
      endpoints: [{ port: metrics.name, nodeLabel: true }],
      alerts: props.alerts,
      runbook: props.runbook,
    });

    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata,
      spec: {
        selector: { matchLabels: selectorLabels(name) },
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
              { name: state.volume, hostPath: { path: state.directory, type: 'DirectoryOrCreate' } },
              ...reads.map(({ volume, directory }) => ({
                name: volume,
                hostPath: { path: directory, type: 'Directory' },
              })),
              ...access.volumes,
            ],
          },
          container: {
            args: [...props.args],
            env: [
              {
                name: props.nodeNameVariable,
                valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
              },
            ],
            ports: containerPorts([...new Set([metrics, health.port])]),
            readinessProbe: httpProbe(health.readyPath, health.port.name, { period: 10, failures: 3 }),
            livenessProbe: health.alivePath
              ? httpProbe(health.alivePath, health.port.name, { period: 30, failures: 10 })
              : undefined,
            // Root, because only root can read the log files that the kubelet writes; all capabilities are dropped.
            securityContext: { runAsUser: 0, runAsGroup: 0, seLinuxOptions: settings.seLinuxOptions },
            volumeMounts: [
              { name: state.volume, mountPath: state.directory },
              ...reads.map(({ volume, directory }) => ({
                name: volume,
                mountPath: directory,
                readOnly: true,
              })),
              ...access.volumeMounts,
            ],
          },
        }),
      },
    });
  }
}
