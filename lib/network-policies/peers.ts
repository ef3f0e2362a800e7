import type { Neighbour, PodSelection, Port } from '../constructs/connections';
import type { NetworkPoliciesSettings } from './settings';

/** One end of a connection: pods, addresses, or both. Neither means no one. */
export interface Peer {
  readonly pods: readonly PodSelection[];
  /** Address blocks that do not belong to pods, such as those of a load balancer or of the API server. */
  readonly cidrs: readonly string[];
  /** Ports that it listens on, if the stack connects to it. */
  readonly ports?: readonly Port[];
}

/** Resolves the workloads that the stack connects to, from the settings. */
export function neighbourPeers(
  settings: NetworkPoliciesSettings,
  { enabled, namespace }: { readonly enabled: boolean; readonly namespace: string },
): Record<Neighbour, Peer> {
  const { grafana, prometheus, alertmanager, ingressController, logAgent, applications } = settings;
  const { dns, apiServer, objectStorage, destinations, gateway } = settings;
  const { namespaces } = applications;
  return {
    grafana: { pods: enabled ? [{ namespace, labels: grafana.podLabels }] : [], cidrs: [] },
    prometheus: {
      pods: [{ namespace: prometheus.namespace, labels: prometheus.podLabels }],
      cidrs: [],
    },
    alertmanager: {
      pods: [{ namespace: alertmanager.namespace, labels: alertmanager.podLabels }],
      cidrs: [],
      ports: alertmanager.ports.map((port) => ({ port })),
    },
    'ingress-controller': ingressController,
    gateway,
    'own-log-agent': logAgent,
    applications: {
      pods:
        namespaces.length === 0
          ? [{ labels: {} }]
          : namespaces.map((namespace) => ({ namespace, labels: {} })),
      cidrs: applications.cidrs,
    },
    dns: {
      pods: [{ namespace: dns.namespace, labels: dns.podLabels }],
      cidrs: dns.cidrs,
      // A response that does not fit into a datagram is queried again over TCP.
      ports: dns.ports.flatMap((port) => [{ port, protocol: 'UDP' } as const, { port }]),
    },
    'object-storage': server(objectStorage),
    destinations: server(destinations),
    // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
    'pod-identity-agent': {
      pods: [],
      cidrs: ['169.254.170.23/32', 'fd00:ec2::23/128'],
      ports: [{ port: 80 }],
    },
    // https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity
    'metadata-server': {
      pods: [],
      cidrs: ['169.254.169.252/32', '169.254.169.254/32'],
      ports: [{ port: 80 }, { port: 988 }],
    },
    'api-server': { pods: [], cidrs: apiServer.cidrs, ports: apiServer.ports.map((port) => ({ port })) },
  };
}

/** A server outside the stack: pods of a namespace, addresses, or both. */
function server({
  namespace,
  podLabels = {},
  cidrs,
  ports,
}: NetworkPoliciesSettings['objectStorage' | 'destinations']): Peer {
  return {
    pods: namespace === undefined ? [] : [{ namespace, labels: podLabels }],
    cidrs,
    ports: ports?.map((port) => ({ port })),
  };
}
