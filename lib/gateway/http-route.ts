import type { RoutedService } from '../constructs/routed-service';
import type { GatewaySettings } from './settings';

/** An object that a controller applies to the requests of a rule. */
export interface ExtensionRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

interface PathMatch {
  readonly path: { readonly type: 'Exact' | 'PathPrefix'; readonly value: string };
}

/** The parts of an HTTPRoute that this product uses, with the defaults of the API server, so that nothing drifts. */
export interface HttpRouteSpec {
  readonly parentRefs: ReadonlyArray<{
    readonly group: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    readonly sectionName: string;
  }>;
  readonly hostnames: readonly string[];
  readonly rules: ReadonlyArray<{
    readonly matches: readonly PathMatch[];
    readonly filters?: ReadonlyArray<{ readonly type: 'ExtensionRef'; readonly extensionRef: ExtensionRef }>;
    readonly backendRefs: ReadonlyArray<{
      readonly group: string;
      readonly kind: string;
      readonly name: string;
      readonly port: number;
      readonly weight: number;
    }>;
    readonly timeouts?: { readonly request: string };
  }>;
}

/** A host name, the Service behind it, and what applies to its requests. */
export interface RouteProps {
  readonly parent: GatewaySettings['parent'];
  readonly host: string;
  readonly service: RoutedService;
  /** Paths that the controller answers itself, such as those of a login. They must be routed as well. */
  readonly ownPaths: readonly string[];
  readonly filters: readonly ExtensionRef[];
  /** Timeout of a request, for controllers with a shorter one. */
  readonly timeout: string | undefined;
}

/**
 * Routes the listed paths of a Service; every other path is answered with 404. All paths fit into one rule: the API
 * server accepts 64 matches in a rule, and 128 in a route.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
export function httpRouteSpec({ parent, host, service, ...props }: RouteProps): HttpRouteSpec {
  const own = props.ownPaths.map((path) => ({ path, pathType: 'Exact' as const }));
  return {
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...parent }],
    hostnames: [host],
    rules: [
      {
        matches: [...service.routes, ...own].map(({ path, pathType }) => ({
          path: { type: pathType === 'Exact' ? 'Exact' : 'PathPrefix', value: path },
        })),
        ...(props.filters.length > 0 && {
          filters: props.filters.map((extensionRef) => ({ type: 'ExtensionRef', extensionRef })),
        }),
        backendRefs: [{ group: '', kind: 'Service', name: service.name, port: service.port.port, weight: 1 }],
        ...(props.timeout !== undefined && { timeouts: { request: props.timeout } }),
      },
    ],
  };
}
