import type { Problem } from '../values/problem';
import type { ClusterValues } from '../values/read-clusters';
import type { IngressSettings } from './settings';

interface ExposedStores {
  readonly ingress: IngressSettings;
  readonly loki: { readonly enabled: boolean };
  readonly tempo: { readonly enabled: boolean };
}

/** Host names that another cluster already serves. DNS can resolve each name to only one of them. */
export function sharedHostProblems(clusters: readonly ClusterValues<ExposedStores>[]): Problem[] {
  const taken = new Map<string, string>();
  return clusters.flatMap(({ name, source, settings }) => {
    const { ingress } = settings;
    if (!ingress.enabled) return [];
    const exposed = (['loki', 'tempo'] as const).filter((component) => settings[component].enabled);
    return exposed.flatMap((component) => {
      const host = ingress.hosts[component];
      const owner = taken.get(host);
      if (owner === undefined) {
        taken.set(host, name);
        return [];
      }
      const message = `must not be ${host}, which values/${owner}.yaml already serves; give each cluster its own host names`;
      return [source.contradiction([`ingress.hosts.${component}`, 'cluster.domain'], message)];
    });
  });
}
