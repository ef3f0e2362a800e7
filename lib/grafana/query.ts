import type { Duration } from '../kubernetes/duration';

/** Datasources that a panel can query. */
export interface DatasourceUids {
  readonly loki: string;
  readonly tempo: string;
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

/**
 * How an answer is wanted: over time, as of now as series or as a table, as log lines, as a list of traces, as the
 * spans of one trace, or as buckets of a histogram.
 */
export type Shape = 'range' | 'instant' | 'table' | 'logs' | 'traces' | 'trace' | 'heatmap';

/** A query to a datasource, in its language. */
export interface Query {
  readonly language: 'promql' | 'logql' | 'traceql' | 'service-graph';
  /** The query; of the service graph the variable of the services in it. */
  readonly expr: string;
  readonly shape: Shape;
  /** Name of each series, with labels as `{{label}}`. */
  readonly legend?: string;
  /** Start of each selector of the service graph. */
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

/** Letter by which Grafana tells the queries of a panel apart. */
export const refId = (index: number): string => String.fromCharCode(65 + index);

/**
 * The datasource that answers a query. An object with type and uid: Grafana 11 and newer leave panels that name it
 * by a text empty (grafana/grafana#91470).
 */
export function datasourceOf({ language }: Query, uids: DatasourceUids) {
  if (language === 'promql') return { type: 'prometheus', uid: uids.prometheus };
  if (language === 'logql') return { type: 'loki', uid: uids.loki };
  return { type: 'tempo', uid: uids.tempo };
}

/**
 * Matcher of a query by the values that are chosen, in any of the three languages. As a regular expression in
 * backticks, which need no further escapes: by itself, Grafana escapes nothing in TraceQL, and no quote in PromQL. No
 * name holds a backtick.
 */
export const matches = (label: string, variable: string) => `${label}=~\`\${${variable}:regex}\``;

/** Calls by and to the services that are chosen in a variable. */
const callsOf = (variable: string, matcher: string) =>
  ['client', 'server'].map((side) => `{${matcher}${matches(side, variable)}}`);

/** The query as a panel of Grafana holds it. */
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
