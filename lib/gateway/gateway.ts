import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ClusterSettings } from '../cluster/settings';
import { resourceLabels } from '../constructs/labels';
import type { RoutedService } from '../constructs/routed-service';
import { targetGroupSpec } from './aws';
import { httpRouteSpec } from './http-route';
import { type Policies, type PolicyObject, policies, spanEntrance } from './policies';
import type { GatewaySettings } from './settings';

/** What the Gateway routes to. */
export interface GatewayProps {
  /** Settings of the routes. */
  readonly settings: GatewaySettings;
  /** The cluster with the Gateway. */
  readonly cluster: ClusterSettings;
  /** The query APIs, each with its host name. */
  readonly queries: ReadonlyArray<{ readonly host: string; readonly service: RoutedService }>;
  /** What receives spans from outside; undefined if nothing does. */
  readonly spans: RoutedService | undefined;
}

interface Entrance {
  readonly routes: ReadonlyArray<{
    readonly name: string;
    readonly host: string;
    readonly service: RoutedService;
  }>;
  readonly policies: Policies;
}

/** Routes that share a login: those of the query APIs, and that of spans. */
function entrances({ settings, queries, spans }: GatewayProps): Entrance[] {
  const reading = queries.map(({ host, service }) => ({ name: service.name, host, service }));
  const sending = spans === undefined ? [] : [{ name: 'otlp', host: settings.hosts.otlp, service: spans }];
  return [
    { routes: reading, name: 'logs-and-traces-queries', login: settings },
    { routes: sending, name: 'logs-and-traces-otlp', login: spanEntrance(settings) },
  ]
    .filter(({ routes }) => routes.length > 0)
    .map(({ routes, name, login }) => ({
      routes,
      policies: policies(
        name,
        routes.map((route) => route.name),
        login,
      ),
    }));
}

/** Custom resources by which the controller of a Gateway decides who may use its routes, and how it reaches pods. */
export function policyObjects(props: GatewayProps): PolicyObject[] {
  const all = entrances(props);
  const groups = all.flatMap(({ routes }) => routes.map(({ service }) => service));
  return [
    ...all.flatMap((one) => one.policies.objects),
    ...(props.settings.controller === 'aws' ? groups : []).map((service) => ({
      apiVersion: 'gateway.k8s.aws/v1',
      kind: 'TargetGroupConfiguration',
      name: service.name,
      spec: targetGroupSpec(service),
    })),
  ];
}

/**
 * Decides who may use the routes of {@link GatewayRoutes}. The policies come first: a route without the policy that
 * names it is open to everyone who reaches the Gateway.
 */
export class GatewayPolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { cluster, objects }: Pick<GatewayProps, 'cluster'> & { readonly objects: readonly PolicyObject[] },
  ) {
    super(scope, id);

    for (const { apiVersion, kind, name, spec } of objects) {
      const metadata = { name, namespace: cluster.namespace, labels: resourceLabels(name, 'gateway') };
      new ApiObject(this, `${kind}-${name}`, { apiVersion, kind, metadata, spec });
    }
  }
}

/**
 * Exposes the query APIs, and the receiver of spans, through an existing Gateway.
 *
 * Each route lists its paths. The Gateway answers every other path with 404.
 */
export class GatewayRoutes extends Construct {
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);

    const { parent } = props.settings;
    for (const entrance of entrances(props)) {
      for (const { name, host, service } of entrance.routes) {
        new ApiObject(this, name, {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata: { name, namespace: props.cluster.namespace, labels: resourceLabels(name, 'gateway') },
          spec: httpRouteSpec({ parent, host, service, ...entrance.policies }),
        });
      }
    }
  }
}
