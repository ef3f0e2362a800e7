import type { ComponentMetrics } from '../../monitoring/promql';
import { STATUS_CODES } from '../colors';
import type { Row } from '../dashboard';
import type { Panel } from '../panel';
import { timeseries } from '../panels/timeseries';
import { promql } from '../query';

/** Requests of one kind to a store. */
interface Requests {
  /** Histogram of the request duration, without its suffix. */
  readonly histogram: string;
  /** Matchers that select the series of the histogram. */
  readonly matchers: readonly string[];
  /** Label that distinguishes responses, such as `status_code`. Undefined if the histogram has none. */
  readonly by?: string;
  /** Additional information needed to interpret the rate. */
  readonly note?: string;
}

/** Properties of {@link storeRequests}. */
export interface StoreRequestsProps {
  /** Title of the store. */
  readonly store: string;
  readonly metrics: ComponentMetrics;
  /** IDs of the four panels. */
  readonly ids: readonly [number, number, number, number];
  readonly writes: Requests;
  readonly reads: Requests;
}

/** Rate and latency of a store's writes and reads, as in the mixin of the store. */
export function storeRequests({ store, metrics, ids, writes, reads }: StoreRequestsProps): Row {
  const [writeRate, writeLatency, readRate, readLatency] = ids;
  return {
    title: `${store} requests`,
    answers: `How many writes and reads does ${store} answer, how quickly, and do some fail?`,
    height: 9,
    panels: [
      rate({ id: writeRate, title: 'Write rate', what: `Writes that ${store} answers`, metrics, ...writes }),
      latency({
        id: writeLatency,
        title: 'Write latency',
        what: `Duration of writes to ${store}`,
        metrics,
        ...writes,
      }),
      rate({ id: readRate, title: 'Read rate', what: `Queries that ${store} answers`, metrics, ...reads }),
      latency({
        id: readLatency,
        title: 'Read latency',
        what: `Duration of queries to ${store}`,
        metrics,
        ...reads,
      }),
    ],
  };
}

interface RequestPanel extends Requests {
  readonly id: number;
  readonly title: string;
  readonly what: string;
  readonly metrics: ComponentMetrics;
}

function rate({ id, title, what, metrics, histogram, matchers, by, note = '' }: RequestPanel): Panel {
  const counted = `(rate(${metrics(`${histogram}_count`, ...matchers)}[$__rate_interval]))`;
  return timeseries({
    id,
    title,
    description:
      by === undefined ? `${what}.` : `${what}, by status code. 5xx are failures of the store.${note}`,
    width: 6,
    unit: 'reqps',
    softMax: 0.1,
    colors: { all: 'blue', ...STATUS_CODES },
    queries: [
      by === undefined ? promql(`sum${counted}`, 'all') : promql(`sum by (${by}) ${counted}`, `{{${by}}}`),
    ],
  });
}

function latency({ id, title, what, metrics, histogram, matchers }: RequestPanel): Panel {
  const of = (suffix: string) => `rate(${metrics(histogram + suffix, ...matchers)}[$__rate_interval])`;
  const quantile = (q: number) => `histogram_quantile(${q}, sum by (le) (${of('_bucket')}))`;
  return timeseries({
    id,
    title,
    description: `${what}: 99th percentile, median and mean. No line while there are none.`,
    width: 6,
    unit: 's',
    colors: { p99: 'orange', p50: 'blue', mean: 'green' },
    queries: [
      promql(quantile(0.99), 'p99'),
      promql(quantile(0.5), 'p50'),
      promql(`sum(${of('_sum')}) / sum(${of('_count')})`, 'mean'),
    ],
  });
}
