import type { Dashboard, Row } from '../dashboard';
import { stat, timeseries, traces } from '../panel';
import { promql, promqlNow, traceList, traceql } from '../query';
import { textOf, tracedService } from '../variable';
import type { DashboardContext } from './context';

const NO_TEMPO = 'Prometheus has no metrics of Tempo: see its ServiceMonitor';
const NO_COLLECTOR = 'Prometheus has no metrics of the collector: see its ServiceMonitor';
const NO_TRACES = 'Tempo keeps no such trace of this time range';

/** Do traces arrive, what becomes of them, and where is the one I look for? */
export function tempoTracing(context: DashboardContext): Dashboard {
  return {
    name: 'tempo-tracing',
    title: 'Tempo Tracing Dashboard',
    description: 'Do traces arrive? What is refused, kept and deleted? Where is the trace that I look for?',
    variables: [
      tracedService(),
      textOf('slower', 'Slower than', '500ms'),
      textOf('query', 'TraceQL', '{ kind = server }'),
    ],
    rows: [
      arrivals(context),
      ...(context.collector ? [collector(context)] : []),
      store(context),
      {
        title: 'Where is the trace?',
        height: 10,
        panels: [
          traces({
            id: 30,
            title: 'Failing traces',
            question: 'Which requests failed? Up to 50 traces with a span in error.',
            empty: 'No trace with an error in this time range',
            width: 12,
            queries: [traceList('{ resource.service.name =~ "$service" && status = error }')],
          }),
          traces({
            id: 31,
            title: 'Slow traces',
            question:
              'Which requests were slow? Up to 50 traces that took longer than chosen above, the slowest first.',
            empty: NO_TRACES,
            width: 12,
            queries: [traceList('{ resource.service.name =~ "$service" && trace:duration > ${slower:raw} }')],
          }),
        ],
      },
      {
        title: 'What does a search find?',
        height: 10,
        panels: [
          traces({
            id: 32,
            title: 'Search',
            question: 'Which traces match the TraceQL above? A click on an id opens the trace.',
            empty: NO_TRACES,
            width: 24,
            queries: [traceList('${query:raw}')],
          }),
        ],
      },
    ],
  };
}

function arrivals({ namespace, collector }: DashboardContext): Row {
  const tempo = `job="tempo", namespace="${namespace}"`;
  return {
    title: 'Do traces arrive?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Spans per second',
        question: collector
          ? 'How many spans does Tempo take in? The collector has sampled before.'
          : 'How many spans does Tempo take in?',
        empty: 'none',
        width: 5,
        unit: 'cps',
        queries: [promql(`sum(rate(tempo_distributor_spans_received_total{${tempo}}[$__rate_interval]))`)],
      }),
      stat({
        id: 2,
        title: 'Dropped by Tempo',
        question:
          'Did Tempo throw away what it had taken? Spans in the time range, for limits such as tempo.limits.',
        empty: '0',
        width: 5,
        unit: 'short',
        thresholds: { warning: 1, critical: 1_000 },
        queries: [promqlNow(`sum(increase(tempo_discarded_spans_total{${tempo}}[$__range]))`)],
      }),
      stat({
        id: 3,
        title: 'Refused by Tempo',
        question: 'Did Tempo refuse spans? Senders try again, and give up after a while.',
        empty: '0',
        width: 5,
        unit: 'short',
        thresholds: { warning: 1, critical: 1_000 },
        queries: [promqlNow(`sum(increase(tempo_receiver_refused_spans{${tempo}}[$__range]))`)],
      }),
      stat({
        id: 4,
        title: 'Volume used',
        question: 'Is there room? Share of the volume of Tempo.',
        empty: 'The kubelet tells nothing of the volume',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.8, critical: 0.9 },
        queries: [
          promql(
            `max(kubelet_volume_stats_used_bytes{namespace="${namespace}", persistentvolumeclaim="tempo"} / kubelet_volume_stats_capacity_bytes{namespace="${namespace}", persistentvolumeclaim="tempo"})`,
          ),
        ],
      }),
      stat({
        id: 5,
        title: 'Blocks',
        question: 'How many blocks does a search look through?',
        empty: 'none yet',
        width: 4,
        unit: 'short',
        queries: [promql(`sum(tempodb_blocklist_length{${tempo}})`)],
      }),
    ],
  };
}

