import type { Peer, Port } from '../constructs/connection';
import { type NetworkPoliciesSettings, PRIVATE_CIDRS } from './settings';

/** Where the Helm chart of a controller puts its pods. An ALB has none: it is outside of the cluster. */
const CONTROLLER_NAMES = { alb: null, nginx: 'ingress-nginx', traefik: 'traefik' } as const;

/** Those that the stack talks with and does not run. */
export interface ForeignPeers {
  readonly grafana: Peer;
  readonly prometheus: Peer;
  readonly ingressController: Peer;
  readonly applications: Peer;
  readonly dns: Peer & { readonly ports: readonly Port[] };
  readonly apiServer: Peer & { readonly ports: readonly Port[] };
}

/** Finds them in a cluster, by what its operator has said of them. */
export function foreignPeers(
  settings: NetworkPoliciesSettings,
  existing: { grafanaNamespace: string; controller: keyof typeof CONTROLLER_NAMES },
): ForeignPeers {
  const { grafana, prometheus, ingressController, applications, dns, apiServer } = settings;
  const controllerName = CONTROLLER_NAMES[existing.controller];
  const { namespaces } = applications;
  return {
    grafana: { pods: [{ namespace: existing.grafanaNamespace, labels: grafana.podLabels }], cidrs: [] },
    prometheus: {
      pods: [{ namespace: prometheus.namespace ?? existing.grafanaNamespace, labels: prometheus.podLabels }],
      cidrs: [],
    },
    ingressController:
      controllerName === null
        ? { pods: [], cidrs: ingressController.cidrs ?? PRIVATE_CIDRS }
        : {
            pods: [
              {
                namespace: ingressController.namespace ?? controllerName,
                labels: ingressController.podLabels ?? { 'app.kubernetes.io/name': controllerName },
              },
            ],
            cidrs: ingressController.cidrs ?? [],
          },
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
    apiServer: { pods: [], cidrs: apiServer.cidrs, ports: apiServer.ports.map((port) => ({ port })) },
  };
}
