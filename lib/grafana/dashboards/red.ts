import { promql, promqlNow, type Query, traceql } from '../query';
import type { DashboardContext } from './context';

/** Spans that answer a request, or take a message; the others would count a request twice. */
const SERVED = 'span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"';
const CALLS = 'traces_spanmetrics_calls_total';
const LATENCY = 'traces_spanmetrics_latency_bucket';

/** Metric that the services of a cluster can be read from. */
export const METER = CALLS;

/** Rate, errors and duration of requests, as a dashboard asks for them. */
export interface RedQueries {
  readonly rate: Query;
  readonly errors: Query;
  readonly duration: Query;
  readonly buckets: Query;
}

/**
 * From the metrics that the collector makes of all spans; or from the traces themselves, which are all there is
 * where clients sample.
 */
export function redQueries({ names }: DashboardContext): RedQueries {
  return names.collector === undefined ? fromTraces() : fromMetrics();
}

/** PromQL over a range, in sum for each set of these labels. */
function spanMetrics(range: string, by: readonly string[]) {
  const labels = `${SERVED}, service=~"$service"`;
  const sum = by.length === 0 ? 'sum' : `sum by (${by.join(', ')})`;
  const rate = (more: string) => `${sum} (rate(${CALLS}{${labels}${more}}[${range}]))`;
  const buckets = `${LATENCY}{${labels}}[${range}]`;
  return {
    rate: rate(''),
    failed: `${rate(', status_code="STATUS_CODE_ERROR"')} / ${rate('')}`,
    duration: `histogram_quantile(0.95, sum by (${['le', ...by].join(', ')}) (rate(${buckets})))`,
    buckets: `sum by (le) (increase(${buckets}))`,
  };
}

function fromMetrics(): RedQueries {
  const { rate, failed, duration, buckets } = spanMetrics('$__rate_interval', ['service']);
  return {
    rate: promql(rate, '{{service}}'),
    errors: promql(failed, '{{service}}'),
    duration: promql(duration, '{{service}}'),
    buckets: { ...promql(buckets, '{{le}}'), shape: 'heatmap' },
  };
}

function fromTraces(): RedQueries {
  const spans = (more: string) =>
    `{ resource.service.name =~ "$service" && (kind = server || kind = consumer)${more} }`;
  return {
    rate: traceql(`${spans('')} | rate() by (resource.service.name)`),
    errors: traceql(`${spans(' && status = error')} | rate() by (resource.service.name)`),
    duration: traceql(`${spans('')} | quantile_over_time(duration, 0.95) by (resource.service.name)`),
    buckets: traceql(`${spans('')} | histogram_over_time(duration)`),
  };
}

/** The same over the whole time range, in sum for each set of these labels. Where nothing failed, the share is 0. */
export function redNow(...by: readonly string[]): { rate: Query; errors: Query; duration: Query } {
  const { rate, failed, duration } = spanMetrics('$__range', by);
  return {
    rate: promqlNow(rate),
    errors: promqlNow(`(${failed}) or 0 * ${rate}`),
    duration: promqlNow(duration),
  };
}
