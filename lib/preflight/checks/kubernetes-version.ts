import { type Check, fail, ok, unknown, warn } from '../check';
import { isVirtual, kubeletVersion } from '../nodes';

/** Oldest minor version that the manifests are tested with, and the oldest that supports all of their fields. */
const TESTED_MINOR = 27;
const REQUIRED_MINOR = 25;

/** No node is newer than the API server, so the newest node gives its minimum version. */
export const kubernetesVersion: Check = {
  id: 'kubernetes-version',
  source: 'https://kubernetes.io/releases/version-skew-policy/',
  command: 'version',
  *assess(_, cluster) {
    // A virtual node reports the version of its provider.
    const nodes = cluster.some('Node').filter((node) => !isVirtual(node));
    const versions = nodes
      .flatMap((node) => /^v1\.(\d+)\./.exec(kubeletVersion(node))?.[1] ?? [])
      .map(Number);
    if (versions.length === 0)
      return unknown(nodes, 'no node reports its version', `find out: ${cluster.kubectl('version')}`);
    const [oldest, newest] = [Math.min(...versions), Math.max(...versions)];
    const observed = `nodes run Kubernetes 1.${oldest}${oldest === newest ? '' : ` to 1.${newest}`}`;
    if (newest < REQUIRED_MINOR)
      return fail(
        nodes,
        observed,
        `upgrade to 1.${REQUIRED_MINOR}, which kube-prometheus-stack requires too`,
      );
    return oldest < TESTED_MINOR
      ? warn(
          nodes,
          observed,
          `the manifests are tested with 1.${TESTED_MINOR} and newer: watch the first rollout`,
        )
      : ok(nodes, observed);
  },
};
