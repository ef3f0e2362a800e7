import { type ConfigPart, PORTS } from './config-part';

/** Connectors that compute metrics. */
export const SPAN_METRICS = ['span_metrics', 'service_graph'] as const;

/** Properties of {@link spanMetrics}. */
export interface SpanMetricsProps {
  /** Maximum number of series per metric. */
  readonly maxSeries: number;
  /** Peak number of spans per second. */
  readonly spansPerSecond: number;
}

/** Computes metrics of every span and of calls between services, and serves them to Prometheus. */
export function spanMetrics({ maxSeries, spansPerSecond }: SpanMetricsProps): ConfigPart {
  return {
    processors: { 'transform/grafana': NAMES_FOR_GRAFANA },
    connectors: {
      span_metrics: {
        namespace: 'traces.spanmetrics',
        histogram: {
          unit: 's',
          explicit: {
            buckets: ['5ms', '10ms', '25ms', '50ms', '100ms', '250ms', '500ms', '1s', '2500ms', '5s', '10s'],
          },
        },
        exemplars: { enabled: true },
        // A random id of the process, which would create a new set of series at each restart.
        exclude_dimensions: ['collector.instance.id'],
        resource_metrics_key_attributes: ['service.name'],
        aggregation_cardinality_limit: maxSeries,
        metrics_flush_interval: '15s',
        metrics_expiration: '5m',
      },
      service_graph: {
        metrics_flush_interval: '15s',
        // Calls wait for their peer span for 10 s and until the next cleanup. Sizing for 12 s was not enough.
        store: { ttl: '10s', max_items: 15 * spansPerSecond },
      },
    },
    exporters: {
      prometheus: {
        endpoint: `0.0.0.0:${PORTS.spanMetrics}`,
        metric_expiration: '5m',
        // Only this format contains exemplars.
        enable_open_metrics: true,
        without_scope_info: true,
        translation_strategy: 'UnderscoreEscapingWithSuffixes',
      },
    },
    pipelines: {
      'metrics/spans': {
        receivers: SPAN_METRICS,
        processors: ['transform/grafana', 'batch'],
        exporters: ['prometheus'],
      },
    },
  };
}

/** Grafana's Tempo datasource expects the names that Tempo's own generator uses. */
const NAMES_FOR_GRAFANA = {
  metric_statements: [
    {
      context: 'metric',
      statements: [
        'set(unit, "") where name == "traces.spanmetrics.duration"',
        'set(name, "traces.spanmetrics.latency") where name == "traces.spanmetrics.duration"',
      ],
    },
    {
      context: 'datapoint',
      statements: [
        'set(attributes["service"], attributes["service.name"]) where attributes["service.name"] != nil',
      ],
    },
  ],
};
