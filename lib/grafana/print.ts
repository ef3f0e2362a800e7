import type { ClusterValues } from '../values/read-clusters';
import { ownDatasources } from './own-datasources';

/** The part of a cluster's settings that concerns its Grafana. */
type GrafanaCluster = ClusterValues<{ readonly grafana: { readonly datasourceSuffix?: string | undefined } }>;

/**
 * Terminal output about conflicts that synth cannot check, because only the Grafana of a cluster knows its datasources.
 * Prints one line per set of names.
 */
export function printedDatasources(clusters: readonly GrafanaCluster[]): string {
  const suffixes = [...new Set(clusters.map(({ settings }) => settings.grafana.datasourceSuffix))];
  // Without a default cluster, preflight requires --values.
  const values = clusters.some(({ name }) => name === 'default') ? '' : ' --values <name>';
  return suffixes
    .map((suffix) => {
      const names = Object.values(ownDatasources(suffix)).map(({ name, uid }) => `${name} (${uid})`);
      return (
        `Grafana does not start with another datasource of one of these names or uids: ${names.join(', ')}. ` +
        `Check: npm run -s preflight -- --grafana${values}`
      );
    })
    .join('\n');
}
