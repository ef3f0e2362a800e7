import type { Problem } from '../values/problem';
import type { ClusterValues } from '../values/read-clusters';
import type { ClusterSettings } from './settings';

/** Names that another cluster already uses. In a store with data from both, they would be indistinguishable. */
export function sharedNameProblems(
  clusters: readonly ClusterValues<{ readonly cluster: ClusterSettings }>[],
): Problem[] {
  const owners = new Map<string, string>();
  return clusters.flatMap(({ name: file, source, settings: { cluster } }) => {
    if (cluster.name === undefined) return [];
    const owner = owners.get(cluster.name);
    if (owner === undefined) {
      owners.set(cluster.name, file);
      return [];
    }
    const message = `must not be ${cluster.name}, which is the name in values/${owner}.yaml; give each cluster its own name`;
    return [source.contradiction(['cluster.name'], message)];
  });
}
