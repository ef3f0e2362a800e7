/** One HTTP path that is reachable from outside the cluster. */
export interface Route {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
}

/** A Service that is reachable from outside, on the listed paths only. */
export interface RoutedService {
  /** Name of the Service; also the name of its Ingress and the left part of its default host name. */
  readonly name: string;
  /** Name of the port. */
  readonly portName: string;
  /** Path that answers 200 when the Service accepts queries, for load balancers with their own health checks. */
  readonly healthPath: string;
  /** All routed paths. Other paths are not reachable. */
  readonly routes: readonly Route[];
}
