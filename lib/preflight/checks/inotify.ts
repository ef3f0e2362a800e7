import { type Check, notRequired, ok, unknown, warn } from '../check';

/**
 * Promtail uses one instance and watches the folder of each container. The kubelet, systemd and other agents share
 * these limits. At a limit it logs "too many open files" and collects nothing new.
 */
const INSTANCES = 256;
const WATCHES = 8_192;

/** The inotify limits of each node leave room for another agent. */
export const inotify: Check = {
  id: 'inotify',
  source: 'https://github.com/grafana/loki/issues/1153',
  command: 'get nodes',
  *assess(desired, cluster) {
    const agents = desired.kind('DaemonSet').map(({ metadata }) => metadata.name);
    if (!agents.includes('promtail'))
      return notRequired('no Promtail is rendered, and nothing else watches files');
    const read = cluster.inotify;
    if (read.length === 0)
      return unknown(
        [],
        'kernel limits are not in the Kubernetes API',
        'read them in a pod on each node: npm run preflight -- --inotify, if you may exec into node-exporter',
      );
    const nodesNamed = (names: readonly string[]) =>
      cluster.some('Node').filter(({ metadata }) => names.includes(metadata.name));
    for (const { node, instances, watches } of read)
      if (instances < INSTANCES || watches < WATCHES)
        yield warn(
          nodesNamed([node]),
          `${node}: max_user_instances ${instances}, max_user_watches ${watches}`,
          `set fs.inotify.max_user_instances=${Math.max(instances, 1024)} and fs.inotify.max_user_watches=${Math.max(watches, 65_536)} in the user data of the node group`,
        );
    const nodes = nodesNamed(read.map(({ node }) => node));
    return ok(nodes, `max_user_instances and max_user_watches are high enough on ${nodes.length} nodes`);
  },
};
