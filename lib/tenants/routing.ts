import { TENANT_HEADER, type Tenant } from './tenants';

/** Parts of the configuration of an OpenTelemetry Collector. */
interface RoutingParts {
  readonly connectors: Readonly<Record<string, object>>;
  readonly pipelines: Readonly<Record<string, object>>;
}

/** The id of the connector that distributes data to tenants. */
export const routerOf = (signal: 'logs' | 'traces') => `routing/${signal}`;

/**
 * Sends what a pipeline passes on to the exporters of its tenant, by the namespace of its resource.
 *
 * @param attribute Resource attribute with the namespace.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/connector/routingconnector
 */
export function tenantRouting(
  signal: 'logs' | 'traces',
  tenants: readonly Tenant[],
  attribute: string,
  exportersOf: (tenant: Tenant) => readonly string[],
): RoutingParts {
  const router = routerOf(signal);
  const pipeline = ({ name }: Tenant) => `${signal}/tenant-${name}`;
  const rest = tenants.filter(({ namespaces }) => namespaces.length === 0);
  return {
    connectors: {
      [router]: {
        default_pipelines: rest.slice(-1).map(pipeline),
        table: tenants
          .filter(({ namespaces }) => namespaces.length > 0)
          .map((tenant) => ({
            context: 'resource',
            condition: tenant.namespaces.map((one) => `attributes["${attribute}"] == "${one}"`).join(' or '),
            pipelines: [pipeline(tenant)],
          })),
      },
    },
    pipelines: Object.fromEntries(
      tenants.map((tenant) => [
        pipeline(tenant),
        { receivers: [router], exporters: [...exportersOf(tenant)] },
      ]),
    ),
  };
}

/** Headers of an exporter for gRPC. */
export const tenantHeaders = (tenant: Tenant | undefined) =>
  tenant === undefined ? {} : { headers: { [TENANT_HEADER]: tenant.name } };
