import type { Neighbour, PodSelection, Port } from '../constructs/connections';
import { type NetworkPoliciesSettings, PRIVATE_CIDRS } from './settings';

/** Where the Helm chart of a controller puts its pods. An ALB has none: it is outside of the cluster. */
const CONTROLLER_NAMES = { alb: null, nginx: 'ingress-nginx', traefik: 'traefik' } as const;

/** One end of a connection: pods, addresses, or both; neither is nobody. */
export interface Peer {
  readonly pods: readonly PodSelection[];
  /** Blocks of addresses that no pod has, such as those of a load balancer or of the API server. */
  readonly cidrs: readonly string[];
  /** Ports that it listens on, for those that the stack connects to. */
  readonly ports?: readonly Port[];
}

/** Finds the neighbours of the stack in a cluster, by what its operator has said of them. */
export function neighbourPeers(
  settings: NetworkPoliciesSettings,
  existing: {
    readonly grafanaNamespace: string;
    /** The Ingress controller; undefined where nothing comes in from outside. */
    readonly controller: keyof typeof CONTROLLER_NAMES | undefined;
  },
): Record<Neighbour, Peer> {
  const { grafana, prometheus, applications, dns, apiServer } = settings;
  const { grafanaNamespace, controller } = existing;
  const { namespaces } = applications;
  return {
    grafana: { pods: [{ namespace: grafanaNamespace, labels: grafana.podLabels }], cidrs: [] },
    prometheus: {
      pods: [{ namespace: prometheus.namespace ?? grafanaNamespace, labels: prometheus.podLabels }],
      cidrs: [],
    },
    'ingress-controller':
      controller === undefined
        ? { pods: [], cidrs: [] }
        : controllerPeer(settings.ingressController, controller),
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
      // An answer that does not fit into a datagram is asked for again over TCP.
      ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }],
    },
    'api-server': { pods: [], cidrs: apiServer.cidrs, ports: apiServer.ports.map((port) => ({ port })) },
  };
}

function controllerPeer(
  { namespace, podLabels, cidrs }: NetworkPoliciesSettings['ingressController'],
  controller: keyof typeof CONTROLLER_NAMES,
): Peer {
  const name = CONTROLLER_NAMES[controller];
  if (name === null) return { pods: [], cidrs: cidrs ?? PRIVATE_CIDRS };
  return {
    pods: [{ namespace: namespace ?? name, labels: podLabels ?? { 'app.kubernetes.io/name': name } }],
    cidrs: cidrs ?? [],
  };
}
