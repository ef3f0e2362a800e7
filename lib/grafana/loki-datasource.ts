import { type Correlation, type Datasource, PROVISIONED } from './datasource';
import type { OwnDatasources } from './own-datasources';

/** Properties of {@link lokiDatasource}. */
export interface LokiDatasourceProps {
  readonly own: OwnDatasources;
  /** URL at which Grafana reaches Loki. */
  readonly url: string;
  /** Maximum number of log lines that Grafana requests per query. */
  readonly maxLines: number;
  /** Query timeout, in seconds. */
  readonly timeoutSeconds: number;
  /** Whether Tempo exists to look up the trace of a line. */
  readonly hasTraces: boolean;
  /** Whether each line carries the name of its cluster. */
  readonly hasClusterName: boolean;
}

/**
 * Loki, with links from a line to its trace and to the metrics of its pod.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/loki/configure-loki-data-source/
 */
export function lokiDatasource(props: LokiDatasourceProps): Datasource {
  const { own, url, maxLines, timeoutSeconds, hasTraces, hasClusterName } = props;
  return {
    name: own.loki.name,
    type: 'loki',
    uid: own.loki.uid,
    url,
    ...PROVISIONED,
    jsonData: {
      maxLines,
      timeout: timeoutSeconds,
      ...(hasTraces ? { derivedFields: [traceOf(own.tempo.uid)] } : {}),
    },
    correlations: podMetrics(own.prometheus.uid, hasClusterName),
  };
}

/** Links a line to its trace. */
const traceOf = (datasourceUid: string) => ({
  name: 'Trace',
  // Uses the label that the agent extracted, because a query also finds the line by this label. A regular expression on
  // the line text would show a second link for the same ID, and links for IDs that no query finds.
  matcherType: 'label',
  matcherRegex: '^trace_?[iI][dD]$',
  datasourceUid,
  // In Explore, the raw value is the query. A trace ID is a valid query.
  url: '${__value.raw}',
  urlDisplayLabel: 'View trace',
});

/** CPU and memory of the pod that wrote a line, from kubelet metrics in Prometheus. */
function podMetrics(targetUID: string, hasClusterName: boolean): Correlation[] {
  // Kubelet metrics carry the cluster name only in a Prometheus that collects from several clusters.
  const cluster = hasClusterName ? 'cluster=~"${cluster}|", ' : '';
  const pod = `${cluster}namespace="\${namespace}", pod="\${pod}", container!=""`;
  const labels = [...(hasClusterName ? ['cluster'] : []), 'namespace', 'pod'];
  const link = (label: string, description: string, expr: string): Correlation => ({
    label,
    description,
    targetUID,
    config: {
      type: 'query',
      field: 'Line',
      target: { expr, legendFormat: '{{container}}', refId: 'A' },
      transformations: labels.map(fromLabel),
    },
  });
  return [
    link(
      'Pod CPU',
      'CPU that the containers of the pod use, in cores',
      `sum by (container) (rate(container_cpu_usage_seconds_total{${pod}}[5m]))`,
    ),
    link(
      'Pod memory',
      'Memory that the containers of the pod use, in bytes',
      `sum by (container) (container_memory_working_set_bytes{${pod}})`,
    ),
  ];
}

/**
 * Exposes the value of a label of the line as a variable. Grafana has all labels in one field, and matches a regular
 * expression against the JSON text of that field.
 */
function fromLabel(name: string) {
  return { type: 'regex', field: 'labels', expression: `"${name}":"([^"]+)"`, mapValue: name } as const;
}
