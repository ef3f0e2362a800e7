import { at, type Json, listAt, textAt } from './json';
import { type LabelSelector, labelSelectorAt, requirementsInWords } from './selectors';

/** Label that the API server sets on every namespace. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** A direction of traffic, as in `policyTypes`. */
export type Direction = 'Ingress' | 'Egress';

/** One rule of a policy: every peer may connect to every port. */
export interface PolicyRule {
  /** Peers. An empty list means everyone. */
  readonly peers: readonly Json[];
  /** Ports. An empty list means all ports. */
  readonly ports: readonly Json[];
}

/**
 * Directions that a policy restricts for its pods.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export function directionsOf(policy: unknown): Direction[] {
  const written = listAt(policy, 'spec', 'policyTypes').map(String) as Direction[];
  if (written.length > 0) return written;
  return at(policy, 'spec', 'egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

/** Rules of a policy for one direction. */
export function rulesOf(policy: unknown, direction: Direction): PolicyRule[] {
  const [rules, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  return listAt(policy, 'spec', rules).map((rule) => ({
    peers: listAt(rule, peers),
    ports: listAt(rule, 'ports'),
  }));
}

/** Describes every connection that a policy allows: `from pods with app=grafana on 3100/TCP`. */
export function allowedConnections(policy: unknown): string[] {
  const connections = directionsOf(policy).flatMap((direction) =>
    rulesOf(policy, direction).flatMap(({ peers, ports }) => {
      const word = direction === 'Ingress' ? 'from' : 'to';
      const where = ports.length === 0 ? ['any port'] : ports.map(portInWords);
      return (peers.length === 0 ? ['everyone'] : peers.map((peer) => peerInWords(peer))).flatMap((who) =>
        where.map((port) => `${word} ${who} on ${port}`),
      );
    }),
  );
  return [...new Set(connections)];
}

/** Describes the pods that a policy selects. */
export function policyPods(policy: unknown): string {
  return selected('pods', labelSelectorAt(policy, 'spec', 'podSelector'));
}

/** Describes a peer: `pods with app=grafana in namespace monitoring`, or an address block. */
export function peerInWords(peer: unknown): string {
  const cidr = textAt(peer, 'ipBlock', 'cidr');
  if (cidr !== undefined) {
    const except = listAt(peer, 'ipBlock', 'except').map(String);
    return `addresses ${cidr}${except.length > 0 ? ` except ${except.join(', ')}` : ''}`;
  }
  const pods = selected('pods', labelSelectorAt(peer, 'podSelector'));
  if (at(peer, 'namespaceSelector') === undefined) return pods;
  const namespaces = labelSelectorAt(peer, 'namespaceSelector');
  const name = namespaces.matchLabels?.[NAMESPACE_NAME_LABEL];
  const isNamed = name !== undefined && requirementsInWords(namespaces).length === 1;
  return `${pods} in ${isNamed ? `namespace ${name}` : selected('namespaces', namespaces)}`;
}

/** Describes a port: `3100/TCP`, `80-90/TCP`. */
export function portInWords(port: unknown): string {
  const end = textAt(port, 'endPort');
  return `${textAt(port, 'port') ?? 'any port'}${end === undefined ? '' : `-${end}`}/${textAt(port, 'protocol') ?? 'TCP'}`;
}

function selected(noun: string, selector: LabelSelector): string {
  const requirements = requirementsInWords(selector);
  return requirements.length === 0 ? `all ${noun}` : `${noun} with ${requirements.join(', ')}`;
}
