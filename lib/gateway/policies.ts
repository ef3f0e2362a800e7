import { traefikMiddlewares } from '../access/traefik-middlewares';
import { listenerRuleSpec } from './aws';
import { ENVOY_TIMEOUT, OIDC_PATHS, securityPolicySpec } from './envoy-gateway';
import type { ExtensionRef, RouteProps } from './http-route';
import type { GatewaySettings } from './settings';

/** A custom resource of a controller. */
export interface PolicyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: object;
}

/** What a controller requires of requests to some routes. */
export interface Policies extends Pick<RouteProps, 'filters' | 'ownPaths' | 'timeout'> {
  readonly objects: readonly PolicyObject[];
}

/** Settings of an entrance: the login of the query APIs, or that of spans. */
type Entrance = GatewaySettings extends infer One
  ? One extends { readonly controller: string; readonly authentication: object }
    ? Pick<One, Extract<keyof One, 'controller' | 'authentication' | 'allowedCidrs'>>
    : never
  : never;

/** The entrance for spans, which has a login of its own: who writes need not read. */
export function spanEntrance(settings: GatewaySettings): Entrance {
  // Both logins of a controller have the same types, which the compiler cannot see across controllers.
  return { ...settings, authentication: settings.otlp.authentication } as Entrance;
}

/**
 * The policies of an entrance.
 *
 * @param name Name of its policies; Traefik has several, whose names begin with it.
 * @param routes Names of its HTTPRoutes.
 */
export function policies(name: string, routes: readonly string[], entrance: Entrance): Policies {
  const nothing = { objects: [], filters: [], ownPaths: [], timeout: undefined };
  switch (entrance.controller) {
    case 'envoy-gateway': {
      const spec = securityPolicySpec(routes, entrance);
      const apiVersion = 'gateway.envoyproxy.io/v1alpha1';
      return {
        ...nothing,
        objects: spec === undefined ? [] : [{ apiVersion, kind: 'SecurityPolicy', name, spec }],
        ownPaths: entrance.authentication.type === 'oidc' ? OIDC_PATHS : [],
        timeout: ENVOY_TIMEOUT,
      };
    }
    case 'aws': {
      const spec = listenerRuleSpec(entrance);
      if (spec === undefined) return nothing;
      return { ...nothing, ...referred('gateway.k8s.aws/v1', 'ListenerRuleConfiguration', [{ name, spec }]) };
    }
    case 'traefik':
      return {
        ...nothing,
        ...referred('traefik.io/v1alpha1', 'Middleware', traefikMiddlewares(name, entrance)),
      };
    case 'other':
      return nothing;
  }
}

/** Objects that take effect by the references of routes. */
function referred(
  apiVersion: string,
  kind: string,
  objects: ReadonlyArray<{ readonly name: string; readonly spec: object }>,
): Pick<Policies, 'objects' | 'filters'> {
  const group = apiVersion.split('/')[0] ?? '';
  return {
    objects: objects.map(({ name, spec }) => ({ apiVersion, kind, name, spec })),
    filters: objects.map(({ name }): ExtensionRef => ({ group, kind, name })),
  };
}
