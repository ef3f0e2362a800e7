import type { Duration } from '../kubernetes/duration';

/** Datasources that a panel can query. */
export interface DatasourceUids {
  readonly loki: string;
  readonly tempo: string;
  /** Uid of the existing Prometheus. */
  readonly prometheus: string;
  /** Scrape interval of the existing Prometheus. */
  readonly scrapeInterval?: Duration;
}

/** Scrape interval that the existing datasource assumes, in seconds, as configured by kube-prometheus-stack. */
const ASSUMED_SCRAPE_SECONDS = 30;

/**
 * The scrape interval, if it must be set in Grafana. Otherwise `$__rate_interval` would contain fewer than two samples.
 */
export function longScrapeInterval(interval: Duration | undefined): Duration | undefined {
  return interval && interval.seconds > ASSUMED_SCRAPE_SECONDS ? interval : undefined;
}

/**
 * Format of the response: values over time, current values as series or as a table, log lines, a list of traces, the
 * spans of one trace, or the buckets of a histogram.
 */
export type Shape = 'range' | 'instant' | 'table' | 'logs' | 'traces' | 'trace' | 'heatmap';

/** A query to a datasource, in the language of that datasource. */
export interface Query {
  readonly language: 'promql' | 'logql' | 'traceql' | 'service-graph';
  /** The query. For the service graph, the variable of the services in it. */
  readonly expr: string;
  readonly shape: Shape;
  /** Name of each series, with labels as `{{label}}`. */
  readonly legend?: string;
  /** Start of each selector for the service graph. */
  readonly matcher?: string;
}

type Language = Query['language'];
const queryOf =
  (language: Language, shape: Shape) =>
  (expr: string, legend?: string): Query => ({ language, expr, shape, legend });

export const promql = queryOf('promql', 'range');
export const promqlNow = queryOf('promql', 'instant');
export const promqlBuckets = queryOf('promql', 'heatmap');
export const logql = queryOf('logql', 'range');
export const logqlNow = queryOf('logql', 'instant');
export const logLines = queryOf('logql', 'logs');
export const traceql = queryOf('traceql', 'range');
export const traceqlNow = queryOf('traceql', 'instant');
export const traceList = queryOf('traceql', 'traces');
export const traceById = queryOf('traceql', 'trace');
export const serviceGraph = queryOf('service-graph', 'range');

/** Letter that identifies a query within a panel. */
export const refId = (index: number): string => String.fromCharCode(65 + index);

/**
 * The datasource of a query, as an object with type and uid. In Grafana 11 and later, panels that reference the
 * datasource as a string stay empty (grafana/grafana#91470).
 */
export function datasourceOf({ language }: Query, uids: DatasourceUids) {
  if (language === 'promql') return { type: 'prometheus', uid: uids.prometheus };
  if (language === 'logql') return { type: 'loki', uid: uids.loki };
  return { type: 'tempo', uid: uids.tempo };
}

/**
 * Matches a field against the selected values, in any of the three languages. It uses a regular expression in
 * backticks, which need no further escaping. By default, Grafana escapes nothing in TraceQL, and no quotes in PromQL.
 * Names never contain a backtick.
 */
export const matches = (label: string, variable: string) => `${label}=~\`\${${variable}:regex}\``;

/** Calls from and to the services selected in a variable. */
const callsOf = (variable: string, matcher: string) =>
  ['client', 'server'].map((side) => `{${matcher}${matches(side, variable)}}`);

/** The query in the format of a Grafana panel. */
export function target(query: Query, index: number, uids: DatasourceUids): Record<string, unknown> {
  const { language, expr, shape, legend, matcher = '' } = query;
  const common = { refId: refId(index), datasource: datasourceOf(query, uids) };
  const instant = shape === 'instant' || shape === 'table';
  if (language === 'promql') {
    const format = shape === 'heatmap' || shape === 'table' ? shape : 'time_series';
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
    const queryType = instant ? 'instant' : 'range';
    return { ...common, editorMode: 'code', expr, legendFormat: legend, queryType };
  }
  if (language === 'service-graph')
    return { ...common, queryType: 'serviceMap', serviceMapQuery: callsOf(expr, matcher), filters: [] };
  const list =
    shape === 'traces'
      ? { limit: 50, spss: 3, tableType: 'traces' }
      : shape === 'trace'
        ? {}
        : { metricsQueryType: instant ? 'instant' : 'range' };
  return { ...common, queryType: 'traceql', query: expr, filters: [], ...list };
}
