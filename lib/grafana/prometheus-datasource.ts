import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED } from './datasource';
import type { OwnDatasources } from './own-datasources';

/** Properties of {@link prometheusDatasource}. */
export interface PrometheusDatasourceProps {
  readonly own: OwnDatasources;
  /** URL at which Grafana reaches the existing Prometheus. */
  readonly url: string;
  /** Scrape interval of the existing Prometheus. */
  readonly scrapeInterval: Duration;
  /** Whether exemplars link to their traces. */
  readonly exemplars: boolean;
}

/**
 * A second datasource for the existing Prometheus, used by the links that Grafana provisions.
 *
 * Grafana does not start if a correlation refers to a datasource that does not exist. The uid of the existing
 * datasource is not known for certain, and its file may be loaded later. The second datasource is in the same file as
 * the links.
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
