import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile } from '../constructs/config-file';
import type { ConnectedWorkload } from '../constructs/connections';
import { k8s } from '../constructs/k8s';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { httpProbe, podTemplate } from '../constructs/pod';
import { containerPorts, type NamedPort } from '../constructs/ports';
import type { RoutedService } from '../constructs/routed-service';
import { podScheduling } from '../constructs/scheduling';
import { StatefulSet } from '../constructs/stateful-set';
import { claimTemplate, VolumeClaim } from '../constructs/volume-claim';
import { type LogDestination, ownStore } from '../destinations/destination';
import type { ImagesSettings } from '../images/settings';
import { MonitoredService } from '../monitoring/monitored-service';
import type { MonitoringSettings } from '../monitoring/settings';
import { storageAccess } from '../object-storage/access';
import type { Tenant } from '../tenants/tenants';
import { lokiAlerts } from './alerts';
import { CONFIG_DIRECTORY, HTTP_PORT, lokiConfig, TENANT_LIMITS_FILE, tenantLimits } from './config';
import type { LogSources } from './limits-config';
import type { LogAlertFile } from './log-alert';
import { LogAlerts } from './log-alerts';
import { RING_PORTS, Ring, ringScheduling } from './ring';
import { RING_SERVICE } from './ring-config';
import { PUSH_ROUTES, QUERY_ROUTES } from './routes';
import type { LokiSettings } from './settings';
import { DATA_DIRECTORY, readsVariables } from './storage-config';

/** Name of its objects. */
export const NAME = 'loki';
const HTTP: NamedPort = { name: 'http', port: HTTP_PORT, appProtocol: 'http' };

/** Responds as soon as the process runs, even while it replays the write-ahead log. */
const ALIVE_PATH = '/loki/api/v1/status/buildinfo';

/** The address that a replica tells the others. */
const POD_IP: k8s.EnvVar = {
  name: 'POD_IP',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } },
};

/** Properties of {@link Loki}. */
export interface LokiProps {
  /** Settings of Loki. */
  readonly settings: LokiSettings;
  /** What sends logs to Loki. */
  readonly sources: LogSources;
  /** The cluster that Loki is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Tenants of the store; none without tenants in the values. */
  readonly tenants: readonly Tenant[];
  /** Alerts on log lines that the user adds. */
  readonly logAlerts: readonly LogAlertFile[];
}

/**
 * Stores logs and answers queries.
 *
 * Runs the single binary as a StatefulSet. Its controller never runs two pods of one name at once: two Loki pods on one
 * volume would corrupt each other's data. Several replicas have a volume each, and a bucket in common.
 */
export class Loki extends Construct {
  /** Routes that an Ingress or a Gateway may expose. */
  public readonly routed: RoutedService = {
    name: NAME,
    port: HTTP,
    healthPath: '/ready',
    routes: QUERY_ROUTES,
  };

  /** Routes that an entrance for senders of other clusters may expose. */
  public readonly push: RoutedService = { ...this.routed, routes: PUSH_ROUTES };

  /** Its pods and their connections. */
  public readonly workload: ConnectedWorkload;

  private readonly service: MonitoredService;

