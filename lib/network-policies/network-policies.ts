import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Edge, Peer, PodSelection, Port, Workload } from '../constructs/connection';
import { resourceLabels, selectorLabels } from '../constructs/labels';

/** Properties of {@link NetworkPolicies}. */
export interface NetworkPoliciesProps {
  /** Every workload of the stack; each gets a policy, also where no edge leads to it. */
  readonly workloads: readonly Workload[];
  /** Every connection that there may be. */
  readonly edges: readonly Edge[];
}

/**
 * Denies the pods of each workload every connection, in and out, that is not an edge.
 *
 * Both ends of an edge between two workloads are opened, as a connection needs both. Ports are numbers: not every
 * network plugin resolves names of ports on the way out. The probes of the kubelet and `kubectl port-forward` need no
 * edge, as a node always reaches its own pods.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, { workloads, edges }: NetworkPoliciesProps) {
    super(scope, id);

    for (const workload of workloads) {
      const { name, namespace } = workload;
      const ingress = edges
        .filter(({ to }) => to === workload)
        .map(({ from, ports }) => ({ from: from.flatMap(policyPeers), ports: ports.map(policyPort) }));
      const egress = edges
        .filter(({ from }) => from.includes(workload))
        .map(({ to, ports }) => ({ to: policyPeers(to), ports: ports.map(policyPort) }));
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
