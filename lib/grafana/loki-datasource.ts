import { type Correlation, type Datasource, PROVISIONED } from './datasource';
import type { OwnDatasources } from './own-datasources';

/** Properties of {@link lokiDatasource}. */
export interface LokiDatasourceProps {
  readonly own: OwnDatasources;
  /** Where Grafana reaches Loki. */
  readonly url: string;
  /** Log lines that Grafana asks for in one query. */
  readonly maxLines: number;
  /** Seconds that a query may take. */
  readonly timeoutSeconds: number;
  /** Whether there is a Tempo to look for the trace of a line in. */
  readonly hasTraces: boolean;
  /** Whether each line has the name of its cluster. */
  readonly hasClusterName: boolean;
}

/**
 * Loki, with a jump from a line to its trace, and to the metrics of its pod.
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

/** The trace of a line. */
const traceOf = (datasourceUid: string) => ({
  name: 'Trace',
  // By what the agent found, which is also what a query finds the line by. An expression for the text of the line would
  // show a second link for the same id, and links for ids that no query finds.
  matcherType: 'label',
  matcherRegex: '^trace_?[iI][dD]$',
  datasourceUid,
  // In Explore, the raw value is the query: a trace id is one.
  url: '${__value.raw}',
  urlDisplayLabel: 'View trace',
});

/** CPU and memory of the pod that wrote a line, by what the kubelet tells Prometheus. */
function podMetrics(targetUID: string, hasClusterName: boolean): Correlation[] {
  // The kubelet's metrics name the cluster only in a Prometheus that collects from several.
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
 * The value of a label of the line, as a variable: Grafana has all of them in one field, and matches an expression
 * with its text as JSON.
 */
function fromLabel(name: string) {
  return { type: 'regex', field: 'labels', expression: `"${name}":"([^"]+)"`, mapValue: name } as const;
}
