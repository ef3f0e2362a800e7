import { selectorLabels } from './labels';
import type { NamedPort } from './service';

/** Pods, by their namespace and their labels. */
export interface PodSelection {
  /** Their namespace. @default every namespace */
  readonly namespace?: string;
  /** Labels that all of them have; none are needed to mean every pod. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One end of a connection: pods, addresses, or both. */
export interface Peer {
  readonly pods: readonly PodSelection[];
  /** Blocks of addresses that no pod has, such as those of a load balancer or of the API server. */
  readonly cidrs: readonly string[];
}

/** The pods of a workload of this stack, whose name is also that of its NetworkPolicy. */
export interface Workload extends Peer {
  readonly name: string;
  readonly namespace: string;
}

/** A port as a packet carries it. */
export type Port = Pick<NamedPort, 'port' | 'protocol'>;

/** Who may connect to whom, and on which ports. */
export interface Edge {
  readonly from: readonly Peer[];
  readonly to: Peer;
  readonly ports: readonly Port[];
}

/** The pods that {@link selectorLabels} select. */
export function workload({ name, namespace }: { name: string; namespace: string }): Workload {
  return { name, namespace, pods: [{ namespace, labels: selectorLabels(name) }], cidrs: [] };
}
