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
import { VolumeClaim } from '../constructs/volume-claim';
import type { ImagesSettings } from '../images/settings';
import { MonitoredService } from '../monitoring/monitored-service';
import type { MonitoringSettings } from '../monitoring/settings';
import { storageAccess } from '../object-storage/access';
import type { Tenant } from '../tenants/tenants';
import { tempoAlerts } from './alerts';
import {
  CONFIG_DIRECTORY,
  HTTP_PORT,
  maxRequestBytes,
  TENANT_LIMITS_FILE,
  tempoConfig,
  tenantLimits,
} from './config';
import { QUERY_ROUTES } from './routes';
import type { TempoSettings } from './settings';
import { DATA_DIRECTORY } from './storage-config';

/** Name of its objects. */
export const NAME = 'tempo';
const HTTP: NamedPort = { name: 'http', port: HTTP_PORT, appProtocol: 'http' };

/** Responds as soon as the process runs, even while it replays the write-ahead log. */
const ALIVE_PATH = '/api/echo';

/** Properties of {@link Tempo}. */
export interface TempoProps {
  /** Settings of Tempo. */
  readonly settings: TempoSettings;
  /** The cluster that Tempo is added to. */
  readonly cluster: ClusterSettings;
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** Settings of the existing Prometheus. */
  readonly monitoring: MonitoringSettings;
  /** Tenants of the store; none without tenants in the values. */
  readonly tenants: readonly Tenant[];
  /** How traces arrive. */
  readonly receivers: {
    /** Receivers, as the OpenTelemetry Collector configures them. */
    readonly config: object;
    /** Ports of the receivers. */
    readonly ports: readonly NamedPort[];
    /** Senders: applications, or a collector in front of Tempo. */
    readonly from: ConnectedWorkload['accepts'][number]['from'];
  };
}

/**
 * Stores traces and answers queries.
 *
 * Runs one replica as a Deployment with strategy `Recreate`. In a rolling update, the new pod would wait for the
 * volume and the old pod for the new one.
 */
export class Tempo extends Construct {
  /** Routes that an Ingress or a Gateway may expose. */
  public readonly routed: RoutedService = {
    name: NAME,
    port: HTTP,
    healthPath: '/ready',
    routes: QUERY_ROUTES,
  };

  /** Its pods and their connections. */
  public readonly workload: ConnectedWorkload;

  /** Maximum size of a request from a sender in bytes. */
  public readonly maxRequestBytes: number;

  private readonly service: MonitoredService;

  constructor(scope: Construct, id: string, props: TempoProps) {
    super(scope, id);

    const { settings, cluster, images, monitoring, receivers, tenants } = props;
    const { namespace, storageClassName } = cluster;
    const labels = resourceLabels(NAME, 'traces');
    const metadata = { name: NAME, namespace, labels };
    const ports = [HTTP, ...receivers.ports];
    const access = storageAccess(settings.storage);
    this.maxRequestBytes = maxRequestBytes(settings);
    this.workload = {
      name: NAME,
      namespace,
      component: 'traces',
      accepts: [
        // Queries and metrics share a port.
        { ports: [HTTP], from: ['grafana', 'prometheus', 'ingress-controller', 'gateway'] },
        { ports: receivers.ports, from: receivers.from },
      ],
      needs: access.needs,
    };
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: `${CONFIG_DIRECTORY}/tempo.yaml`,
      content: tempoConfig(settings, receivers.config, tenants),
      beside: tenants.length > 0 ? { [TENANT_LIMITS_FILE]: tenantLimits(settings) } : undefined,
    });
    new VolumeClaim(this, 'Volume', { metadata, size: settings.storage.size, storageClassName });
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
      alerts: tempoAlerts(settings, metadata, monitoring.alerts),
      runbook: 'lib/tempo/runbook.md',
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
          podLabels: access.podLabels,
          pod: {
            ...podScheduling(settings.scheduling),
            automountServiceAccountToken: false,
            // A clean stop moves traces from memory to the write-ahead log.
            terminationGracePeriodSeconds: 120,
            volumes: [
              { name: 'data', persistentVolumeClaim: { claimName: NAME } },
              { name: 'tmp', emptyDir: {} },
              ...access.volumes,
            ],
          },
          container: {
            args: [`-config.file=${config.path}`],
            env: access.env,
            ports: containerPorts(ports),
            readinessProbe: httpProbe('/ready', HTTP.name, { period: 10, failures: 3 }),
            // Not /ready, which fails while Tempo replays the write-ahead log or restarts a module: a restart would
            // only begin the replay again.
            startupProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 5, failures: 60 }),
            livenessProbe: httpProbe(ALIVE_PATH, HTTP.name, { period: 30, failures: 10 }),
            volumeMounts: [
              { name: 'data', mountPath: DATA_DIRECTORY },
              { name: 'tmp', mountPath: '/tmp' },
              ...access.volumeMounts,
            ],
          },
        }),
      },
    });
  }

  /** URL for queries from the given namespace. */
  public queryUrl(clientNamespace: string): string {
    return `http://${this.address(HTTP, clientNamespace)}`;
  }

  /** Host and port for a client in the given namespace. */
  public address(port: NamedPort, clientNamespace: string): string {
    return this.service.address(port, clientNamespace);
  }
}
