import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  type ConnectedWorkload,
  type Neighbour,
  type PodSelection,
  type Port,
  podsOf,
} from '../constructs/connections';
import { type Component, resourceLabels, selectorLabels } from '../constructs/labels';
import type { Peer } from './peers';

/** Properties of {@link NetworkPolicies}. */
export interface NetworkPoliciesProps {
  /** Every workload of the stack; each gets a policy, also where it has no connection. */
  readonly workloads: readonly ConnectedWorkload[];
  /** Those that the stack talks with and does not run. */
  readonly neighbours: Readonly<Record<Neighbour, Peer>>;
}

/**
 * Denies the pods of each workload every connection, in and out, that no component declares.
 *
 * Both ends of a connection between two workloads are opened, as it needs both. Ports are numbers: not every
 * network plugin resolves names of ports on the way out. The probes of the kubelet and `kubectl port-forward` need no
 * rule, as a node always reaches its own pods.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, { workloads, neighbours }: NetworkPoliciesProps) {
    super(scope, id);

    const peersOf = (party: Component | Neighbour) =>
      party in neighbours
        ? policyPeers(neighbours[party as Neighbour])
        : workloads.filter(({ component }) => component === party).map((one) => podPeer(podsOf(one)));

    for (const { name, namespace, component, accepts, needs } of workloads) {
      const ingress = accepts.map(({ from, ports }) => ({
        from: from.flatMap(peersOf),
        ports: ports.map(policyPort),
      }));
      const servers = workloads.flatMap((server) =>
        server.accepts
          .filter(({ from }) => from.includes(component))
          .map(({ ports }) => ({ to: [podPeer(podsOf(server))], ports: ports.map(policyPort) })),
      );
      const egress = [
        ...servers,
        ...needs.map((neighbour) => ({
          to: peersOf(neighbour),
          ports: (neighbours[neighbour].ports ?? []).map(policyPort),
        })),
      ];
      new k8s.KubeNetworkPolicy(this, name, {
        metadata: { name, namespace, labels: resourceLabels(name, 'network') },
        spec: {
          podSelector: { matchLabels: selectorLabels(name) },
          policyTypes: ['Ingress', 'Egress'],
          // A rule without a peer would mean everybody. The API server stores no list that is empty.
          ingress: unlessEmpty(ingress.filter(({ from }) => from.length > 0)),
          egress: unlessEmpty(egress.filter(({ to }) => to.length > 0)),
        },
      });
    }
  }
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function policyPort({ port, protocol }: Port): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(port), protocol: protocol ?? 'TCP' };
}

function policyPeers({ pods, cidrs }: Peer): k8s.NetworkPolicyPeer[] {
  return [...pods.map(podPeer), ...cidrs.map((cidr) => ({ ipBlock: { cidr } }))];
}

function podPeer({ namespace, labels }: PodSelection): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector:
      namespace === undefined ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: Object.keys(labels).length === 0 ? undefined : { matchLabels: labels },
  };
}
