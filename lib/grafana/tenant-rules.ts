import type { TenantsSettings } from '../tenants/settings';
import { tenantsOf } from '../tenants/tenants';
import { rule } from '../values/rule';
import { clashes, ownDatasources, tenantDatasources } from './own-datasources';

/** Grafana does not accept a longer uid. */
const LONGEST_UID = 40;

interface WithTenants {
  readonly tenants: TenantsSettings;
  readonly grafana: {
    readonly enabled: boolean;
    readonly datasourceSuffix?: string | undefined;
    readonly datasources: Readonly<Record<string, { readonly uid: string }>>;
    readonly existingDatasources: Readonly<Record<string, string>>;
  };
}

const ofTenants = ({ tenants, grafana }: WithTenants) =>
  grafana.enabled ? tenantDatasources(ownDatasources(grafana.datasourceSuffix), tenantsOf(tenants)) : [];

/** Rules for the datasources of single tenants: Grafana does not start if one clashes with another. */
export const TENANT_DATASOURCE_RULES = [
  rule<WithTenants>(
    ['tenants', 'grafana.datasources', 'grafana.existingDatasources', 'grafana.datasourceSuffix'],
    (settings) => {
      const others = [
        ...Object.entries(settings.grafana.datasources).map(([name, { uid }]) => ({ name, uid })),
        ...Object.entries(settings.grafana.existingDatasources).map(([name, uid]) => ({ name, uid })),
      ];
      const own = ofTenants(settings).find((one) => others.some((other) => clashes(one, other)));
      return own === undefined
        ? undefined
        : `must not lead to a datasource ${own.name} (uid ${own.uid}), because another has that name or uid and Grafana would not start with both; rename the tenant or the other datasource`;
    },
  ),
  rule<WithTenants>(['tenants', 'grafana.datasourceSuffix'], (settings) => {
    const long = ofTenants(settings).find(({ uid }) => uid.length > LONGEST_UID);
    return long === undefined
      ? undefined
      : `must have shorter names with grafana.datasourceSuffix: the uid ${long.uid} has more than ${LONGEST_UID} characters`;
  }),
];
