import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';
import { volumeAlerts } from '../monitoring/volume-alerts';
import { deltaAlert, type OtlpSignal, otlpAlerts } from './otlp-alerts';
import type { TracingSettings } from './settings';

/**
 * Alerts about the trace collector, which drops spans silently.
 *
 * @param where Namespace of the collector and the name of its Service, which is also the name of its volume.
 * @param accepts What SDKs may send to the collector besides spans.
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export function collectorAlerts(
  { queue, maxSeries, sampling, destinations }: TracingSettings,
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
  accepts: readonly OtlpSignal[] = [],
): Alert[] {
  const collector = metricsOf(name, namespace);
  const up = collector('up', 'endpoint="metrics"');
  const grown = (counter: string) => `sum by (namespace, pod) (${growth(collector(counter), '10m', up)})`;
  // Series of several exporters are told apart.
  const several = Object.keys(destinations).length > 0;
  const labels = several ? 'namespace, pod, exporter' : 'namespace, pod';
  const store = several ? '{{ $labels.exporter }}' : 'Tempo';
  const exported = (counter: string) => `sum by (${labels}) (${growth(collector(counter), '10m', up)})`;
  const [size, capacity] = ['size', 'capacity'].map((one) =>
    collector(`otelcol_exporter_queue_${one}`, ...(accepts.length > 0 ? ['data_type="traces"'] : [])),
  );
  // Their job label is the service of the span.
  const overflow = `namespace="${namespace}",endpoint="span-metrics",otel_metric_overflow="true"`;
  const bufferTooSmall: Alert = {
    alert: 'TraceBufferTooSmall',
    expr: `${grown('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early')} > 0`,
    for: '10m',
    severity: 'warning',
    summary: 'Traces leave the sampling buffer before a decision',
    description:
      '{{ $value | humanize }} traces in 10 minutes were dropped before a sampling decision, including failed and slow ones.',
  };
  const volume = volumeAlerts({
    namespace,
    claim: name,
    thresholds,
    consequence: 'On a full volume, the collector loses traces while Tempo is down.',
  });
  return [
    {
      alert: 'TraceCollectorDown',
      expr: `absent(${up} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'No trace collector is up',
      description: 'Applications cannot send traces, and request, error and duration metrics stop.',
    },
    {
      alert: 'SpanMetricsMissing',
      expr: `absent(${collector('up', 'endpoint="span-metrics"')} == 1)`,
      for: '10m',
      severity: 'warning',
      summary: 'Span metrics are missing',
      description:
        'Prometheus does not scrape the span metrics: service dashboards and the service graph are empty.',
    },
    {
      alert: 'SpanMetricsOverflow',
      expr: `count by (namespace, job) (traces_spanmetrics_calls_total{${overflow}}) > 0`,
      for: '10m',
      severity: 'warning',
      summary: `The service {{ $labels.job }} has more than tracing.maxSeries (${maxSeries}) series of span metrics`,
      description: 'Further series are counted in one overflow series, without span names.',
    },
    {
      alert: 'ServiceGraphIncomplete',
      expr: `${grown('otelcol_connector_servicegraph_dropped_spans')} > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'The service graph dropped {{ $value | humanize }} spans in 10 minutes',
      description: 'Too many calls wait for their peer span, so calls and edges are missing.',
    },
    {
      alert: 'TraceQueueFillingUp',
      expr: `max by (${labels}) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary: `The export queue to ${store} is {{ $value | humanizePercentage }} full`,
      description: `${store} is down or too slow. When the queue is full, sampled traces are lost.`,
    },
    {
      alert: 'TracesLost',
      expr: `${exported('otelcol_exporter_enqueue_failed_spans')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `The export queue to ${store} is full: {{ $value | humanize }} spans lost in 10 minutes`,
      description: `Sampled traces are lost until ${store} ingests them faster than they arrive.`,
    },
    {
      alert: 'TraceExportFails',
      expr: `${exported('otelcol_exporter_send_failed_spans')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `${store} permanently rejected {{ $value | humanize }} spans in 10 minutes`,
      description: several
        ? 'The collector does not retry, because the store rejected the credentials, or the spans as invalid.'
        : 'The collector does not retry, because Tempo reported the spans as invalid.',
    },
    {
      alert: 'TraceCollectorRefusesSpans',
      expr: `sum by (namespace, pod) (rate(${collector('otelcol_receiver_refused_spans')}[5m])) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'The trace collector rejects {{ $value | humanize }} spans per second',
      description: 'It is near its memory limit. Clients retry for a while, then drop the spans.',
    },
    ...accepts.flatMap((signal) => otlpAlerts(signal, collector, up)),
    ...(accepts.includes('metrics') ? [deltaAlert(collector, up)] : []),
    ...(sampling.type === 'tail' ? [bufferTooSmall] : []),
    ...(queue.persistent
      ? [
          { alert: 'TraceQueueVolumeFillsUp', ...volume.fillsUp },
          { alert: 'TraceQueueVolumeNearlyFull', ...volume.nearlyFull },
        ]
      : []),
  ];
}
