import type { Tenant } from '../tenants/tenants';

/** The name and uid that identify a datasource in Grafana. */
export interface DatasourceIdentity {
  readonly name: string;
  readonly uid: string;
}

/** The datasources of this product. */
export interface OwnDatasources {
  readonly loki: DatasourceIdentity;
  readonly tempo: DatasourceIdentity;
  /** A second datasource for the existing Prometheus. */
  readonly prometheus: DatasourceIdentity;
}

/** Name of the second Prometheus datasource. */
export const PROMETHEUS_NAME = 'Prometheus (logs and traces)';

/**
 * Name and uid of each datasource of this product.
 *
 * A suffix changes both. Grafana does not start if one name gets another uid, or one uid gets another name, so neither
 * can be set alone.
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

/** The datasources for one tenant, which lead to each other. */
export function ofTenant(own: OwnDatasources, tenant: string): OwnDatasources {
  const named = ({ name, uid }: DatasourceIdentity) => ({
    name: `${name} ${tenant}`,
    uid: `${uid}-${tenant}`,
  });
  return { ...own, loki: named(own.loki), tempo: named(own.tempo) };
}

/** Name and uid of every datasource for a single tenant. */
export function tenantDatasources(own: OwnDatasources, tenants: readonly Tenant[]): DatasourceIdentity[] {
  return tenants.flatMap(({ name }) => {
    const { loki, tempo } = ofTenant(own, name);
    return [loki, tempo];
  });
}

/**
 * Whether two datasources conflict. Grafana does not start if one name has two uids or one uid has two names. If both
 * are the same, Grafana replaces one datasource with the other.
 */
export function clashes(one: Partial<DatasourceIdentity>, other: Partial<DatasourceIdentity>): boolean {
  return one.name === other.name || one.uid === other.uid;
}
