import type { Route } from '../constructs/routed-service';

const exact = (path: string): Route => ({ path: `/api/${path}`, pathType: 'Exact' });
const below = (path: string): Route => ({ path: `/api/${path}`, pathType: 'Prefix' });

/**
 * The query API of Tempo. The root would also expose `/status` and profiles. `/api` would expose `/api/overrides`,
 * which writes.
 *
 * @see https://grafana.com/docs/tempo/v3.0.x/api_docs/
 */
export const QUERY_ROUTES: readonly Route[] = [
  below('traces'),
  below('v2/traces'),
  below('search'),
  below('v2/search'),
  below('metrics'),
  exact('echo'),
  exact('status/buildinfo'),
];
