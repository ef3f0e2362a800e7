import type { TenantsSettings } from '../tenants/settings';
import { tenantsOf } from '../tenants/tenants';
import type { ClusterValues } from '../values/read-clusters';
import { type DatasourceIdentity, ownDatasources, tenantDatasources } from './own-datasources';

/** The part of a cluster's settings that concerns its Grafana. */
type GrafanaCluster = ClusterValues<{
  readonly grafana: { readonly datasourceSuffix?: string | undefined };
  readonly tenants: TenantsSettings;
}>;

/**
 * Terminal output about conflicts that synth cannot check, because only the Grafana of a cluster knows its datasources.
 * Prints one line per set of names.
 */
export function printedDatasources(clusters: readonly GrafanaCluster[]): string {
  // Without a default cluster, preflight requires --values.
  const values = clusters.some(({ name }) => name === 'default') ? '' : ' --values <name>';
  const sets = clusters.map(({ settings: { grafana, tenants } }) => {
    const own = ownDatasources(grafana.datasourceSuffix);
    return [...Object.values<DatasourceIdentity>({ ...own }), ...tenantDatasources(own, tenantsOf(tenants))]
      .map(({ name, uid }) => `${name} (${uid})`)
      .join(', ');
  });
  return [...new Set(sets)]
    .map(
      (names) =>
        `Grafana does not start with another datasource of one of these names or uids: ${names}. ` +
        `Check: npm run -s preflight -- --grafana${values}`,
    )
    .join('\n');
}
