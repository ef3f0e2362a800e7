import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED } from './datasource';
import type { OwnDatasources } from './own-datasources';
import { longScrapeInterval } from './query';

/** Properties of {@link tempoDatasource}. */
export interface TempoDatasourceProps {
  readonly own: OwnDatasources;
  /** Where Grafana reaches Tempo. */
  readonly url: string;
  /** Uid of the existing Prometheus, where it has metrics of spans. */
  readonly meterUid: string | undefined;
  /** How often that one asks for them. */
  readonly scrapeInterval: Duration;
  /** Whether there is a Loki to look for the logs of a span in. */
  readonly hasLogs: boolean;
  /** Whether spans, log lines and metrics have the name of their cluster. */
  readonly hasClusterName: boolean;
}

/**
 * Tempo, with jumps from a span to the logs of its pod and to the metrics of its service.
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
      // A search that streams its results finds nothing while Tempo is down, without an error (seen with Grafana 12.2).
      streamingEnabled: { search: false, metrics: false },
      // Without a range Tempo looks through every block for an id.
      traceQuery: { timeShiftEnabled: true, spanStartTimeShift: '-30m', spanEndTimeShift: '30m' },
      ...(hasLogs ? { tracesToLogsV2: logsOf(own.loki.uid, cluster) } : {}),
      ...(meterUid === undefined ? {} : meters(meterUid, scrapeInterval, cluster)),
    },
  };
}

/** The jump from a span to the logs of its pod. */
function logsOf(datasourceUid: string, cluster: readonly object[]) {
  return {
    datasourceUid,
    // Lines may be older than their span (read late), and younger (written late).
    spanStartTimeShift: '-5m',
    spanEndTimeShift: '5m',
    // Grafana shows the link on spans with one of these attributes, and asks for all that there are.
    tags: [
      ...cluster,
      { key: 'k8s.namespace.name', value: 'namespace' },
      { key: 'k8s.pod.name', value: 'pod' },
    ],
    filterByTraceID: false,
    filterBySpanID: false,
    customQuery: true,
    // The agent's field, which an id written as a UUID is in as well, or the text in whatever case. Clients of 64 bits
    // know the id without the zeros that Tempo puts before it.
    query: [
      '{${__tags}}',
      'label_format found=`{{ contains (trimPrefix "0000000000000000" "${__trace.traceId}") (lower (printf "%s %s" .trace_id __line__)) }}`',
      'found="true"',
      'drop found',
    ].join(' | '),
  };
}

/** Jumps to metrics that the collector makes of spans. */
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
