import { FORMER, REST, type TenantsSettings } from './settings';

/** A tenant of the stores. */
export interface Tenant {
  readonly name: string;
  /** Its namespaces. The tenant of the rest has none. */
  readonly namespaces: readonly string[];
}

/** All tenants, the one of the rest last; none without tenants in the values. */
export function tenantsOf(settings: TenantsSettings): readonly Tenant[] {
  const named = Object.entries(settings).map(([name, namespaces]) => ({ name, namespaces }));
  return named.length === 0 ? [] : [...named, { name: REST, namespaces: [] }];
}

/** The header value that queries all tenants of a store, including the one from before there were tenants. */
export function allTenants(tenants: readonly Tenant[], store: keyof typeof FORMER): string {
  return [FORMER[store], ...tenants.map(({ name }) => name)].join('|');
}

/** HTTP and gRPC header with the tenant. */
export const TENANT_HEADER = 'X-Scope-OrgID';

/** Something that is sent to a store, with its tenant. */
interface Sent {
  readonly tenant: string | undefined;
  readonly route?: string | undefined;
}

/** A destination for the data of one tenant. */
export function forTenant<T extends Sent>(destination: T, { name }: Tenant): T {
  return { ...destination, tenant: name, route: name };
}

/** A destination for data that belongs to no namespace. */
export function forRest<T extends Sent>(destination: T, tenants: readonly Tenant[]): T {
  return tenants.length === 0 ? destination : { ...destination, tenant: REST };
}
