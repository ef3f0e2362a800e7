import { PART_OF } from '../constructs/labels';
import { textAt } from '../kubernetes/json';
import { peerInWords, portInWords, rulesOf } from '../kubernetes/network-policy';
import type { KubernetesObject } from '../kubernetes/object';
import { MANY_CLUSTERS } from '../values/read-clusters';

/** A cluster and the NetworkPolicies rendered for it. */
export interface ProtectedCluster {
  readonly name: string;
  readonly policies: readonly KubernetesObject[];
}

/**
 * Who may connect under the NetworkPolicies of the clusters, for a terminal: one line per port that is reachable from
 * outside the stack. For many clusters, only ports that are open to addresses or to every pod.
 */
export function printedAccess(clusters: readonly ProtectedCluster[]): string {
  const lines = clusters.flatMap(({ name, policies }) =>
    policies.length > 0
      ? policies.flatMap((policy) => admitted(policy).map((line) => `${name}: ${line}`))
      : [`${name}: no NetworkPolicies; every pod in the cluster can read and write logs and traces`],
  );
  const isWide = (line: string) => /addresses|all pods|every pod/.test(line);
  return (clusters.length < MANY_CLUSTERS ? lines : lines.filter(isWide)).join('\n');
}

function admitted(policy: KubernetesObject): string[] {
  return rulesOf(policy, 'Ingress').flatMap(({ peers, ports }) => {
    const blocks = peers.flatMap((peer) => textAt(peer, 'ipBlock', 'cidr') ?? []);
    const pods = peers
      .filter((peer) => textAt(peer, 'ipBlock', 'cidr') === undefined)
      .map((peer) => peerInWords(peer));
    const others = pods.filter((words) => !words.includes(PART_OF));
    const who = [...others, ...(blocks.length > 0 ? [`addresses ${blocks.join(', ')}`] : [])];
    const where = `${policy.metadata.name} on ${ports.map(portInWords).join(', ')}`;
    return who.length > 0 ? [`${where} is open to ${who.join('; ')}`] : [];
  });
}
