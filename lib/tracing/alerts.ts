import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, growth, metricsOf } from '../monitoring/promql';
import type { AlertThresholds } from '../monitoring/settings';
import { volumeAlerts } from '../monitoring/volume-alerts';
import { distributionAlerts } from './distribution-alerts';
import { deltaAlert, type OtlpSignal, otlpAlerts } from './otlp-alerts';
import { hasTiers, samplersOf } from './sampling-settings';
import type { TracingSettings } from './settings';

interface Place {
  readonly namespace: string;
  /** Name of the Service, which is also the name of the volume. */
  readonly name: string;
}

/**
 * Alerts about a trace collector that does everything by itself. Collectors drop spans silently.
 *
 * @param accepts What SDKs may send to the collector besides spans.
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export function collectorAlerts(
  settings: TracingSettings,
  place: Place,
  thresholds: AlertThresholds,
  accepts: readonly OtlpSignal[] = [],
): Alert[] {
  const collector = metricsOf(place.name, place.namespace);
  return [
    collectorDown(collector),
    ...metricAlerts(settings, place),
    ...storeAlerts(settings, place, accepts.length > 0),
    refusesSpans(collector),
    ...otherSignalAlerts(accepts, collector),
    ...bufferAlerts(settings, place),
    ...queueVolumeAlerts(settings, place, thresholds),
  ];
}

/** Like {@link collectorAlerts}, for the first of two tiers. */
export function firstTierAlerts(
  settings: TracingSettings,
  place: Place,
  accepts: readonly OtlpSignal[],
): Alert[] {
  const collector = metricsOf(place.name, place.namespace);
  const up = upOf(collector);
  return [
    collectorDown(collector),
    ...distributionAlerts(collector, up, samplersOf(settings.sampling)),
    refusesSpans(collector),
    ...otherSignalAlerts(accepts, collector),
  ];
}

/** Like {@link collectorAlerts}, for the second of two tiers. */
export function samplerAlerts(settings: TracingSettings, place: Place, thresholds: AlertThresholds): Alert[] {
  const sampler = metricsOf(place.name, place.namespace);
  const replicas = samplersOf(settings.sampling);
  return [
    {
      alert: 'TraceSamplerMissing',
      expr: `(count(${upOf(sampler)} == 1) or vector(0)) < ${replicas}`,
      for: '10m',
      severity: 'warning',
      summary: `{{ $value }} of ${replicas} sampling collectors respond`,
      description: 'The others receive its traces. If several are missing, their buffers are too small.',
    },
    ...metricAlerts(settings, place),
    ...storeAlerts(settings, place, false),
    {
      ...refusesSpans(sampler),
      alert: 'TraceSamplerRefusesSpans',
      summary: 'A sampling collector rejects {{ $value | humanize }} spans per second',
      description: 'It is near its memory limit. The first tier retries, and its queue fills up.',
    },
    ...bufferAlerts(settings, place),
    ...queueVolumeAlerts(settings, place, thresholds),
  ];
}

const upOf = (collector: ComponentMetrics) => collector('up', 'endpoint="metrics"');

function collectorDown(collector: ComponentMetrics): Alert {
  return {
    alert: 'TraceCollectorDown',
    expr: `absent(${upOf(collector)} == 1)`,
    for: '5m',
    severity: 'critical',
    summary: 'No trace collector is up',
    description: 'Applications cannot send traces, and request, error and duration metrics stop.',
  };
}