  constructor(scope: Construct, id: string, props: LokiProps) {
    super(scope, id);

    const { settings, sources, cluster, images, monitoring, logAlerts, tenants } = props;
    const alerting = logAlerts.length > 0;
    const { namespace, storageClassName } = cluster;
    const labels = resourceLabels(NAME, 'logs');
    const metadata = { name: NAME, namespace, labels };
    const ports = [HTTP];
    const { replicas } = settings;
    const isRing = replicas > 1;
    const volume = { size: settings.storage.size, storageClassName };
    const access = storageAccess(settings.storage);
    const collector = sources.otlp ? (['trace-collector'] as const) : [];
    this.workload = {
      name: NAME,
      namespace,
      component: 'logs',
      // Queries, pushes and metrics share a port.
      accepts: [
        {
          ports,
          from: [
            'log-agent',
            'own-log-agent',
            ...collector,
            'event-collector',
            'grafana',
            'prometheus',
            'ingress-controller',
            'gateway',
          ],
        },
        ...(isRing ? [{ ports: RING_PORTS, from: ['logs' as const] }] : []),
      ],
      needs: [...access.needs, ...(alerting ? (['dns', 'alertmanager'] as const) : [])],
    };
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: `${CONFIG_DIRECTORY}/loki.yaml`,
      content: lokiConfig(settings, {
        ring: cluster,
        sources,
        tenants,
        alertmanagerUrl: alerting ? monitoring.alertmanagerUrl : undefined,
      }),
      beside: tenants.length > 0 ? { [TENANT_LIMITS_FILE]: tenantLimits(settings) } : undefined,
    });
    const rules = alerting
      ? new LogAlerts(this, 'LogAlerts', { namespace, files: logAlerts, tenants })
      : undefined;
    if (isRing) new Ring(this, 'Ring', { metadata });
    else new VolumeClaim(this, 'Volume', { metadata, ...volume });
    new k8s.KubeServiceAccount(this, 'ServiceAccount', {
      metadata: { ...metadata, annotations: access.annotations },
      automountServiceAccountToken: false,
    });
    this.service = new MonitoredService(this, 'Service', {
      metadata,
      cluster,
      monitoring,
      ports,
      endpoints: [{ port: HTTP.name }],
      alerts: lokiAlerts(settings, metadata, monitoring.alerts, alerting),
      runbook: 'lib/loki/runbook.md',
    });

    new StatefulSet(this, 'StatefulSet', {
      metadata,
      spec: {
        replicas,
        // `OrderedReady` never replaces a pod that failed to become ready, even after the template is fixed
        // (kubernetes/kubernetes#67250).
        podManagementPolicy: 'Parallel',
        serviceName: isRing ? RING_SERVICE : NAME,
        ...(isRing
          ? {
              persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
              volumeClaimTemplates: [claimTemplate({ metadata: { name: 'data', labels }, ...volume })],
            }
          : {}),
        selector: { matchLabels: selectorLabels(NAME) },
        template: podTemplate({
          metadata,
          settings,
          images,
          config,
          podLabels: access.podLabels,
          pod: {
            ...(isRing ? ringScheduling(settings.scheduling, NAME) : podScheduling(settings.scheduling)),
            automountServiceAccountToken: false,
            // A clean stop writes every chunk in memory to the volume.
            terminationGracePeriodSeconds: 300,
            volumes: [
              ...(isRing ? [] : [{ name: 'data', persistentVolumeClaim: { claimName: NAME } }]),
              { name: 'tmp', emptyDir: {} },
              ...access.volumes,
              ...(rules?.volumes ?? []),
            ],
          },
          container: {
            args: [
              `-config.file=${config.path}`,
              ...(readsVariables(settings) ? ['-config.expand-env=true'] : []),
            ],
            env: [...(isRing ? [POD_IP] : []), ...access.env],
            ports: containerPorts([...ports, ...(isRing ? RING_PORTS : [])]),
            readinessProbe: httpProbe('/ready', HTTP.name, { period: 10, failures: 3 }),
            // Not /ready, which fails while Loki replays the write-ahead log: a restart would only begin the replay
            // again.
            startupProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 5, failures: 60 }),
            livenessProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 30, failures: 10 }),
            volumeMounts: [
              { name: 'data', mountPath: DATA_DIRECTORY },
              { name: 'tmp', mountPath: '/tmp' },
              ...access.volumeMounts,
              ...(rules?.mounts ?? []),
            ],
          },
        }),
      },
    });
  }

  /** URL for queries from the given namespace. */
  public queryUrl(clientNamespace: string): string {
    return `http://${this.service.address(HTTP, clientNamespace)}`;
  }

  /** Where senders in the given namespace send logs. */
  public destination(clientNamespace: string): LogDestination {
    return { ...ownStore(NAME, 'logs', this.queryUrl(clientNamespace)), protocol: 'loki' };
  }
}
