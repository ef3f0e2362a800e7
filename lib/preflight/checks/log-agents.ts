import { nameOf } from '../../kubernetes/object';
import { type Check, fail, notRequired, ok, warn } from '../check';
import { isOwn } from '../desired';
import { hostPaths } from '../pods';

/** Folders of a node through which an agent reads the logs of pods. */
const LOG_FOLDERS = ['/var/log', '/var/log/pods', '/var/log/containers', '/var/lib/docker/containers'];

/** The check has no fault to report about it: logs are collected. */
const PROMTAIL_ENDED =
  '; Promtail reached its end of life on 2026-03-02, and logs.agent otel replaces it: docs/logs.md#switch-the-log-agent';

/** No other agent reads the same files, or keeps its positions in the same place. */
export const logAgents: Check = {
  id: 'log-agents',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#using-a-node-logging-agent',
  command: 'get daemonsets --all-namespaces -o wide',
  *assess(desired, cluster) {
    const agents = desired.kind('DaemonSet');
    if (agents.length === 0) return notRequired('no agent is rendered');
    const others = cluster.all('DaemonSet').filter((workload) => !isOwn(workload));
    const state = agents.flatMap(hostPaths).filter((path) => !LOG_FOLDERS.includes(path));
    for (const other of others) {
      const shared = hostPaths(other).filter((path) => state.includes(path));
      if (shared.length > 0)
        yield fail(
          [other],
          `${nameOf(other)} keeps its state in ${shared.join(', ')} of each node, like the agent of this stack`,
          'remove it first: docs/move-in.md',
        );
      if (hostPaths(other).some((path) => LOG_FOLDERS.includes(path)))
        yield warn(
          [other],
          `${nameOf(other)} reads the logs of pods too`,
          'both send each line; keep it if it sends elsewhere, otherwise remove it when logs arrive: docs/move-in.md',
        );
    }
    // Nodes are what was seen where no DaemonSet exists.
    const ended = agents.some(({ metadata }) => metadata.name === 'promtail') ? PROMTAIL_ENDED : '';
    return ok(
      others.length > 0 ? others : cluster.some('Node'),
      `no other agent reads the logs of pods${ended}`,
    );
  },
};
