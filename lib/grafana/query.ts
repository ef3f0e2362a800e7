import type { Duration } from '../kubernetes/duration';

/** Uids of the datasources of this product; dashboards of others refer to them, so that they never change. */
export const LOKI_UID = 'loki';
export const TEMPO_UID = 'tempo';

/** Datasources that a panel can ask. */
export interface DatasourceUids {
  /** Uid of the existing Prometheus. */
  readonly prometheus: string;
  /** How often it asks for metrics. */
  readonly scrapeInterval?: Duration;
}

/** Seconds between two samples that the existing datasource takes for granted, as kube-prometheus-stack configures it. */
const ASSUMED_SCRAPE_SECONDS = 30;

/** The scrape interval, where Grafana has to be told: `$__rate_interval` would hold less than two samples. */
export function longScrapeInterval(interval: Duration | undefined): Duration | undefined {
  return interval && interval.seconds > ASSUMED_SCRAPE_SECONDS ? interval : undefined;
}

/** How an answer is wanted: over time, as of now, as lines, as a list of traces, or as buckets of a histogram. */
export type Shape = 'range' | 'instant' | 'logs' | 'traces' | 'heatmap';

/** A question to a datasource, in its language. */
export interface Query {
  readonly language: 'promql' | 'logql' | 'traceql' | 'service-graph';
  /** The query; of the service graph a regular expression of the services in it. */
  readonly expr: string;
  readonly shape: Shape;
  /** Name of each series, with labels as `{{label}}`. */
  readonly legend?: string;
}

export const promql = (expr: string, legend?: string): Query => ({
  language: 'promql',
  expr,
  shape: 'range',
  legend,
});
export const promqlNow = (expr: string, legend?: string): Query => ({
  ...promql(expr, legend),
  shape: 'instant',
});
export const logql = (expr: string, legend?: string): Query => ({
  language: 'logql',
  expr,
  shape: 'range',
  legend,
});
export const logqlNow = (expr: string, legend?: string): Query => ({
  ...logql(expr, legend),
  shape: 'instant',
});
export const logLines = (expr: string): Query => ({ language: 'logql', expr, shape: 'logs' });
export const traceql = (expr: string, legend?: string): Query => ({
  language: 'traceql',
  expr,
  shape: 'range',
  legend,
});
export const traceList = (expr: string): Query => ({ language: 'traceql', expr, shape: 'traces' });
export const serviceGraph = (services: string): Query => ({
  language: 'service-graph',
  expr: services,
  shape: 'range',
});

/** Letter by which Grafana tells the queries of a panel apart. */
export const refId = (index: number): string => String.fromCharCode(65 + index);

/**
 * The datasource that answers a query. An object with type and uid: Grafana 11 and newer leave panels that name it
 * by a text empty (grafana/grafana#91470).
 */
export function datasourceOf({ language }: Query, uids: DatasourceUids) {
  if (language === 'promql') return { type: 'prometheus', uid: uids.prometheus };
  if (language === 'logql') return { type: 'loki', uid: LOKI_UID };
  return { type: 'tempo', uid: TEMPO_UID };
}

/** Filters of calls by and to services, of which one has to hold. */
const callsOf = (services: string) => ['client', 'server'].map((side) => `{${side}=~"${services}"}`);

/** The query as a panel of Grafana, or Explore, holds it. */
export function target(query: Query, index: number, uids: DatasourceUids): Record<string, unknown> {
  const { language, expr, shape, legend } = query;
  const common = { refId: refId(index), datasource: datasourceOf(query, uids) };
  if (language === 'promql') {
    const instant = shape === 'instant';
    const format = shape === 'heatmap' ? 'heatmap' : instant ? 'table' : 'time_series';
    const rates = expr.includes('$__rate_interval');
    const interval = rates ? longScrapeInterval(uids.scrapeInterval)?.toString() : undefined;
    return {
      ...common,
      editorMode: 'code',
      expr,
      format,
      instant,
      interval,
      legendFormat: legend,
      range: !instant,
    };
  }
  if (language === 'logql') {
    const queryType = shape === 'instant' ? 'instant' : 'range';
    return { ...common, editorMode: 'code', expr, legendFormat: legend, queryType };
  }
  if (language === 'service-graph')
    return { ...common, queryType: 'serviceMap', serviceMapQuery: callsOf(expr), filters: [] };
  const list =
    shape === 'traces' ? { limit: 50, spss: 3, tableType: 'traces' } : { metricsQueryType: 'range' };
  return { ...common, queryType: 'traceql', query: expr, filters: [], ...list };
}
