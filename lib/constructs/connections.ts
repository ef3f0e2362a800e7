import { type Component, selectorLabels } from './labels';
import type { NamedPort } from './ports';

/** Peers of the stack that it does not manage. */
export type Neighbour =
  | 'grafana'
  | 'prometheus'
  | 'alertmanager'
  | 'ingress-controller'
  | 'gateway'
  | 'applications'
  | 'own-log-agent'
  | 'dns'
  | 'api-server'
  | 'object-storage'
  | 'destinations'
  | 'pod-identity-agent'
  | 'metadata-server';

/** A port number with its protocol, as in a packet. */
export type Port = Pick<NamedPort, 'port' | 'protocol'>;

/** A peer that a workload connects to, on its default ports or on those of a server in the values. */
export type Need = Neighbour | { readonly to: Neighbour; readonly ports: readonly Port[] };

/** The pods of one component, and all their allowed connections. NetworkPolicies deny all others. */
export interface ConnectedWorkload {
  /** Name of the workload and of its NetworkPolicy. */
  readonly name: string;
  readonly namespace: string;
  readonly component: Component;
  /** Ports that it listens on, and the peers that may connect to them. */
  readonly accepts: ReadonlyArray<{
    readonly ports: readonly Port[];
    readonly from: ReadonlyArray<Component | Neighbour>;
  }>;
  /** External peers that it connects to. Each component of the stack lists its own clients. */
  readonly needs: readonly Need[];
}

/** Pods, by namespace and labels. */
export interface PodSelection {
  /** Their namespace. @default every namespace */
  readonly namespace?: string;
  /** Labels that all of them have. An empty map selects every pod. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of a workload. */
export function podsOf({ name, namespace }: Pick<ConnectedWorkload, 'name' | 'namespace'>): PodSelection {
  return { namespace, labels: selectorLabels(name) };
}
