import type { UnnamedAlert } from './prometheus-rule';
import type { ComponentMetrics } from './promql';
import type { AlertThresholds } from './settings';

/** Properties of {@link queryAlerts}. */
export interface QueryAlertsProps {
  /** The store that answers queries, such as `Loki`. */
  readonly store: string;
  readonly metrics: ComponentMetrics;
  /** Histogram of the duration of requests, without its suffix. */
  readonly histogram: string;
  /** Matchers of the routes that answer queries. Including probes would make failures look rare. */
  readonly routes: readonly string[];
  readonly thresholds: AlertThresholds;
}

/** Alerts when queries fail or take long. */
export function queryAlerts(props: QueryAlertsProps): Record<'fail' | 'slow', UnnamedAlert> {
  const { store, metrics, histogram, routes, thresholds } = props;
  const { queryErrorPercent, slowQuery } = thresholds;
  const count = (...matchers: string[]) =>
    `sum by (namespace, job) (rate(${metrics(`${histogram}_count`, ...routes, ...matchers)}[5m]))`;
  const buckets = `rate(${metrics(`${histogram}_bucket`, ...routes)}[5m])`;
  return {
    fail: {
      expr: `${count('status_code=~"5.."')} / ${count()} > ${queryErrorPercent / 100}`,
      for: '10m',
      severity: 'warning',
      summary: `${store} fails to answer {{ $value | humanizePercentage }} of queries`,
      description: 'Dashboards and searches show errors or incomplete results.',
    },
    slow: {
      expr: `histogram_quantile(0.9, sum by (namespace, job, le) (${buckets})) > ${slowQuery.seconds}`,
      for: '15m',
      severity: 'warning',
      summary: `One in ten queries to ${store} takes longer than {{ $value | humanizeDuration }}`,
      description: 'People wait for dashboards and searches, and some give up.',
    },
  };
}
