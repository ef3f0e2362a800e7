import type { Alert } from '../monitoring/prometheus-rule';

/**
 * Traces are lost without a word of anybody's; these say so.
 *
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export const COLLECTOR_ALERTS: readonly Alert[] = [
  {
    alert: 'TraceCollectorDown',
    expr: 'absent(up{job="otel-collector"} == 1)',
    for: '5m',
    severity: 'critical',
    summary: 'No trace collector answers',
    description: 'Applications cannot send traces, and requests, errors and durations are not counted.',
  },
  {
    alert: 'TraceQueueFillingUp',
    expr: 'max by (namespace, pod) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity) > 0.5',
    for: '5m',
    severity: 'warning',
    summary: 'Traces wait for Tempo, and the queue is {{ $value | humanizePercentage }} full',
    description: 'Tempo is away or too slow. When the queue is full, traces that should be kept are lost.',
  },
  {
    alert: 'TracesLost',
    expr: 'sum by (namespace, pod) (increase(otelcol_exporter_enqueue_failed_spans[10m])) > 0',
    for: '0m',
    severity: 'critical',
    summary: 'The queue to Tempo is full: {{ $value | humanize }} spans were lost in 10 minutes',
    description: 'Traces that should be kept are thrown away until Tempo takes them faster than they come.',
  },
  {
    alert: 'TraceCollectorRefusesSpans',
    expr: 'sum by (namespace, pod) (rate(otelcol_receiver_refused_spans[5m])) > 0',
    for: '5m',
    severity: 'warning',
    summary: 'The trace collector refuses {{ $value | humanize }} spans per second',
    description: 'It is near its memory limit. Clients try again, and give up after a while.',
  },
  {
    alert: 'TraceBufferTooSmall',
    expr: 'sum by (namespace, pod) (increase(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early[10m])) > 0',
    for: '10m',
    severity: 'warning',
    summary: 'Traces leave the buffer of the sampler before they are decided',
    description:
      'Of {{ $value | humanize }} traces in 10 minutes, errors and slow ones among them, none was kept.',
  },
];
