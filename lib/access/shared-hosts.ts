import type { Problem } from '../values/problem';
import type { ClusterValues } from '../values/read-clusters';

const STORES = ['loki', 'tempo'] as const;
type Hosts = Readonly<Record<(typeof STORES)[number], string>>;

interface ExposedStores {
  readonly ingress: { readonly enabled: boolean; readonly hosts: Hosts };
  readonly gateway: {
    readonly enabled: boolean;
    readonly hosts: Hosts & { readonly otlp: string };
    readonly otlp: { readonly enabled: boolean };
  };
  readonly loki: { readonly enabled: boolean };
  readonly tempo: { readonly enabled: boolean };
}

/** Host names that another cluster already serves. DNS can resolve each name to only one of them. */
export function sharedHostProblems(clusters: readonly ClusterValues<ExposedStores>[]): Problem[] {
  const taken = new Map<string, string>();
  return clusters.flatMap(({ name, source, settings }) =>
    exposed(settings).flatMap(({ path, host }) => {
      const owner = taken.get(host) ?? name;
      taken.set(host, owner);
      // An Ingress and a Gateway of one cluster may serve the same name while DNS moves from one to the other.
      if (owner === name) return [];
      const message = `must not be ${host}, which values/${owner}.yaml already serves; give each cluster its own host names`;
      return [source.contradiction([path, 'cluster.domain'], message)];
    }),
  );
}

/** Every host name outside the cluster, and its setting. */
function exposed({ ingress, gateway, ...stores }: ExposedStores) {
  const queries = (section: 'ingress' | 'gateway', hosts: Hosts) =>
    STORES.filter((store) => stores[store].enabled).map((store) => ({
      path: `${section}.hosts.${store}`,
      host: hosts[store],
    }));
  return [
    ...(ingress.enabled ? queries('ingress', ingress.hosts) : []),
    ...(gateway.enabled ? queries('gateway', gateway.hosts) : []),
    ...(gateway.otlp.enabled ? [{ path: 'gateway.otlp.host', host: gateway.hosts.otlp }] : []),
  ];
}
