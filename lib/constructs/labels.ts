/** The application that every object of this product is part of. */
export const PART_OF = 'logs-and-traces';

/** What a part of the stack does, in the field's words. */
export type Component =
  | 'logs'
  | 'traces'
  | 'log-agent'
  | 'trace-collector'
  | 'datasources'
  | 'dashboards'
  | 'ingress'
  | 'network'
  | 'storage';

/**
 * Labels that a workload and its Service select pods by.
 *
 * They hold nothing that changes, as Kubernetes refuses a changed selector; and more than `app`, as another
 * chart's pods may carry the same `app` in the same namespace.
 */
export function selectorLabels(name: string): Record<string, string> {
  return { app: name, 'app.kubernetes.io/part-of': PART_OF };
}

/**
 * Labels of every object of a component. Not the version: the image shows it, and an upgrade would be a diff
 * of every object.
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