function refusesSpans(collector: ComponentMetrics): Alert {
  return {
    alert: 'TraceCollectorRefusesSpans',
    expr: `sum by (namespace, pod) (rate(${collector('otelcol_receiver_refused_spans')}[5m])) > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'The trace collector rejects {{ $value | humanize }} spans per second',
    description: 'It is near its memory limit. Clients retry for a while, then drop the spans.',
  };
}

/** Alerts about logs and metrics of SDKs. */
function otherSignalAlerts(accepts: readonly OtlpSignal[], collector: ComponentMetrics): Alert[] {
  const up = upOf(collector);
  return [
    ...accepts.flatMap((signal) => otlpAlerts(signal, collector, up)),
    ...(accepts.includes('metrics') ? [deltaAlert(collector, up)] : []),
  ];
}

/** Growth of a counter in ten minutes, per pod. */
const grownOf = (collector: ComponentMetrics) => (counter: string) =>
  `sum by (namespace, pod) (${growth(collector(counter), '10m', upOf(collector))})`;

/** Alerts about metrics of spans. */
function metricAlerts({ maxSeries }: TracingSettings, { name, namespace }: Place): Alert[] {
  const collector = metricsOf(name, namespace);
  // Their job label is the service of the span.
  const overflow = `namespace="${namespace}",endpoint="span-metrics",otel_metric_overflow="true"`;
  return [
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
      expr: `${grownOf(collector)('otelcol_connector_servicegraph_dropped_spans')} > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'The service graph dropped {{ $value | humanize }} spans in 10 minutes',
      description: 'Too many calls wait for their peer span, so calls and edges are missing.',
    },
  ];
}

/** Alerts about the way to Tempo and other stores. */
function storeAlerts(
  { destinations }: TracingSettings,
  { name, namespace }: Place,
  isShared: boolean,
): Alert[] {
  const collector = metricsOf(name, namespace);
  // Series of several exporters are told apart.
  const several = Object.keys(destinations).length > 0;
  const labels = several ? 'namespace, pod, exporter' : 'namespace, pod';
  const store = several ? '{{ $labels.exporter }}' : 'Tempo';
  const grown = (counter: string) =>
    `sum by (${labels}) (${growth(collector(counter), '10m', upOf(collector))})`;
  const [size, capacity] = ['size', 'capacity'].map((one) =>
    collector(`otelcol_exporter_queue_${one}`, ...(isShared ? ['data_type="traces"'] : [])),
  );
  return [
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
      expr: `${grown('otelcol_exporter_enqueue_failed_spans')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `The export queue to ${store} is full: {{ $value | humanize }} spans lost in 10 minutes`,
      description: `Sampled traces are lost until ${store} ingests them faster than they arrive.`,
    },
    {
      alert: 'TraceExportFails',
      expr: `${grown('otelcol_exporter_send_failed_spans')} > 0`,
      for: '0m',
      severity: 'critical',
      summary: `${store} permanently rejected {{ $value | humanize }} spans in 10 minutes`,
      description: several
        ? 'The collector does not retry, because the store rejected the credentials, or the spans as invalid.'
        : 'The collector does not retry, because Tempo reported the spans as invalid.',
    },
  ];
}

/** Alerts about the buffer of undecided traces. */
function bufferAlerts({ sampling }: TracingSettings, { name, namespace }: Place): Alert[] {
  if (sampling.type !== 'tail') return [];
  const grown = grownOf(metricsOf(name, namespace));
  return [
    {
      alert: 'TraceBufferTooSmall',
      expr: `${grown('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early')} > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'Traces leave the sampling buffer before a decision',
      description:
        '{{ $value | humanize }} traces in 10 minutes were dropped before a sampling decision, including failed and slow ones.',
    },
  ];
}

/** Alerts about the volumes of queues. */
function queueVolumeAlerts(
  { queue, sampling }: TracingSettings,
  { name, namespace }: Place,
  thresholds: AlertThresholds,
): Alert[] {
  if (!queue.persistent) return [];
  const volume = volumeAlerts({
    namespace,
    claim: name,
    ...(hasTiers(sampling) ? { claims: `queue-${name}-.+` } : {}),
    thresholds,
    consequence: 'On a full volume, the collector loses traces while Tempo is down.',
  });
  return [
    { alert: 'TraceQueueVolumeFillsUp', ...volume.fillsUp },
    { alert: 'TraceQueueVolumeNearlyFull', ...volume.nearlyFull },
  ];
}
