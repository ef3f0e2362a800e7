import { rule } from '../values/rule';
import { REST, type TenantsSettings } from './settings';

interface Entrance {
  readonly enabled: boolean;
  readonly controller: string;
  readonly authentication: { readonly type: string };
}

/** Settings on which the separation of tenants depends. */
interface Separated {
  readonly tenants: TenantsSettings;
  readonly loki: { readonly tenantLimits: object };
  readonly tempo: { readonly enabled: boolean; readonly tenantLimits: object };
  readonly tracing: {
    readonly enabled: boolean;
    readonly sampling: { readonly type: string };
    readonly destinations: Readonly<Record<string, { readonly tenant: string | undefined }>>;
  };
  readonly logs: {
    readonly destinations: Readonly<Record<string, { readonly tenant: string | undefined }>>;
  };
  readonly networkPolicies: {
    readonly enabled: boolean;
    readonly ingressController: { readonly cidrs: readonly string[] | undefined };
    readonly gateway: { readonly cidrs: readonly string[] | undefined };
  };
  readonly ingress: Entrance;
  readonly gateway: Entrance;
}

const hasTenants = ({ tenants }: Separated) => Object.keys(tenants).length > 0;

/** Rules for tenants: nothing in the cluster may choose the tenant whose data it reads or writes. */
export const TENANT_RULES = [
  rule<Separated>(['networkPolicies.enabled', 'tenants'], (settings) =>
    hasTenants(settings) && !settings.networkPolicies.enabled
      ? 'must be true with tenants: Loki and Tempo trust the tenant in the header of a request, so only the stack may reach them'
      : undefined,
  ),
  rule<Separated>(['tracing.sampling.type', 'tracing.enabled', 'tempo.enabled', 'tenants'], (settings) =>
    hasTenants(settings) &&
    settings.tempo.enabled &&
    (!settings.tracing.enabled || settings.tracing.sampling.type === 'client')
      ? 'must not be client with tenants, nor tracing.enabled false: only the collector knows the namespace of a sender; use tail or probabilistic'
      : undefined,
  ),
  ...(['ingress', 'gateway'] as const).map((section) =>
    rule<Separated>(
      [`${section}.authentication.type`, `${section}.authentication`, `${section}.enabled`, 'tenants'],
      (settings) =>
        hasTenants(settings) && settings[section].enabled && settings[section].authentication.type === 'none'
          ? 'must not be none with tenants: anyone who reaches the query APIs from outside could choose the tenant; set a login'
          : undefined,
    ),
  ),
  ...(
    [
      ['ingress', 'alb', 'ingressController'],
      ['gateway', 'aws', 'gateway'],
    ] as const
  ).map(([section, controller, source]) =>
    rule<Separated>(
      [`networkPolicies.${source}.cidrs`, `${section}.controller`, `${section}.enabled`, 'tenants'],
      (settings) =>
        hasTenants(settings) &&
        settings[section].enabled &&
        settings[section].controller === controller &&
        settings.networkPolicies[source].cidrs === undefined
          ? 'must contain the subnets of the load balancer with tenants: the default is every private address, including those of pods'
          : undefined,
    ),
  ),
  ...(['logs', 'tracing'] as const).map((signal) =>
    rule<Separated>([`${signal}.destinations`, 'tenants'], (settings) => {
      const own = Object.entries(settings[signal].destinations).find(([, one]) => one.tenant !== undefined);
      return hasTenants(settings) && own !== undefined
        ? `must not set the tenant of ${own[0]} with tenants, which are sent to every destination; remove it`
        : undefined;
    }),
  ),
  ...(['loki', 'tempo'] as const).map((store) =>
    rule<Separated>([`${store}.tenantLimits`, 'tenants'], (settings) => {
      const unknown = Object.keys(settings[store].tenantLimits).find(
        (name) => !(name in settings.tenants) && (name !== REST || !hasTenants(settings)),
      );
      return unknown === undefined
        ? undefined
        : `must not contain ${unknown}, which is not in tenants; add it to tenants, or remove it`;
    }),
  ),
];
