/** The application that every object of this product is part of. */
export const PART_OF = 'logs-and-traces';

/** The role of a part of the stack, in standard terms. */
export type Component =
  | 'logs'
  | 'traces'
  | 'log-agent'
  | 'trace-collector'
  | 'event-collector'
  | 'trace-sampler'
  | 'datasources'
  | 'dashboards'
  | 'ingress'
  | 'gateway'
  | 'network'
  | 'storage';

/**
 * Labels with which a workload and its Service select pods.
 *
 * They never change, because Kubernetes rejects a changed selector. `app` alone is not enough, because another chart's
 * pods may have the same `app` in the same namespace.
 */
export function selectorLabels(name: string): Record<string, string> {
  return { app: name, 'app.kubernetes.io/part-of': PART_OF };
}

/**
 * Labels of every object of a component. They omit the version: the image shows it, and otherwise an upgrade would
 * change every object.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function resourceLabels(name: string, component: Component): Record<string, string> {
  return {
    ...selectorLabels(name),
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
