/** A metric of one component, with further matchers where a query needs some of its series only. */
export type ComponentMetrics = (name: string, ...matchers: string[]) => string;

/**
 * Metrics of a component by the labels that its ServiceMonitor gives them. Other software may export the
 * same names, as a second collector in another namespace does.
 *
 * @param job Name of the Service that is scraped.
 */
export function metricsOf(job: string, namespace: string): ComponentMetrics {
  return (name, ...matchers) =>
    `${name}{${[`job="${job}"`, `namespace="${namespace}"`, ...matchers].join(',')}}`;
}

/**
 * Growth of a counter that has no series before its first event. `increase()` takes the first sample of a
 * series for its start, and so misses that event, which may be the only one. A series that was not there at
 * the start of the range has grown by all that it shows, if the component was scraped then.
 *
 * @param counter Counter with its matchers.
 * @param range Time, as Prometheus writes it.
 * @param up The metric `up` of the component.
 */
export function growth(counter: string, range: string, up: string): string {
  const isNew = `(${counter} unless ${counter} offset ${range}) and on (job, namespace) (${up} offset ${range} == 1)`;
  return `((${isNew}) or increase(${counter}[${range}]))`;
}
