import { PART_OF } from '../constructs/labels';
import { textAt } from '../kubernetes/json';
import { peerInWords, portInWords, rulesOf } from '../kubernetes/network-policy';
import type { KubernetesObject } from '../kubernetes/object';
import { MANY_CLUSTERS } from '../values/read-clusters';

/** A cluster, and the NetworkPolicies that are rendered for it. */
export interface ProtectedCluster {
  readonly name: string;
  readonly policies: readonly KubernetesObject[];
}

/**
 * Whom the NetworkPolicies of some clusters let in, for a terminal: a line for each port that anyone but the stack
 * reaches. Of many clusters, only what is open to addresses and to every pod.
 */
export function printedAccess(clusters: readonly ProtectedCluster[]): string {
  const lines = clusters.flatMap(({ name, policies }) =>
    policies.length > 0
      ? policies.flatMap((policy) => admitted(policy).map((line) => `${name}: ${line}`))
      : [`${name}: no NetworkPolicies; every pod of the cluster may read and write logs and traces`],
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