function collector({ namespace, expectedSpansPerSecond }: DashboardContext): Row {
  const labels = `job="otel-collector", namespace="${namespace}"`;
  return {
    title: 'What becomes of spans before Tempo?',
    height: 8,
    panels: [
      timeseries({
        id: 10,
        title: 'Spans that applications send',
        question: 'By which way do spans come, and are they as many as tracing.sampling expects?',
        empty: NO_COLLECTOR,
        width: 8,
        unit: 'cps',
        thresholds: expectedSpansPerSecond
          ? { warning: expectedSpansPerSecond, critical: 2 * expectedSpansPerSecond }
          : undefined,
        queries: [
          promql(
            `sum by (receiver, transport) (rate(otelcol_receiver_accepted_spans{${labels}}[$__rate_interval]))`,
            '{{receiver}} {{transport}}',
          ),
        ],
      }),
      timeseries({
        id: 11,
        title: 'Refused, or lost',
        question: 'Are spans lost before they are sampled, or after?',
        empty: NO_COLLECTOR,
        width: 8,
        unit: 'cps',
        queries: [
          promql(`sum(rate(otelcol_receiver_refused_spans{${labels}}[$__rate_interval]))`, 'refused'),
          promql(`sum(rate(otelcol_exporter_send_failed_spans{${labels}}[$__rate_interval]))`, 'not sent'),
          promql(
            `sum(rate(otelcol_exporter_enqueue_failed_spans{${labels}}[$__rate_interval]))`,
            'queue full',
          ),
        ],
      }),
      timeseries({
        id: 12,
        title: 'Queue to Tempo',
        question: 'Does Tempo keep up? What waits for it, of what may wait.',
        empty: NO_COLLECTOR,
        width: 8,
        unit: 'percentunit',
        thresholds: { warning: 0.5, critical: 0.9 },
        queries: [
          promql(
            `max by (pod) (otelcol_exporter_queue_size{${labels}} / otelcol_exporter_queue_capacity{${labels}})`,
            '{{pod}}',
          ),
        ],
      }),
    ],
  };
}

function store({ namespace }: DashboardContext): Row {
  const tempo = `job="tempo", namespace="${namespace}"`;
  return {
    title: 'What does Tempo keep, and delete?',
    height: 8,
    panels: [
      timeseries({
        id: 20,
        title: 'Spans taken in, and dropped',
        question: 'What does Tempo take in, and which limit makes it drop spans?',
        empty: NO_TEMPO,
        width: 6,
        unit: 'cps',
        queries: [
          promql(`sum(rate(tempo_distributor_spans_received_total{${tempo}}[$__rate_interval]))`, 'taken in'),
          promql(
            `sum by (reason) (rate(tempo_discarded_spans_total{${tempo}}[$__rate_interval]))`,
            'dropped: {{reason}}',
          ),
        ],
      }),
      timeseries({
        id: 21,
        title: 'Spans kept, by service',
        question: 'Of which services are spans kept?',
        empty: NO_TRACES,
        width: 6,
        unit: 'cps',
        queries: [traceql('{ resource.service.name =~ "$service" } | rate() by (resource.service.name)')],
      }),
      timeseries({
        id: 22,
        title: 'Blocks written, and deleted',
        question: 'Does retention delete what is too old?',
        empty: NO_TEMPO,
        width: 6,
        unit: 'short',
        queries: [
          promql(
            `sum(increase(tempo_live_store_blocks_completed_total{${tempo}}[$__rate_interval]))`,
            'written',
          ),
          promql(`sum(increase(tempodb_retention_deleted_total{${tempo}}[$__rate_interval]))`, 'deleted'),
          promql(`sum(increase(tempodb_retention_errors_total{${tempo}}[$__rate_interval]))`, 'errors'),
        ],
      }),
      timeseries({
        id: 23,
        title: 'Duration of queries (95 %)',
        question: 'How long do people wait for a trace?',
        empty: 'Nobody has asked Tempo in this time range',
        width: 6,
        unit: 's',
        queries: [
          promql(
            `histogram_quantile(0.95, sum by (le, route) (rate(tempo_request_duration_seconds_bucket{${tempo}, route=~"api_.*"}[$__rate_interval])))`,
            '{{route}}',
          ),
        ],
      }),
    ],
  };
}
