/** What Grafana knows a datasource by. */
export interface DatasourceIdentity {
  readonly name: string;
  readonly uid: string;
}

/** The datasources of this product. */
export interface OwnDatasources {
  readonly loki: DatasourceIdentity;
  readonly tempo: DatasourceIdentity;
  /** The existing Prometheus once more. */
  readonly prometheus: DatasourceIdentity;
}

/** Name of the second Prometheus datasource. */
export const PROMETHEUS_NAME = 'Prometheus (logs and traces)';

/**
 * Name and uid of each datasource of this product.
 *
 * A suffix changes both. Grafana does not start when one name gets another uid, or one uid another name, so neither can
 * be set alone.
 */
export function ownDatasources(suffix: string | undefined): OwnDatasources {
  const named = (name: string, uid: string): DatasourceIdentity =>
    suffix === undefined ? { name, uid } : { name: `${name} (${suffix})`, uid: `${uid}-${suffix}` };
  return {
    loki: named('Loki', 'loki'),
    tempo: named('Tempo', 'tempo'),
    prometheus: named(PROMETHEUS_NAME, 'prometheus-logs-and-traces'),
  };
}

/**
 * Whether two datasources cannot exist beside each other: Grafana does not start with one name of two uids or one uid
 * of two names, and replaces one by the other where both are the same.
 */
export function clashes(one: Partial<DatasourceIdentity>, other: Partial<DatasourceIdentity>): boolean {
  return one.name === other.name || one.uid === other.uid;
}
