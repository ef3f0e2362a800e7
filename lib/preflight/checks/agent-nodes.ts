import { type Check, type Finding, ok, warn } from '../check';
import type { Node, Workload } from '../kinds';
import { show } from '../objects';
import { mayRunOn, untolerated } from '../selectors';

/** A log agent runs on every node whose logs are wanted. */
export const agentNodes: Check = {
  id: 'agent-nodes',
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  judge(wanted, cluster) {
    const nodes = cluster.all<Node>('Node');
    return wanted.kind<Workload>('DaemonSet').flatMap((agent) => judgeAgent(agent, nodes));
  },
};

function judgeAgent(agent: Workload, nodes: readonly Node[]): Finding[] {
  const pod = agent.spec.template.spec;
  const barred = nodes.filter((node) => mayRunOn(pod, node) && untolerated(pod, node).length > 0);
  const left = nodes.filter((node) => !mayRunOn(pod, node));
  const names = (some: readonly Node[]) => some.map(({ metadata }) => metadata.name).join(', ');
  const findings: Finding[] = [];
  if (barred.length > 0) {
    const taints = barred.flatMap((node) => untolerated(pod, node));
    const tolerations = [
      ...new Map(
        taints.map(({ key, effect }) => [`${key}:${effect}`, { key, operator: 'Exists', effect }]),
      ).values(),
    ];
    findings.push(
      warn(
        `${show(agent)} does not tolerate ${tolerations.map(({ key, effect }) => `${key}:${effect}`).join(', ')} of ${names(barred)}: their logs are not collected`,
        'tolerate the taints',
        { ours: { [agent.metadata.name]: { scheduling: { tolerations } } } },
      ),
    );
  }
  if (left.length > 0)
    findings.push(
      warn(
        `${show(agent)} does not run on ${names(left)} (Windows, Fargate, or a node selector): their logs are not collected`,
        'nothing to do where that is meant; Fargate sends logs by its own log router',
      ),
    );
  return findings.length > 0 ? findings : [ok(`${show(agent)} runs on all ${nodes.length} nodes`)];
}
