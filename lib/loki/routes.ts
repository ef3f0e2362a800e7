import type { Route } from '../constructs/routed-service';

const exact = (path: string): Route => ({ path: `/loki/api/v1/${path}`, pathType: 'Exact' });
const below = (path: string): Route => ({ path: `/loki/api/v1/${path}`, pathType: 'Prefix' });

/**
 * The query API of Loki. A prefix such as `/loki/api/v1` would also expose push, delete and rules. The root would
 * expose `/flush` and `/ingester/shutdown`, which require no authentication.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/reference/loki-http-api/
 */
export const QUERY_ROUTES: readonly Route[] = [
  exact('query'),
  exact('query_range'),
  exact('labels'),
  below('label'),
  exact('series'),
  exact('tail'),
  exact('patterns'),
  exact('detected_labels'),
  exact('detected_fields'),
  below('detected_field'),
  exact('drilldown-limits'),
  exact('format_query'),
  exact('index/stats'),
  exact('index/volume'),
  exact('index/volume_range'),
  exact('index/shards'),
  exact('status/buildinfo'),
];

/** What senders of other clusters use. `/otlp/v1/logs` is the push endpoint for OTLP. */
export const PUSH_ROUTES: readonly Route[] = [exact('push'), { path: '/otlp/v1/logs', pathType: 'Exact' }];
