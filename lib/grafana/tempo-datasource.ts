import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED } from './datasource';
import type { OwnDatasources } from './own-datasources';
import { longScrapeInterval } from './query';

/** Properties of {@link tempoDatasource}. */
export interface TempoDatasourceProps {
  readonly own: OwnDatasources;
  /** URL at which Grafana reaches Tempo. */
  readonly url: string;
  /** Uid of the existing Prometheus. Undefined if it has no span metrics. */
  readonly meterUid: string | undefined;
  /** Scrape interval of the existing Prometheus. */
  readonly scrapeInterval: Duration;
  /** Whether Loki exists to look up the logs of a span. */
  readonly hasLogs: boolean;
  /** Whether spans, log lines and metrics carry the name of their cluster. */
  readonly hasClusterName: boolean;
}

/**
 * Tempo, with links from a span to the logs of its pod and to the metrics of its service.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/tempo/configure-tempo-data-source/
 */
export function tempoDatasource(props: TempoDatasourceProps): Datasource {
  const { own, url, meterUid, scrapeInterval, hasLogs, hasClusterName } = props;
  const cluster = hasClusterName ? [{ key: 'k8s.cluster.name', value: 'cluster' }] : [];
  return {
    name: own.tempo.name,
    type: 'tempo',
    uid: own.tempo.uid,
    url,
    ...PROVISIONED,
    jsonData: {
      timeout: 120,
      search: { hide: false },
      nodeGraph: { enabled: true },
      // While Tempo is down, a streaming search returns no results and no error (seen with Grafana 12.2).
      streamingEnabled: { search: false, metrics: false },
      // Without a time range, Tempo searches every block for an ID.
      traceQuery: { timeShiftEnabled: true, spanStartTimeShift: '-30m', spanEndTimeShift: '30m' },
      ...(hasLogs ? { tracesToLogsV2: logsOf(own.loki.uid, cluster) } : {}),
      ...(meterUid === undefined ? {} : meters(meterUid, scrapeInterval, cluster)),
    },
  };
}

/** Links a span to the logs of its pod. */
function logsOf(datasourceUid: string, cluster: readonly object[]) {
  return {
    datasourceUid,
    // Lines may have an earlier timestamp than their span (read late) or a later one (written late).
    spanStartTimeShift: '-5m',
    spanEndTimeShift: '5m',
    // Grafana shows the link on spans that have one of these attributes, and filters by all that are present.
    tags: [
      ...cluster,
      { key: 'k8s.namespace.name', value: 'namespace' },
      { key: 'k8s.pod.name', value: 'pod' },
    ],
    filterByTraceID: false,
    filterBySpanID: false,
    customQuery: true,
    // Searches the agent's field, which also contains IDs written as a UUID, and the text of the line, ignoring case.
    // Clients with 64-bit IDs log the ID without the leading zeros that Tempo adds.
    query: [
      '{${__tags}}',
      'label_format found=`{{ contains (trimPrefix "0000000000000000" "${__trace.traceId}") (lower (printf "%s %s" .trace_id __line__)) }}`',
      'found="true"',
      'drop found',
    ].join(' | '),
  };
}

/** Links to the metrics that the collector generates from spans. */
function meters(datasourceUid: string, scrapeInterval: Duration, cluster: readonly object[]) {
  const long = longScrapeInterval(scrapeInterval);
  const range = long ? `${4 * long.seconds}s` : '$__rate_interval';
  const rate = (more: string) =>
    `sum by (span_kind) (rate(traces_spanmetrics_calls_total{$__tags${more}}[${range}]))`;
  return {
    serviceMap: { datasourceUid },
    tracesToMetrics: {
      datasourceUid,
      spanStartTimeShift: '-30m',
      spanEndTimeShift: '30m',
      tags: [...cluster, { key: 'service.name', value: 'service' }],
      queries: [
        { name: 'Request rate', query: rate('') },
        {
          name: 'Error rate',
          query: `${rate(', status_code="STATUS_CODE_ERROR"')} / ${rate('')} or 0 * ${rate('')}`,
        },
        {
          name: 'Duration (p95)',
          query: `histogram_quantile(0.95, sum by (le, span_kind) (rate(traces_spanmetrics_latency_bucket{$__tags}[${range}])))`,
        },
      ],
    },
  };
}
