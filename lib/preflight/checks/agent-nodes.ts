import { nameOf } from '../../kubernetes/object';
import { type Check, type Finding, fail, notRequired, ok, unknown, type Values, warn } from '../check';
import { unique } from '../desired';
import type { ObjectOf, Workload } from '../kinds';
import { isVirtual, names, osImage } from '../nodes';
import { mayRunOn, nodesOf, podSpec, untolerated } from '../pods';

type Node = ObjectOf<'Node'>;

/** Operating systems that enforce SELinux by default. Bottlerocket has its own policy. */
const ENFORCES_SELINUX = /CoreOS|Red Hat|CentOS|Fedora|Rocky|AlmaLinux|Oracle Linux|Bottlerocket/;

const runtime = ({ status }: Node) => status?.nodeInfo?.containerRuntimeVersion ?? '';

/** A log agent runs on every node whose logs should be collected, and can read them. */
export const agentNodes: Check = {
  id: 'agent-nodes',
  source:
    'https://kubernetes.io/docs/concepts/cluster-administration/logging/#how-nodes-handle-container-logs',
  command: 'get nodes -o wide --show-labels',
  *assess(desired, cluster) {
    const [agent] = desired.kind('DaemonSet');
    if (agent === undefined) return notRequired('no agent is rendered');
    const nodes = cluster.some('Node');
    const running = nodesOf(agent, nodes);
    yield* withoutAgent(agent, nodes);
    yield* withoutLogs(agent, running);
    return ok(running, `${nameOf(agent)} runs on all ${nodes.length} nodes, and can read their logs`);
  },
};

/** Settings that make the agent tolerate every taint of some nodes. */
function tolerating(nodes: readonly Node[]): { values: Values } {
  const taints = nodes.flatMap(({ spec }) => spec?.taints ?? []);
  const different = new Map(taints.map(({ key, effect }) => [`${key}:${effect}`, { key, effect }]));
  const tolerations = [...different.values()].map((one) => ({ ...one, operator: 'Exists' as const }));
  return { values: { logs: { scheduling: { tolerations } } } };
}

/** Real nodes without the agent. */
function* withoutAgent(agent: Workload, nodes: readonly Node[]): Generator<Finding> {
  const real = nodes.filter((node) => !isVirtual(node));
  const tainted = real.filter((node) => mayRunOn(agent, node) && untolerated(agent, node).length > 0);
  const taints = tainted
    .flatMap((node) => untolerated(agent, node))
    .map(({ key, effect }) => `${key}:${effect}`);
  if (tainted.length > 0)
    yield warn(
      tainted,
      `${nameOf(agent)} does not tolerate ${unique(taints).join(', ')} of ${names(tainted)}: their logs are not collected`,
      'tolerate the taints',
      tolerating(tainted),
    );
  const excluded = real.filter((node) => !mayRunOn(agent, node));
  if (excluded.length > 0)
    yield warn(
      excluded,
      `${nameOf(agent)} does not run on ${names(excluded)} (Windows, Fargate, or a node selector): their logs are not collected`,
      'nothing to do if that is intended; Fargate sends logs with its own log router',
    );
}

/** Nodes on which the agent does not start or cannot read logs. */
function* withoutLogs(agent: Workload, nodes: readonly Node[]): Generator<Finding> {
  const virtual = nodes.filter(isVirtual);
  const real = nodes.filter((node) => !isVirtual(node));
  if (virtual.length > 0)
    yield fail(
      virtual,
      `virtual nodes (${names(virtual)}) run no DaemonSet: a pod of ${nameOf(agent)} would stay Pending there, and its rollout would never finish`,
      'tolerate only the taints of other nodes, and keep a taint on the virtual nodes',
      tolerating(real),
    );
  const docker = real.filter((node) => runtime(node).startsWith('docker://'));
  if (docker.length > 0)
    yield fail(
      docker,
      `Docker runs the containers of ${names(docker)}; its log files have another path and format, so no logs are collected there`,
      'switch the nodes to containerd or CRI-O; Kubernetes removed its Docker support in 1.24',
    );
  const unfamiliar = real.filter((node) => !/^(?:containerd|cri-o|docker):/.test(runtime(node)));
  if (unfamiliar.length > 0)
    yield unknown(
      unfamiliar,
      `unknown log format of the container runtime "${unique(unfamiliar.map(runtime)).join(', ')}" on ${names(unfamiliar)}`,
      'check on such a node that /var/log/pods has regular files with lines such as "2026-01-01T00:00:00Z stdout F text"',
    );
  if (podSpec(agent).containers.some(({ securityContext }) => securityContext?.seLinuxOptions)) return;
  const enforcing = real.filter((node) => ENFORCES_SELINUX.test(osImage(node)));
  // CRI-O labels containers by default, containerd only if configured.
  const confined = enforcing.filter((node) => runtime(node).startsWith('cri-o:'));
  const others = enforcing.filter((node) => !confined.includes(node));
  const words = (some: readonly Node[]) => `${unique(some.map(osImage)).join(', ')} on ${names(some)}`;
  if (confined.length > 0)
    yield fail(
      confined,
      `SELinux of ${words(confined)} does not let the agent read log files`,
      'give the agent another type: docs/nodes.md',
      { values: { logs: { seLinuxOptions: { type: 'spc_t' } } } },
    );
  if (others.length > 0)
    yield unknown(
      others,
      `it was not observed whether SELinux of ${words(others)} lets the agent read log files`,
      `after the rollout, look for "permission denied" in the log of ${nameOf(agent)}; if there is one, set logs.seLinuxOptions: docs/nodes.md`,
    );
}
