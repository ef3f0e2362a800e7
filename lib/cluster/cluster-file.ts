import type { ClusterSettings } from './settings';

/** File name, next to the manifests. `kubectl apply`, Argo CD and Flux ignore `.txt` files. */
export const CLUSTER_FILE = 'cluster.txt';

/**
 * The file that ties manifests to one cluster, for scripts that must run without Node. It has one line each for
 * `context` and `apiServer`, if set.
 *
 * @returns undefined if the values set neither.
 */
export function clusterFile({ context, apiServer }: ClusterSettings): string | undefined {
  const lines = Object.entries({ context, apiServer }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${value.replace(/\/$/, '')}\n`],
  );
  return lines.length > 0 ? lines.join('') : undefined;
}
