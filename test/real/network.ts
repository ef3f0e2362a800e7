import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { type Endpoint, type PacketPort, reaches } from '../../lib/kubernetes/network-reachability';
import type { Manifest } from '../support/render';
import { NODE_ADDRESS } from './sandbox';

/** A pod with a network of its own, and the ports that it has for others. */
export interface NetworkedPod extends Endpoint {
  readonly address: string;
  /** Name of its network namespace. */
  readonly name: string;
  readonly ports: readonly PacketPort[];
}

/** The API server, servers with buckets, and entrances of stores elsewhere. */
const NODE: NetworkedPod = {
  name: 'node',
  address: NODE_ADDRESS,
  ports: ['6443/TCP', '9090/TCP', '9000/TCP', '443/TCP', '8443/TCP'],
};

/** The existing Alertmanager, the only one of the existing pods that the stack connects to. */
export const ALERTMANAGER: NetworkedPod = { ...visitor('alertmanager', '10.42.0.53'), ports: ['9093/TCP'] };

/** Pods of the cluster that the stack is added to. */
export const VISITORS: readonly NetworkedPod[] = [
  { name: 'application', namespace: 'apps', labels: { app: 'shop' }, address: '10.42.0.50', ports: [] },
  visitor('grafana', '10.42.0.51'),
  visitor('prometheus', '10.42.0.52'),
  ALERTMANAGER,
];

function visitor(name: string, address: string): NetworkedPod {
  return { name, namespace: 'monitoring', labels: { 'app.kubernetes.io/name': name }, address, ports: [] };
}

/** A workload of the stack as the network sees it. */
export function networkedPod({ metadata, spec }: Manifest, address: string): NetworkedPod {
  const ports = spec.template.spec.containers.flatMap((container: Manifest) => container.ports);
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    labels: spec.template.metadata.labels,
    address,
    ports: ports.map(({ containerPort, protocol }: Manifest) => `${containerPort}/${protocol}`),
  };
}

/**
 * Holds pods to their NetworkPolicies, as a network plugin would: what is not let through is dropped on the way in,
 * and refused on the way out.
 *
 * It is done by rules of the routing of each pod, which know addresses and ports, as not every machine has a packet
 * filter. They know no connections, so that answers are let through by their ports. The node always gets in.
 */
export function holdToPolicies(policies: readonly Manifest[], pods: readonly NetworkedPod[]): void {
  for (const pod of pods) {
    const others = [...pods, ...VISITORS, NODE].filter((other) => other !== pod);
    const incoming = others.flatMap((other) => connections(policies, other, pod));
    const outgoing = others.flatMap((other) => connections(policies, pod, other));
    const answersToNode = pod.ports.map((port) => ({ address: NODE_ADDRESS, port }));
    const rules = [
      `iif eth0 from ${NODE_ADDRESS} lookup local`,
      ...incoming.map(
        ({ from, port }) => `iif eth0 from ${from.address} ${match('dport', port)} lookup local`,
      ),
      ...outgoing.map(({ to, port }) => `iif eth0 from ${to.address} ${match('sport', port)} lookup local`),
      'iif eth0 ipproto tcp blackhole',
      'iif eth0 ipproto udp blackhole',
      'iif lo to 127.0.0.0/8 lookup local',
      `iif lo to ${pod.address} lookup local`,
      ...outgoing.map(({ to, port }) => `iif lo to ${to.address} ${match('dport', port)} lookup main`),
      ...[...incoming.map(({ from, port }) => ({ address: from.address, port })), ...answersToNode].map(
        ({ address, port }) => `iif lo to ${address} ${match('sport', port)} lookup main`,
      ),
      'iif lo ipproto tcp prohibit',
      'iif lo ipproto udp prohibit',
      'lookup local',
    ];
    const batch = [...rules.map((rule, index) => `rule add pref ${index + 1} ${rule}`), 'rule del pref 0'];
    execFileSync('ip', ['-n', pod.name, '-batch', '-'], { input: `${batch.join('\n')}\n` });
  }
}

/** What one pod may open to another. */
function connections(policies: readonly Manifest[], from: NetworkedPod, to: NetworkedPod) {
  return to.ports.filter((port) => reaches(policies, from, to, port)).map((port) => ({ from, to, port }));
}

function match(end: 'sport' | 'dport', port: PacketPort): string {
  const [number, protocol = ''] = port.split('/');
  return `ipproto ${protocol.toLowerCase()} ${end} ${number}`;
}

/** Whether a connection by TCP is made from one pod to a port of another. */
export async function connects(from: NetworkedPod, to: NetworkedPod, port: PacketPort): Promise<boolean> {
  const [number] = port.split('/');
  const open = ['bash', '-c', `: < /dev/tcp/${to.address}/${number}`];
  try {
    await promisify(execFile)('ip', ['netns', 'exec', from.name, 'timeout', '2', ...open]);
    return true;
  } catch {
    return false;
  }
}
