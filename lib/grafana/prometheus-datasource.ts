import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED } from './datasource';
import type { OwnDatasources } from './own-datasources';

/** Properties of {@link prometheusDatasource}. */
export interface PrometheusDatasourceProps {
  readonly own: OwnDatasources;
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
  const exemplars = [{ name: 'trace_id', datasourceUid: props.own.tempo.uid, urlDisplayLabel: 'View trace' }];
  return {
    name: props.own.prometheus.name,
    type: 'prometheus',
    uid: props.own.prometheus.uid,
    url: props.url,
    ...PROVISIONED,
    jsonData: {
      httpMethod: 'POST',
      timeInterval: props.scrapeInterval.toString(),
      ...(props.exemplars ? { exemplarTraceIdDestinations: exemplars } : {}),
    },
  };
}
