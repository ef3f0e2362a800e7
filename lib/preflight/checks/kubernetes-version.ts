import { type Check, fail, ok, unknown, warn } from '../check';
import type { Node } from '../kinds';

/** Oldest minor version whose schema the manifests are tested with, and the oldest that knows every field of them. */
const TESTED_MINOR = 27;
const NEEDED_MINOR = 25;

/** No node is newer than the API server, so that the newest of them says what that is at least. */
export const kubernetesVersion: Check = {
  id: 'kubernetes-version',
  source: 'https://kubernetes.io/releases/version-skew-policy/',
  judge(_, cluster) {
    const versions = cluster
      .all<Node>('Node')
      .map(({ status }) => /^v1\.(\d+)\./.exec(status.nodeInfo.kubeletVersion))
      .filter((match) => match !== null)
      .map((match) => Number(match[1]));
    if (versions.length === 0)
      return [unknown('no node says its version', 'look: kubectl version; at least 1.25 is needed')];
    const [oldest, newest] = [Math.min(...versions), Math.max(...versions)];
    const evidence = `nodes run Kubernetes 1.${oldest}${oldest === newest ? '' : ` to 1.${newest}`}`;
    if (newest < NEEDED_MINOR)
      return [
        fail(
          evidence,
          `upgrade the cluster to 1.${NEEDED_MINOR} or newer, as kube-prometheus-stack asks too`,
        ),
      ];
    return oldest < TESTED_MINOR
      ? [
          warn(
            evidence,
            `the manifests are tested with 1.${TESTED_MINOR} and newer: watch the first roll-out`,
          ),
        ]
      : [ok(evidence)];
  },
};
