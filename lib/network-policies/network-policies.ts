import { Construct } from 'constructs';
import {
  type ConnectedWorkload,
  type Need,
  type Neighbour,
  type PodSelection,
  type Port,
  podsOf,
} from '../constructs/connections';
import { k8s } from '../constructs/k8s';
import { type Component, resourceLabels, selectorLabels } from '../constructs/labels';
import type { Peer } from './peers';

/** Properties of {@link NetworkPolicies}. */
export interface NetworkPoliciesProps {
  /** Every workload of the stack. Each gets a policy, even without connections. */
  readonly workloads: readonly ConnectedWorkload[];
  /** Existing workloads that the stack communicates with. */
  readonly neighbours: Readonly<Record<Neighbour, Peer>>;
}

/**
 * Denies the pods of each workload all ingress and egress that no component declares.
 *
 * A connection between two workloads requires a rule on both ends. Ports are numbers, because not every network
 * plugin resolves port names for egress. The kubelet's probes and `kubectl port-forward` need no rule: a node can
 * always reach its own pods.
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
        ...distinct(needs.map((need) => neededPeer(need, neighbours))).map(({ to, ports }) => ({
          to: policyPeers(to),
          ports: ports.map(policyPort),
        })),
      ];
      new k8s.KubeNetworkPolicy(this, name, {
        metadata: { name, namespace, labels: resourceLabels(name, 'network') },
        spec: {
          podSelector: { matchLabels: selectorLabels(name) },
          policyTypes: ['Ingress', 'Egress'],
          // A rule without a peer would allow everyone. The API server does not store empty lists.
          ingress: unlessEmpty(ingress.filter(({ from }) => from.length > 0)),
          egress: unlessEmpty(egress.filter(({ to }) => to.length > 0)),
        },
      });
    }
  }
}

/** Whom a workload connects to, and where; a server whose own ports are known listens on these. */
function neededPeer(need: Need, neighbours: NetworkPoliciesProps['neighbours']) {
  const { to, ports } = typeof need === 'string' ? { to: need, ports: [] } : need;
  const peer = neighbours[to];
  return { to: peer, ports: peer.ports ?? ports };
}

/** Each rule once: a bucket and what hands out its credentials may have the same address and port. */
function distinct<T>(rules: readonly T[]): T[] {
  return [...new Map(rules.map((one) => [JSON.stringify(one), one])).values()];
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
