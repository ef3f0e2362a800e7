import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/metric';
import { promql, traceql } from '../../query';
import { type DashboardContext, metricsIn } from '../context';

const NO_TEMPO = 'Prometheus has no metrics of Tempo: see its ServiceMonitor';

/** What Tempo keeps, deletes, and how quickly it answers. */
export function store(context: DashboardContext): Row {
  const { tempo } = metricsIn(context);
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
          promql(
            `sum(rate(${tempo('tempo_distributor_spans_received_total')}[$__rate_interval]))`,
            'taken in',
          ),
          promql(
            `sum by (reason) (rate(${tempo('tempo_discarded_spans_total')}[$__rate_interval]))`,
            'dropped: {{reason}}',
          ),
        ],
      }),
      timeseries({
        id: 21,
        title: 'Spans kept, by service',
        question: 'Of which services are spans kept?',
        empty: 'Tempo keeps no trace of this time range',
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
            `sum(increase(${tempo('tempo_live_store_blocks_completed_total')}[$__rate_interval]))`,
            'written',
          ),
          promql(`sum(increase(${tempo('tempodb_retention_deleted_total')}[$__rate_interval]))`, 'deleted'),
          promql(`sum(increase(${tempo('tempodb_retention_errors_total')}[$__rate_interval]))`, 'errors'),
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
            `histogram_quantile(0.95, sum by (le, route) (rate(${tempo('tempo_request_duration_seconds_bucket', 'route=~"api_.*"')}[$__rate_interval])))`,
            '{{route}}',
          ),
        ],
      }),
    ],
  };
}
