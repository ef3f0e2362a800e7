import { type Component, selectorLabels } from './labels';
import type { NamedPort } from './ports';

/** Whom the stack talks with and does not run. */
export type Neighbour =
  | 'grafana'
  | 'prometheus'
  | 'ingress-controller'
  | 'applications'
  | 'dns'
  | 'api-server';

/** A port as a packet carries it. */
export type Port = Pick<NamedPort, 'port' | 'protocol'>;

/** Pods of one component, and every connection that they may have. What is not here, the network refuses. */
export interface ConnectedWorkload {
  /** Name of the workload; its NetworkPolicy has the same. */
  readonly name: string;
  readonly namespace: string;
  readonly component: Component;
  /** Ports that it listens on, and who may connect to them. */
  readonly accepts: ReadonlyArray<{
    readonly ports: readonly Port[];
    readonly from: ReadonlyArray<Component | Neighbour>;
  }>;
  /** Neighbours that it connects to. A component of the stack names its clients itself. */
  readonly needs: readonly Neighbour[];
}

/** Pods, by their namespace and their labels. */
export interface PodSelection {
  /** Their namespace. @default every namespace */
  readonly namespace?: string;
  /** Labels that all of them have; none are needed to mean every pod. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of a workload. */
export function podsOf({ name, namespace }: Pick<ConnectedWorkload, 'name' | 'namespace'>): PodSelection {
  return { namespace, labels: selectorLabels(name) };
}
