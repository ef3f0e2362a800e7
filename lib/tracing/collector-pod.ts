import { httpProbe, type PodTemplateProps, podTemplate } from '../constructs/pod';
import { containerPorts, type NamedPort } from '../constructs/ports';
import { replicatedPodScheduling } from '../constructs/scheduling';
import { PORTS } from './config-part';
import type { TracingSettings } from './settings';
import { QUEUE_DIRECTORY } from './span-store';

/** Metrics of the collector itself. */
export const OWN_METRICS: NamedPort = { name: 'metrics', port: PORTS.ownMetrics, appProtocol: 'http' };

/** Metrics of spans. */
export const METRICS_OF_SPANS: NamedPort = {
  name: 'span-metrics',
  port: PORTS.spanMetrics,
  appProtocol: 'http',
};

const HEALTH: NamedPort = { name: 'health', port: PORTS.health };

/** Properties of {@link collectorPod}. */
export interface CollectorPodProps
  extends Pick<PodTemplateProps, 'metadata' | 'settings' | 'images' | 'config'> {
  readonly ports: readonly NamedPort[];
  readonly replicas: number;
  readonly scheduling: TracingSettings['scheduling'];
  /** Additional fields of the pod. */
  readonly pod?: PodTemplateProps['pod'];
  /** Whether a volume named `queue` is mounted. */
  readonly hasQueueVolume: boolean;
  /** Additional mounts. @default none */
  readonly volumeMounts?: Readonly<PodTemplateProps['container']['volumeMounts']>;
}

/** A pod with a collector. */
export function collectorPod(props: CollectorPodProps): ReturnType<typeof podTemplate> {
  const { metadata, config, ports, hasQueueVolume, volumeMounts = [] } = props;
  return podTemplate({
    ...props,
    pod: {
      ...replicatedPodScheduling(props.scheduling, metadata.name, props.replicas),
      // A clean stop sends the contents of the queue.
      terminationGracePeriodSeconds: 60,
      ...props.pod,
    },
    container: {
      args: [`--config=${config.path}`],
      ports: containerPorts([...ports, HEALTH]),
      readinessProbe: httpProbe('/', HEALTH.name, { period: 10, failures: 3 }),
      livenessProbe: httpProbe('/', HEALTH.name, { period: 30, failures: 10 }),
      volumeMounts: [
        ...(hasQueueVolume ? [{ name: 'queue', mountPath: QUEUE_DIRECTORY }] : []),
        ...volumeMounts,
      ],
    },
  });
}
