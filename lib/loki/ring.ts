import { Construct } from 'constructs';
import { k8s } from '../constructs/k8s';
import { resourceLabels, selectorLabels } from '../constructs/labels';
import type { NamedPort } from '../constructs/ports';
import { podScheduling, type SchedulingSettings } from '../constructs/scheduling';
import { GOSSIP_PORT, GRPC_PORT, RING_SERVICE } from './ring-config';

/** Ports between replicas. */
export const RING_PORTS: readonly NamedPort[] = [
  { name: 'grpc', port: GRPC_PORT, appProtocol: 'kubernetes.io/h2c' },
  { name: 'gossip', port: GOSSIP_PORT, appProtocol: 'tcp' },
];

/** Properties of {@link Ring}. */
export interface RingProps {
  /** Name, namespace and labels of the workload. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
}

/** The objects that replicas need to find each other, and to be evicted one at a time. */
export class Ring extends Construct {
  constructor(scope: Construct, id: string, { metadata }: RingProps) {
    super(scope, id);

    const { name, namespace } = metadata;
    const selector = selectorLabels(name);
    new k8s.KubeService(this, 'Service', {
      // Separate labels, because Prometheus must scrape each pod only once, through the other Service.
      metadata: { name: RING_SERVICE, namespace, labels: resourceLabels(RING_SERVICE, 'logs') },
      spec: {
        type: 'ClusterIP',
        clusterIp: 'None',
        // Pods must find each other before they are ready.
        publishNotReadyAddresses: true,
        selector,
        ports: RING_PORTS.map(({ name: port, port: number, appProtocol }) => ({
          name: port,
          port: number,
          protocol: 'TCP',
          appProtocol,
          targetPort: k8s.IntOrString.fromString(port),
        })),
      },
    });
    new k8s.KubePodDisruptionBudget(this, 'DisruptionBudget', {
      metadata,
      spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: selector } },
    });
  }
}

/** Scheduling fields for pods of several replicas: each on a separate node, spread over zones if there are any. */
export function ringScheduling(settings: SchedulingSettings, name: string): Partial<k8s.PodSpec> {
  const labelSelector = { matchLabels: selectorLabels(name) };
  const { podAntiAffinity } = settings.affinity ?? {};
  return {
    ...podScheduling(settings),
    affinity: {
      ...settings.affinity,
      podAntiAffinity: {
        ...podAntiAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: [
          ...(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
          { topologyKey: 'kubernetes.io/hostname', labelSelector },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector,
      },
    ],
  };
}
