import { posix } from 'node:path';
import type { ExtraDashboard } from './grafana/extra-dashboard';
import { tenantDatasources } from './grafana/own-datasources';
import { readDashboards } from './grafana/read-dashboards';
import { datasourceUids } from './grafana/settings';
import { labelsOfStreams } from './logs/settings';
import type { LogAlertFile } from './loki/log-alert';
import { readLogAlerts } from './loki/read-log-alerts';
import type { Settings } from './settings';
import { tenantsOf } from './tenants/tenants';

/** Files next to `values/` that a user adds to every cluster. */
export interface Additions {
  /** `dashboards/*.json` */
  readonly dashboards: readonly ExtraDashboard[];
  /** `log-alerts/*.yaml` */
  readonly logAlerts: readonly LogAlertFile[];
}

/** A stack without user additions. */
export const NO_ADDITIONS: Additions = { dashboards: [], logAlerts: [] };

/**
 * Reads the files that a user adds to this product.
 *
 * @param folder The folder that contains `dashboards/` and `log-alerts/`; either can be missing.
 * @param clusters Settings of every cluster for which the files must be valid.
 * @throws ValuesError with every mistake in one kind of file.
 */
export function readAdditions(folder: string, clusters: readonly Settings[]): Additions {
  return {
    dashboards: readDashboards(
      posix.join(folder, 'dashboards'),
      clusters.map(({ grafana, tenants }) => [
        ...datasourceUids(grafana),
        ...tenantDatasources(grafana.own, tenantsOf(tenants)).map(({ uid }) => uid),
      ]),
    ),
    logAlerts: readLogAlerts(posix.join(folder, 'log-alerts'), clusters.map(selectableLabels)),
  };
}

/** Labels of all streams in Loki: of containers, of Kubernetes events and of the journals of nodes. */
function selectableLabels({ cluster, logs, kubernetesEvents }: Settings): readonly string[] {
  const { nodeJournal } = logs;
  const others = nodeJournal.enabled ? ['app', 'node', 'unit'] : kubernetesEvents.enabled ? ['app'] : [];
  return [...new Set([...labelsOfStreams(logs, cluster.name), ...others])];
}
