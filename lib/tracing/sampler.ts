import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { ConfigFile } from '../constructs/config-file';
import type { ConnectedWorkload } from '../constructs/connections';
import { disruptionBudget } from '../constructs/disruption-budget';
import { k8s } from '../constructs/k8s';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import { StatefulSet } from '../constructs/stateful-set';
import { claimTemplate } from '../constructs/volume-claim';
import { destinationAccess, namedDestinations } from '../destinations/destination';
import type { ImagesSettings } from '../images/settings';
import { MonitoredService } from '../monitoring/monitored-service';
import type { MonitoringSettings } from '../monitoring/settings';
import type { Tenant } from '../tenants/tenants';
import { samplerAlerts } from './alerts';
import { collectorPod, METRICS_OF_SPANS, OWN_METRICS } from './collector-pod';
import { CONFIG_DIRECTORY, samplerConfig } from './config';
import type { CollectorSampling } from './sampling';
import { samplersOf } from './sampling-settings';
import type { TracingSettings } from './settings';
import type { TraceStore, TraceStores } from './span-store';
import { TRACE_PORTS } from './trace-protocols';

/** Name of its objects. */
export const NAME = 'otel-sampler';
const METRICS = [OWN_METRICS, METRICS_OF_SPANS];

/** Properties of {@link Sampler}. */
export interface SamplerProps {
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
  /** Tenants of the stores. */
  readonly tenants: readonly Tenant[];
  /** The Tempo of the stack, which receives sampled spans. @default none; only tracing.destinations do */
  readonly tempo?: TraceStore | undefined;
}

/** Where sampled spans go. */
export function traceStores({ tempo, settings, tenants }: SamplerProps): TraceStores {
  return { tempo, destinations: namedDestinations('traces', settings.destinations), tenants };
}

/**
 * Second tier of collectors: each receives whole traces, computes metrics of every span, samples, and sends the sampled
 * traces to Tempo.
 *
 * A StatefulSet, so that a restarted collector finds its queue again. The claims outlive it.
 */
export class Sampler extends Construct {
  /** Its pods and their connections. */
  public readonly workload: ConnectedWorkload;

  /** Host name that resolves to the addresses of the ready pods. */
  public readonly host: string;

  constructor(scope: Construct, id: string, props: SamplerProps) {
    super(scope, id);

    const { settings, sampling, cluster, images, monitoring } = props;
    const { namespace, storageClassName } = cluster;
    const { queue, scheduling } = settings;
    const labels = resourceLabels(NAME, 'trace-sampler');
    const metadata = { name: NAME, namespace, labels };
    const ports = [TRACE_PORTS.otlpGrpc, ...METRICS];
    const replicas = samplersOf(sampling);
    const stores = traceStores(props);
    const access = destinationAccess(stores.destinations);
    this.host = `${NAME}.${namespace}.svc.${cluster.dnsDomain}`;
    this.workload = {
      name: NAME,
      namespace,
      component: 'trace-sampler',
      accepts: [
        { ports: [TRACE_PORTS.otlpGrpc], from: ['trace-collector'] },
        { ports: METRICS, from: ['prometheus'] },
      ],
      needs: ['dns', ...access.needs],
    };
    const config = new ConfigFile(this, 'Config', {
      metadata,
      path: `${CONFIG_DIRECTORY}/collector.yaml`,
      content: samplerConfig(settings, sampling, stores),
    });
    new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata, automountServiceAccountToken: false });
    new MonitoredService(this, 'Service', {
      metadata,
      cluster,
      monitoring,
      ports,
      // The first tier needs the address of each ready pod.
      headless: true,
      // The job label of span metrics is the service of the span and must not be renamed.
      endpoints: [{ port: OWN_METRICS.name }, { port: METRICS_OF_SPANS.name, honorLabels: true }],
      alerts: samplerAlerts(settings, metadata, monitoring.alerts),
      runbook: 'lib/tracing/runbook.md',
    });
    disruptionBudget(this, metadata);

    new StatefulSet(this, 'StatefulSet', {
      metadata,
      spec: {
        replicas,
        // `OrderedReady` never replaces a pod that failed to become ready, even after the template is fixed
        // (kubernetes/kubernetes#67250).
        podManagementPolicy: 'Parallel',
        // The first tier finds the new address of a pod within 10 s. Only then may the next pod stop.
        minReadySeconds: 15,
        serviceName: NAME,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: queue.persistent
          ? [
              claimTemplate({
                metadata: { name: 'queue', labels },
                size: queue.storage.size,
                storageClassName,
              }),
            ]
          : undefined,
        selector: { matchLabels: selectorLabels(NAME) },
        template: collectorPod({
          metadata,
          settings,
          images,
          config,
          ports,
          replicas,
          scheduling,
          pod: { automountServiceAccountToken: false, volumes: [...access.volumes] },
          hasQueueVolume: queue.persistent,
          volumeMounts: access.volumeMounts,
        }),
      },
    });
  }
}
