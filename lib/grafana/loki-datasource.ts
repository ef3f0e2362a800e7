import { type Correlation, type Datasource, PROVISIONED } from './datasource';
import { LOKI_UID, TEMPO_UID } from './query';

/** What stands before a trace id in the text of a line. Grafana gives no flags, so that case is spelled out. */
const BEFORE_ID = [
  String.raw`\b(?:otel)?[tT][rR][aA][cC][eE][._-]?[iI][dD]\\?["']?\s*[=:]\s*\\?["']?`,
  // Serilog's compact format.
  String.raw`"@tr":\s*"`,
  String.raw`"trace":\s*\{\s*"id":\s*"`,
  // The second of Spring's [app,trace,span].
  String.raw`\[[^\]\s,]*,`,
];

/** Finds the trace id in the text of a line, as its first group. */
export const TRACE_ID_IN_LINE = String.raw`(?:${BEFORE_ID.join('|')})([0-9a-fA-F]{32}|[0-9a-fA-F]{16})\b`;

/** Properties of {@link lokiDatasource}. */
export interface LokiDatasourceProps {
  /** Where Grafana reaches Loki. */
  readonly url: string;
  /** Log lines that Grafana asks for in one query. */
  readonly maxLines: number;
  /** Seconds that a query may take. */
  readonly timeoutSeconds: number;
  /** Uid of the existing Prometheus. */
  readonly prometheusUid: string;
}

/**
 * Loki, with a jump from a line to its trace, and to the metrics of its pod.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/loki/configure-loki-data-source/
 */
export function lokiDatasource(props: LokiDatasourceProps): Datasource {
  const { url, maxLines, timeoutSeconds, prometheusUid } = props;
  // In Explore, the raw value is the query: a trace id is one.
  const toTrace = { datasourceUid: TEMPO_UID, url: '${__value.raw}', urlDisplayLabel: 'View trace' };
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
        // A label, or a piece of structured metadata, whose name matches: what the agent has found.
        { name: 'Trace', matcherType: 'label', matcherRegex: '^trace_id$', ...toTrace },
        { name: 'Trace in the line', matcherType: 'regex', matcherRegex: TRACE_ID_IN_LINE, ...toTrace },
      ],
    },
    correlations: podMetrics(prometheusUid),
  };
}

/** CPU and memory of the pod that wrote a line, by what the kubelet tells Prometheus. */
function podMetrics(prometheusUid: string): Correlation[] {
  const pod = 'namespace="${namespace}", pod="${pod}", container!=""';
  const link = (label: string, description: string, expr: string): Correlation => ({
    label,
    description,
    targetUID: prometheusUid,
    config: {
      type: 'query',
      field: 'Line',
      target: { expr, legendFormat: '{{container}}', refId: 'A' },
      transformations: ['namespace', 'pod'].map(fromLabel),
    },
  });
  return [
    link(
      'CPU of the pod',
      'CPU that the containers of the pod use, in cores',
      `sum by (container) (rate(container_cpu_usage_seconds_total{${pod}}[5m]))`,
    ),
    link(
      'Memory of the pod',
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
