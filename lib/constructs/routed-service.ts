/** One HTTP path that may be reached from outside the cluster. */
export interface Route {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
}

/** A Service that may be reached from outside, and the only paths on which it may. */
export interface RoutedService {
  /** Name of the Service; also the name of its Ingress and the left part of its default host name. */
  readonly name: string;
  /** Name of the port. */
  readonly portName: string;
  /** Path that answers 200 when the Service can take queries, for load balancers that probe it themselves. */
  readonly healthPath: string;
  /** Everything that is routed. A path that is not here is not reachable. */
  readonly routes: readonly Route[];
}
