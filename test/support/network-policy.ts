import { BlockList, isIPv6 } from 'node:net';
import type { Manifest } from './render';

/** Somebody who connects or is connected to: a pod where it has a namespace, otherwise an address only. */
export interface Party {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly address: string;
}

/** A port as a packet carries it, such as `3100/TCP`. */
export type PortOfPacket = `${number}/${'TCP' | 'UDP'}`;

/**
 * Whether NetworkPolicies let a connection through: the egress rules of its source, if it is a pod, and the ingress
 * rules of its destination, if that is one.
 *
 * Blocks of addresses are matched against pods too, which Kubernetes leaves open and the network plugin of EKS does.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export function reaches(policies: readonly Manifest[], from: Party, to: Party, port: PortOfPacket): boolean {
  return permitted(policies, 'Egress', from, to, port) && permitted(policies, 'Ingress', to, from, port);
}

function permitted(
  policies: readonly Manifest[],
  direction: 'Ingress' | 'Egress',
  pod: Party,
  other: Party,
  port: PortOfPacket,
): boolean {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      policyTypes(spec).includes(direction) &&
      selects(spec.podSelector, pod.labels ?? {}),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) =>
    ((direction === 'Ingress' ? spec.ingress : spec.egress) ?? []).some((rule: Manifest) => {
      const peers = direction === 'Ingress' ? rule.from : rule.to;
      return (
        matches(peers, (peer) => isPeer(peer, other, pod.namespace)) &&
        matches(rule.ports, (one) => isPort(one, port))
      );
    }),
  );
}

/** Without the field, a policy is for what comes in, and for what goes out if it has rules for that. */
function policyTypes(spec: Manifest): string[] {
  return spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
}

/** An empty list, or none, means all. */
function matches(list: readonly Manifest[] | undefined, test: (one: Manifest) => boolean): boolean {
  return list === undefined || list.length === 0 || list.some(test);
}

function isPeer(peer: Manifest, other: Party, namespaceOfPolicy: string | undefined): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return inBlocks([cidr], other.address) && !inBlocks(except, other.address);
  }
  if (other.namespace === undefined) return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace })
    : other.namespace === namespaceOfPolicy;
  return inNamespace && selects(peer.podSelector ?? {}, other.labels ?? {});
}

function isPort({ port, endPort, protocol = 'TCP' }: Manifest, wanted: PortOfPacket): boolean {
  const [number, transport] = wanted.split('/');
  if (protocol !== transport) return false;
  if (typeof port === 'string') throw new Error(`a port by its name, ${port}, is not evaluated here`);
  return port === undefined || (Number(number) >= port && Number(number) <= (endPort ?? port));
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Manifest,
  labels: Readonly<Record<string, string>>,
) {
  const holds = ({ key, operator, values = [] }: Manifest): boolean => {
    switch (operator) {
      case 'In':
        return values.includes(labels[key]);
      case 'NotIn':
        return !values.includes(labels[key]);
      case 'Exists':
        return key in labels;
      case 'DoesNotExist':
        return !(key in labels);
      default:
        throw new Error(`there is no operator ${operator}`);
    }
  };
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(holds)
  );
}

function inBlocks(cidrs: readonly string[], address: string): boolean {
  const family = (one: string) => (isIPv6(one) ? 'ipv6' : 'ipv4');
  const blocks = new BlockList();
  for (const cidr of cidrs) {
    const [first = '', length] = cidr.split('/');
    blocks.addSubnet(first, Number(length), family(first));
  }
  return blocks.check(address, family(address));
}
