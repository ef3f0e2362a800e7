import { BlockList, isIPv6 } from 'node:net';
import { at, type Json, listAt, textAt } from './json';
import { type Direction, directionsOf, NAMESPACE_NAME_LABEL, rulesOf } from './network-policy';
import { labelSelectorAt, selects } from './selectors';

type Labels = Readonly<Record<string, string>>;

/** One end of a connection: a pod if it has a namespace, otherwise an address. */
export interface Endpoint {
  readonly namespace?: string;
  /** Labels of the namespace, in addition to its name. */
  readonly namespaceLabels?: Labels;
  readonly labels?: Labels;
  /** Missing if only selectors can match. */
  readonly address?: string;
}

/** A port of a packet, such as `3100/TCP`. */
export type PacketPort = `${number}/${'TCP' | 'UDP' | 'SCTP'}`;

/**
 * Whether NetworkPolicies allow a connection. If the source is a pod, its egress rules must allow it. If the
 * destination is a pod, its ingress rules must allow it.
 *
 * Address blocks also match pods. Kubernetes leaves this undefined, and the network plugin of EKS does so.
 *
 * @param policies NetworkPolicies of all namespaces.
 */
export function reaches(
  policies: readonly unknown[],
  from: Endpoint,
  to: Endpoint,
  port: PacketPort,
): boolean {
  return allows(policies, 'Egress', from, to, port) && allows(policies, 'Ingress', to, from, port);
}

/** Whether NetworkPolicies allow one direction of a connection for a pod. */
export function allows(
  policies: readonly unknown[],
  direction: Direction,
  pod: Endpoint,
  peer: Endpoint,
  port: PacketPort,
): boolean {
  const selecting = policies.filter(
    (policy) =>
      textAt(policy, 'metadata', 'namespace') === pod.namespace &&
      directionsOf(policy).includes(direction) &&
      selects(labelSelectorAt(policy, 'spec', 'podSelector'), pod.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some((policy) =>
    rulesOf(policy, direction).some(
      ({ peers, ports }) =>
        (peers.length === 0 || peers.some((one) => isPeer(one, peer, pod.namespace))) &&
        (ports.length === 0 || ports.some((one) => isPort(one, port))),
    ),
  );
}

function isPeer(
  peer: Json,
  { namespace, namespaceLabels, labels, address }: Endpoint,
  ofPolicy?: string,
): boolean {
  const cidr = textAt(peer, 'ipBlock', 'cidr');
  if (cidr !== undefined) {
    const except = listAt(peer, 'ipBlock', 'except').map(String);
    return address !== undefined && inBlocks([cidr], address) && !inBlocks(except, address);
  }
  if (namespace === undefined) return false;
  const inNamespace =
    at(peer, 'namespaceSelector') === undefined
      ? namespace === ofPolicy
      : selects(labelSelectorAt(peer, 'namespaceSelector'), {
          ...namespaceLabels,
          [NAMESPACE_NAME_LABEL]: namespace,
        });
  return inNamespace && selects(labelSelectorAt(peer, 'podSelector'), labels);
}

function isPort(allowed: Json, wanted: PacketPort): boolean {
  const [number, protocol] = wanted.split('/');
  if ((textAt(allowed, 'protocol') ?? 'TCP') !== protocol) return false;
  const first = at(allowed, 'port');
  if (typeof first === 'string') throw new Error(`named ports are not evaluated: ${first}`);
  return (
    first === undefined ||
    (Number(number) >= Number(first) && Number(number) <= Number(at(allowed, 'endPort') ?? first))
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
