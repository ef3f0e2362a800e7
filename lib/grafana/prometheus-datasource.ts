import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED } from './datasource';
import { TEMPO_UID } from './query';

/** Name and uid of the second Prometheus datasource. */
export const PROMETHEUS_NAME = 'Prometheus (logs and traces)';
export const PROMETHEUS_UID = 'prometheus-logs-and-traces';

/** Properties of {@link prometheusDatasource}. */
export interface PrometheusDatasourceProps {
  /** Where Grafana reaches the existing Prometheus. */
  readonly url: string;
  /** How often that one asks for metrics. */
  readonly scrapeInterval: Duration;
  /** Whether exemplars are linked to their traces. */
  readonly exemplars: boolean;
}

/**
 * The existing Prometheus once more, for links that Grafana provisions.
 *
 * Grafana does not start when a correlation leads to a datasource that does not exist, and of the existing one nobody
 * knows the uid for certain, nor whether its file is there before ours. This one comes in the same file.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/configure/
 */
export function prometheusDatasource(props: PrometheusDatasourceProps): Datasource {
  const exemplars = [{ name: 'trace_id', datasourceUid: TEMPO_UID, urlDisplayLabel: 'View trace' }];
  return {
    name: PROMETHEUS_NAME,
    type: 'prometheus',
    uid: PROMETHEUS_UID,
    url: props.url,
    ...PROVISIONED,
    jsonData: {
      httpMethod: 'POST',
      timeInterval: props.scrapeInterval.toString(),
      ...(props.exemplars ? { exemplarTraceIdDestinations: exemplars } : {}),
    },
  };
}
