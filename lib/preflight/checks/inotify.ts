import { type Check, ok, unknown, warn } from '../check';

/**
 * Promtail takes one instance, and watches the folder of each container; the kubelet, systemd and other agents
 * take of the same limits. At a limit it says "too many open files" and collects nothing new.
 */
const INSTANCES = 256;
const WATCHES = 8_192;

/** The limits of inotify on each node leave room for a further agent. */
export const inotify: Check = {
  id: 'inotify',
  source: 'https://github.com/grafana/loki/issues/1153',
  judge(_, cluster) {
    if (cluster.inotify.length === 0)
      return [
        unknown(
          'limits of the kernel are not in the Kubernetes API',
          'read them in a pod of each node: npm run preflight -- --inotify, where kubectl may exec into node-exporter',
        ),
      ];
    const low = cluster.inotify.filter(
      ({ instances, watches }) => instances < INSTANCES || watches < WATCHES,
    );
    if (low.length === 0)
      return [
        ok(`max_user_instances and max_user_watches are high enough on ${cluster.inotify.length} nodes`),
      ];
    return low.map(({ node, instances, watches }) =>
      warn(
        `${node}: max_user_instances ${instances}, max_user_watches ${watches}`,
        `set fs.inotify.max_user_instances=${Math.max(instances, 1024)} and fs.inotify.max_user_watches=${Math.max(watches, 65_536)} in the user data of the node group`,
      ),
    );
  },
};
