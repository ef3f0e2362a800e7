import { ENDLESS_RETRIES } from '../collector/parts';
import type { ConfigPart } from './config-part';
import { POD_METADATA } from './pod-metadata';

/** Where the collector sends metrics of OpenTelemetry SDKs. */
export interface MetricRoute {
  /** Base URL of an OTLP receiver over HTTP, without `/v1/metrics`. */
  readonly url: string;
}

const EXPORTER = 'otlp_http/metrics';

/** Processor that drops and counts deltas. Prometheus drops them without an error. */
export const DELTA_FILTER = 'filter/delta';

/** Bytes of metrics that wait for the receiver. */
const QUEUE_BYTES = 32 * 2 ** 20;

/**
 * The parts of the collector's configuration that forward metrics of SDKs.
 *
 * Requests are not merged, so that one which the receiver rejects affects only its application. Prometheus rejects older
 * samples after newer ones, so there is one connection.
 *
 * @param storage The storage extension of the queue; undefined keeps it in memory.
 * @see https://prometheus.io/docs/guides/opentelemetry/
 */
export function otlpMetrics(
  { url }: MetricRoute,
  clusterName: string | undefined,
  storage: string | undefined,
): ConfigPart {
  const processors = {
    'k8s_attributes/metrics': POD_METADATA.k8s_attributes,
    [DELTA_FILTER]: {
      error_mode: 'silent',
      metric_conditions: ['metric.aggregation_temporality == AGGREGATION_TEMPORALITY_DELTA'],
    },
    'transform/metrics': {
      metric_statements: [
        {
          context: 'resource',
          statements: [
            ...(clusterName === undefined ? [] : [`set(attributes["k8s.cluster.name"], "${clusterName}")`]),
            // The label instance, without which two pods of a service would write to the same series.
            'set(attributes["service.instance.id"], attributes["k8s.pod.name"]) where attributes["service.instance.id"] == nil and attributes["k8s.pod.name"] != nil',
          ],
        },
      ],
    },
  };
  return {
    processors,
    exporters: {
      [EXPORTER]: {
        endpoint: url,
        compression: 'gzip',
        timeout: '30s',
        retry_on_failure: ENDLESS_RETRIES,
        sending_queue: {
          enabled: true,
          sizer: 'bytes',
          queue_size: QUEUE_BYTES,
          num_consumers: 1,
          ...(storage === undefined ? {} : { storage }),
        },
      },
    },
    pipelines: {
      metrics: {
        receivers: ['otlp'],
        processors: ['memory_limiter', ...Object.keys(processors)],
        exporters: [EXPORTER],
      },
    },
  };
}
