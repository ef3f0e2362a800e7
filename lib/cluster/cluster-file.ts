import type { ClusterSettings } from './settings';

/** Name of the file, next to the manifests; `kubectl apply`, Argo CD and Flux read no `.txt`. */
export const CLUSTER_FILE = 'cluster.txt';

/**
 * What ties manifests to one cluster: a line for each of `context` and `apiServer` that the values name, for scripts
 * that must run without Node.
 *
 * @returns undefined where the values name neither.
 */
export function clusterFile({ context, apiServer }: ClusterSettings): string | undefined {
  const lines = Object.entries({ context, apiServer }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${value.replace(/\/$/, '')}\n`],
  );
  return lines.length > 0 ? lines.join('') : undefined;
}
