import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';
import { volumeAlerts } from '../monitoring/volume-alerts';
import type { TracingSettings } from './settings';

/**
 * Traces are lost without a word of anybody's; these say so.
 *
 * @param where Namespace that the collector is in, and name of its Service, which is that of its volume too.
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export function collectorAlerts(
  { queue, maxSeries, sampling }: TracingSettings,
  { name, namespace }: { name: string; namespace: string },
  thresholds: AlertThresholds,
): Alert[] {
  const collector = metricsOf(name, namespace);
  const up = collector('up', 'endpoint="metrics"');
  const grown = (counter: string) => `sum by (namespace, pod) (${growth(collector(counter), '10m', up)})`;
  const [size, capacity] = ['size', 'capacity'].map((one) => collector(`otelcol_exporter_queue_${one}`));
  // Their job is the service of the span.
  const overflow = `namespace="${namespace}",endpoint="span-metrics",otel_metric_overflow="true"`;
  const bufferTooSmall: Alert = {
    alert: 'TraceBufferTooSmall',
    expr: `${grown('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early')} > 0`,
    for: '10m',
    severity: 'warning',
    summary: 'Traces leave the buffer of the sampler before they are decided',
    description:
      'Of {{ $value | humanize }} traces in 10 minutes, errors and slow ones among them, none was kept.',
  };
  const volume = volumeAlerts({
    namespace,
    claim: name,
    thresholds,
    consequence: 'On a full volume the collector loses traces while Tempo is away.',
  });
  return [
    {
      alert: 'TraceCollectorDown',
      expr: `absent(${up} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'No trace collector answers',
      description: 'Applications cannot send traces, and requests, errors and durations are not counted.',
    },
    {
      alert: 'SpanMetricsMissing',
      expr: `absent(${collector('up', 'endpoint="span-metrics"')} == 1)`,
      for: '10m',
      severity: 'warning',
      summary: 'Requests, errors and durations of spans are not counted',
      description:
        'Prometheus does not get the span metrics: dashboards of services and the service graph are empty.',
    },
    {
      alert: 'SpanMetricsOverflow',
      expr: `count by (namespace, job) (traces_spanmetrics_calls_total{${overflow}}) > 0`,
      for: '10m',
      severity: 'warning',
      summary: `The service {{ $labels.job }} has more than tracing.maxSeries (${maxSeries}) series of span metrics`,
      description: 'What is beyond is counted in one series, without the name of the span.',
    },
    {
      alert: 'ServiceGraphIncomplete',
      expr: `${grown('otelcol_connector_servicegraph_dropped_spans')} > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'The service graph left out {{ $value | humanize }} spans in 10 minutes',
      description:
        'More ends of calls wait for their other end than it has room for: calls and edges are missing.',
    },
    {
      alert: 'TraceQueueFillingUp',
      expr: `max by (namespace, pod) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary: 'Traces wait for Tempo, and the queue is {{ $value | humanizePercentage }} full',
      description: 'Tempo is away or too slow. When the queue is full, traces that should be kept are lost.',
    },
    {
      alert: 'TracesLost',
      expr: `${grown('otelcol_exporter_enqueue_failed_spans')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: 'The queue to Tempo is full: {{ $value | humanize }} spans were lost in 10 minutes',
      description: 'Traces that should be kept are thrown away until Tempo takes them faster than they come.',
    },
    {
      alert: 'TraceExportFails',
      expr: `${grown('otelcol_exporter_send_failed_spans')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: 'Tempo turned away {{ $value | humanize }} spans in 10 minutes',
      description:
        'The collector does not send them again: Tempo said that they are wrong, not that it is busy.',
    },
    {
      alert: 'TraceCollectorRefusesSpans',
      expr: `sum by (namespace, pod) (rate(${collector('otelcol_receiver_refused_spans')}[5m])) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'The trace collector refuses {{ $value | humanize }} spans per second',
      description: 'It is near its memory limit. Clients try again, and give up after a while.',
    },
    ...(sampling.type === 'tail' ? [bufferTooSmall] : []),
    ...(queue.persistent
      ? [
          { alert: 'TraceQueueVolumeFillsUp', ...volume.fillsUp },
          { alert: 'TraceQueueVolumeNearlyFull', ...volume.nearlyFull },
        ]
      : []),
  ];
}
