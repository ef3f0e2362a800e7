import type { Panel } from '../panel';
import { stat } from '../panels/stat';
import { matches, promql, promqlBuckets, promqlNow, type Query, traceql, traceqlNow } from '../query';
import type { DashboardContext } from './context';

/** Spans that handle a request or consume a message. Including other spans would count a request twice. */
const SERVED = 'span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"';
const CALLS = 'traces_spanmetrics_calls_total';
const LATENCY = 'traces_spanmetrics_latency_bucket';

/** Metric whose labels list the services of a cluster. */
export const METER = CALLS;

/** TraceQL matcher of the selected services. */
export const TRACED_SERVICE = matches('resource.service.name', 'service');

/** Queries for the rate, errors and duration of requests. */
export interface RedQueries {
  readonly rate: Query;
  readonly errors: Query;
  readonly duration: Query;
  readonly buckets: Query;
}

/**
 * Uses the metrics that the collector generates from all spans. If clients sample, there are no such metrics, and the
 * queries read the traces instead.
 */
export function redQueries({ names }: DashboardContext): RedQueries {
  return names.collector === undefined ? fromTraces() : fromMetrics();
}

/** PromQL over a range, summed by the given labels. */
function spanMetrics(range: string, by: readonly string[]) {
  const labels = `${SERVED}, ${matches('service', 'service')}`;
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
    // A service without failures has no failure series. Without this, it would look like a service without requests.
    errors: promql(`(${failed}) or 0 * ${rate}`, '{{service}}'),
    duration: promql(duration, '{{service}}'),
    buckets: promqlBuckets(buckets, '{{le}}'),
  };
}

/** TraceQL for spans that handle a request or consume a message. */
const servedSpans = (more = '') => `{ ${TRACED_SERVICE} && (kind = server || kind = consumer)${more} }`;
const FAILED_SPANS = servedSpans(' && status = error');

function fromTraces(): RedQueries {
  return {
    rate: traceql(`${servedSpans()} | rate() by (resource.service.name)`),
    errors: traceql(`${FAILED_SPANS} | rate() by (resource.service.name)`),
    duration: traceql(`${servedSpans()} | quantile_over_time(duration, 0.95) by (resource.service.name)`),
    buckets: traceql(`${servedSpans()} | histogram_over_time(duration)`),
  };
}

/** The same queries over a period that ends now, summed by the given labels. Without failures, the error rate is 0. */
export function redNow(range: string, ...by: readonly string[]) {
  const { rate, failed, duration } = spanMetrics(range, by);
  return {
    rate: promqlNow(rate),
    errors: promqlNow(`(${failed}) or 0 * ${rate}`),
    duration: promqlNow(duration),
  };
}

const HEADLINE = { width: 5, tiles: true } as const;

/** The service with the most errors in the last five minutes. */
export function worstService({ names }: DashboardContext): Panel {
  const common = { ...HEADLINE, id: 92, title: 'Worst service' };
  if (names.collector === undefined)
    return stat({
      ...common,
      description: 'The chosen service with the most failed requests per second in the last 5 minutes.',
      unit: 'reqps',
      thresholds: { warning: 0.001, critical: 0.1 },
      timeFrom: '5m',
      queries: [traceqlNow(`${FAILED_SPANS} | rate() by (resource.service.name) | topk(1)`)],
    });
  const { rate, failed } = spanMetrics('5m', ['service']);
  const none = `label_replace(0 * sum(${rate}), "service", "No errors", "", "")`;
  return stat({
    ...common,
    description:
      'The chosen service with the highest error rate in the last 5 minutes. Empty without requests.',
    unit: 'percentunit',
    thresholds: { warning: 0.01, critical: 0.05 },
    queries: [promqlNow(`topk(1, (${failed}) > 0) or on () ${none}`, '{{service}}')],
  });
}

/** The service with the slowest requests in the last five minutes. */
export function slowestService({ names }: DashboardContext): Panel {
  const common = {
    ...HEADLINE,
    id: 93,
    title: 'Slowest service',
    description:
      'The chosen service with the longest duration (95th percentile) in the last 5 minutes. Empty without requests.',
    unit: 's',
  } as const;
  if (names.collector === undefined)
    return stat({
      ...common,
      timeFrom: '5m',
      queries: [
        traceqlNow(
          `${servedSpans()} | quantile_over_time(duration, 0.95) by (resource.service.name) | topk(1)`,
        ),
      ],
    });
  const { duration } = spanMetrics('5m', ['service']);
  return stat({ ...common, queries: [promqlNow(`topk(1, ${duration} > 0)`, '{{service}}')] });
}
