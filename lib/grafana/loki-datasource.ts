import { type Correlation, type Datasource, PROVISIONED } from './datasource';
import { PROMETHEUS_UID } from './prometheus-datasource';
import { LOKI_UID, TEMPO_UID } from './query';

/** Properties of {@link lokiDatasource}. */
export interface LokiDatasourceProps {
  /** Where Grafana reaches Loki. */
  readonly url: string;
  /** Log lines that Grafana asks for in one query. */
  readonly maxLines: number;
  /** Seconds that a query may take. */
  readonly timeoutSeconds: number;
}

/**
 * Loki, with a jump from a line to its trace, and to the metrics of its pod.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/loki/configure-loki-data-source/
 */
export function lokiDatasource(props: LokiDatasourceProps): Datasource {
  const { url, maxLines, timeoutSeconds } = props;
  return {
    name: 'Loki',
    type: 'loki',
    uid: LOKI_UID,
    url,
    ...PROVISIONED,
    jsonData: {
      maxLines,
      timeout: timeoutSeconds,
      derivedFields: [
        {
          name: 'Trace',
          // By what the agent found, which is also what a query finds the line by. An expression for the text of the
          // line would show a second link for the same id, and links for ids that no query finds.
          matcherType: 'label',
          matcherRegex: '^trace_?[iI][dD]$',
          datasourceUid: TEMPO_UID,
          // In Explore, the raw value is the query: a trace id is one.
          url: '${__value.raw}',
          urlDisplayLabel: 'View trace',
        },
      ],
    },
    correlations: podMetrics(),
  };
}

/** CPU and memory of the pod that wrote a line, by what the kubelet tells Prometheus. */
function podMetrics(): Correlation[] {
  const pod = 'namespace="${namespace}", pod="${pod}", container!=""';
  const link = (label: string, description: string, expr: string): Correlation => ({
    label,
    description,
    targetUID: PROMETHEUS_UID,
    config: {
      type: 'query',
      field: 'Line',
      target: { expr, legendFormat: '{{container}}', refId: 'A' },
      transformations: ['namespace', 'pod'].map(fromLabel),
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
