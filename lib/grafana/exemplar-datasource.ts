import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED } from './datasource';
import { TEMPO_UID } from './query';

/** Uid of the second Prometheus datasource. */
export const EXEMPLARS_UID = 'prometheus-exemplars';

/**
 * The existing Prometheus once more, with a link from each exemplar to its trace. A second datasource, as the
 * first belongs to kube-prometheus-stack.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/configure/#exemplars
 */
export function exemplarDatasource(url: string, scrapeInterval: Duration): Datasource {
  return {
    name: 'Prometheus (exemplars)',
    type: 'prometheus',
    uid: EXEMPLARS_UID,
    url,
    ...PROVISIONED,
    jsonData: {
      httpMethod: 'POST',
      timeInterval: scrapeInterval.toString(),
      exemplarTraceIdDestinations: [
        { name: 'trace_id', datasourceUid: TEMPO_UID, urlDisplayLabel: 'View trace' },
      ],
    },
  };
}
