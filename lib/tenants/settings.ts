import * as z from 'zod';
import { namespaceName, text } from '../values/fields';

/** Tenant of everything that no tenant of the values has. */
export const REST = 'shared';

/** Tenants that the stores use without this map. What was stored before is theirs. */
export const FORMER = { loki: 'fake', tempo: 'single-tenant' } as const;

const RESERVED: readonly string[] = [REST, ...Object.values(FORMER)];

/** Each tenant is a queue in every sender, and a datasource for each store. */
const MAX_TENANTS = 20;

/** The name of a tenant in the values. */
export const tenantKey = () =>
  text(
    'the name of a tenant such as "team-a" (at most 30 lower case letters, digits and "-")',
    /^[a-z0-9](?:[-a-z0-9]{0,28}[a-z0-9])?$/,
    30,
  );

/** Namespaces of each tenant. */
export const tenantsSettings = z
  .record(
    tenantKey().refine((name) => !RESERVED.includes(name), {
      error: `must not be ${RESERVED.join(', ')}, which have a meaning of their own; choose another name such as "team-a"`,
    }),
    z.array(namespaceName(), { error: 'must be a list of namespaces' }),
    { error: 'must be a map of tenants' },
  )
  .superRefine((tenants, context) => {
    const names = Object.keys(tenants);
    if (names.length > MAX_TENANTS)
      context.addIssue({
        code: 'custom',
        message: `must contain at most ${MAX_TENANTS} tenants: each has a queue in every sender`,
      });
    for (const [index, name] of names.entries())
      for (const [position, namespace] of (tenants[name] ?? []).entries()) {
        const owner = names.slice(0, index).find((other) => tenants[other]?.includes(namespace));
        if (owner !== undefined)
          context.addIssue({
            code: 'custom',
            path: [name, position],
            message: `must not be ${namespace}, which belongs to the tenant ${owner}; keep it in one of them`,
          });
      }
  })
  .prefault({})
  .describe(
    `Namespaces of each tenant, such as team-a: [shop, payments]. Everything else belongs to the tenant ${REST}. Empty: one tenant for all (docs/tenants.md).`,
  );
export type TenantsSettings = z.output<typeof tenantsSettings>;
