import { type Check, fail, ok, warn } from '../check';
import type { Workload } from '../kinds';
import { isOwn, show } from '../objects';

/** Folders of a node by which an agent reads the logs of pods. */
const LOG_FOLDERS = ['/var/log', '/var/log/pods', '/var/log/containers', '/var/lib/docker/containers'];

/** No other agent reads the same files, or keeps its positions where ours does. */
export const logAgents: Check = {
  id: 'log-agents',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#using-a-node-logging-agent',
  judge(wanted, cluster) {
    const others = cluster.all<Workload>('DaemonSet').filter((workload) => !isOwn(workload));
    const ownState = wanted
      .kind<Workload>('DaemonSet')
      .flatMap(hostPaths)
      .filter((path) => !LOG_FOLDERS.includes(path));
    const sharing = others.filter((other) => hostPaths(other).some((path) => ownState.includes(path)));
    const reading = others.filter((other) => hostPaths(other).some((path) => LOG_FOLDERS.includes(path)));
    const findings = [
      ...sharing.map((other) =>
        fail(
          `${show(other)} keeps its state in ${hostPaths(other)
            .filter((path) => ownState.includes(path))
            .join(', ')} of each node, as our agent does`,
          'remove it first: docs/move-in.md',
        ),
      ),
      ...reading.map((other) =>
        warn(
          `${show(other)} reads the logs of pods too`,
          'both send each line; keep it if it sends elsewhere, else remove it once logs arrive: docs/move-in.md',
        ),
      ),
    ];
    return findings.length > 0 ? findings : [ok('no other agent reads the logs of pods')];
  },
};

function hostPaths({ spec }: Workload): string[] {
  return (spec.template.spec.volumes ?? []).flatMap(
    ({ hostPath }) => hostPath?.path.replace(/(.)\/$/, '$1') ?? [],
  );
}
