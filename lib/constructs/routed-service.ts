import type { NamedPort } from './ports';

/** One HTTP path that is reachable from outside the cluster. */
export interface Route {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
}

/** A Service that is reachable from outside, on the listed paths only. */
export interface RoutedService {
  /** Name of the Service; also the name of its Ingress and its HTTPRoute, and the left part of its default host name. */
  readonly name: string;
  readonly port: NamedPort;
  /** Path that answers when the Service accepts requests, for load balancers with their own health checks. */
  readonly healthPath: string;
  /** Status of the answer, if not 200. */
  readonly healthStatus?: number;
  /** All routed paths. Other paths are not reachable. */
  readonly routes: readonly Route[];
}
