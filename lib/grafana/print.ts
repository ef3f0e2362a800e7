import type { ClusterValues } from '../values/read-clusters';
import { ownDatasources } from './own-datasources';

/** A cluster, as far as its Grafana is concerned. */
type GrafanaCluster = ClusterValues<{ readonly grafana: { readonly datasourceSuffix?: string | undefined } }>;

/**
 * What only the Grafana of a cluster knows and synth cannot check, for a terminal: a line for each set of names.
 */
export function printedDatasources(clusters: readonly GrafanaCluster[]): string {
  const suffixes = [...new Set(clusters.map(({ settings }) => settings.grafana.datasourceSuffix))];
  return suffixes
    .map((suffix) => {
      const names = Object.values(ownDatasources(suffix)).map(({ name, uid }) => `${name} (${uid})`);
      return (
        `Grafana does not start with another datasource of one of these names or uids: ${names.join(', ')}. ` +
        'Check: npm run -s preflight -- --grafana'
      );
    })
    .join('\n');
}
