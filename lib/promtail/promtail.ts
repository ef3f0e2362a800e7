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
} from '../constructs/pod';
import { PodReader } from '../constructs/pod-reader';
import { onlyOnNodes, podScheduling } from '../constructs/scheduling';
import { ClusterService, containerPorts, type NamedPort } from '../constructs/service';
import { imageReference } from '../images/image';
import type { ImagesSettings } from '../images/settings';
import type { Quantity } from '../kubernetes/quantity';
import { PrometheusRule } from '../monitoring/prometheus-rule';
import { ServiceMonitor } from '../monitoring/service-monitor';
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
  /** Its pods, as the network sees them. */
  public readonly pods: Workload;

  /** Ports by what they are for. */
  public readonly ports = { metrics: [HTTP] };

  constructor(scope: Construct, id: string, props: PromtailProps) {
    super(scope, id);

    const { settings, cluster, images, monitoring } = props;
    const labels = resourceLabels(NAME, 'log-agent');
    const metadata = { name: NAME, namespace: cluster.namespace, labels };
    this.pods = workload(metadata);
    const content = promtailConfig(settings, props);
    const config = new ConfigFile(this, 'Config', { metadata, fileName: 'promtail.yaml', content });
    new PodReader(this, 'PodReader', { metadata });
    // For Prometheus, which finds each pod by it; nobody else speaks to an agent.
    new ClusterService(this, 'Service', {
      metadata,
      ports: [HTTP],
      dnsDomain: cluster.dnsDomain,
      headless: true,
    });
    const endpoints = [{ port: HTTP.name, nodeLabel: true }];
    new ServiceMonitor(this, 'ServiceMonitor', { metadata, settings: monitoring, endpoints });
    const alerts = promtailAlerts(metadata, monitoring.alerts);
    const runbook = 'lib/promtail/runbook.md';
    new PrometheusRule(this, 'Alerts', { metadata, settings: monitoring, alerts, runbook });

    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata,
      spec: {
        selector: { matchLabels: selectorLabels(NAME) },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') },
        },
        template: {
          metadata: { labels, annotations: { 'checksum/config': config.checksum } },
          spec: {
            ...podDefaults(images),
            ...podScheduling(settings.scheduling),
            affinity: onlyOnNodes(NODES_WITH_LOG_FILES, settings.scheduling),
            serviceAccountName: NAME,
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            terminationGracePeriodSeconds: 30,
            containers: [
              {
                name: NAME,
                image: imageReference(settings.image, images),
                imagePullPolicy: images.pullPolicy,
                args: ['-config.file=/etc/promtail/promtail.yaml'],
                env: [
                  // Promtail asks the API server for the pods of the node that this names, and no others.
                  {
                    name: 'HOSTNAME',
                    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
                  },
                  goMemoryLimit(settings.resources),
                ],
                ports: containerPorts([HTTP]),
                readinessProbe: httpProbe('/ready', HTTP.name, { period: 10, failures: 3 }),
                resources: containerResources(settings.resources),
                // Root, because the kubelet writes log files that only root may read; without any capability.
                securityContext: { ...RESTRICTED_CONTAINER, runAsUser: 0, runAsGroup: 0 },
                volumeMounts: [
                  { name: 'config', mountPath: '/etc/promtail', readOnly: true },
                  { name: 'positions', mountPath: POSITIONS_DIRECTORY },
                  { name: 'logs', mountPath: POD_LOGS_DIRECTORY, readOnly: true },
                ],
              },
            ],
            volumes: [
              { name: 'config', configMap: { name: NAME } },
              { name: 'positions', hostPath: { path: POSITIONS_DIRECTORY, type: 'DirectoryOrCreate' } },
              { name: 'logs', hostPath: { path: POD_LOGS_DIRECTORY, type: 'Directory' } },
            ],
          },
        },
      },
    });
  }
}
