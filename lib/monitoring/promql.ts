/** A metric of one component, with additional matchers for a query that requires only some of its series. */
export type ComponentMetrics = (name: string, ...matchers: string[]) => string;

/**
 * Metrics of a component, selected by the labels that its ServiceMonitor adds. Other software may export the same
 * names, such as a second collector in another namespace.
 *
 * @param job Name of the Service that is scraped.
 */
export function metricsOf(job: string, namespace: string): ComponentMetrics {
  return (name, ...matchers) =>
    `${name}{${[`job="${job}"`, `namespace="${namespace}"`, ...matchers].join(',')}}`;
}

/**
 * Growth of a counter that has no series before its first event. `increase()` treats the first sample of a series as
 * its start, and so misses that event, which may be the only one. If a series did not exist at the start of the range
 * and the component was scraped then, its growth is its whole value.
 *
 * @param counter Counter with its matchers.
 * @param range Prometheus duration.
 * @param up The metric `up` of the component.
 */
export function growth(counter: string, range: string, up: string): string {
  const isNew = `(${counter} unless ${counter} offset ${range}) and on (job, namespace) (${up} offset ${range} == 1)`;
  return `((${isNew}) or increase(${counter}[${range}]))`;
}
