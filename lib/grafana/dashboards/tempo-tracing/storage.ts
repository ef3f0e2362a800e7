import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/timeseries';
import { promql, traceql } from '../../query';
import { type DashboardContext, metricsIn } from '../context';
import { TRACED_SERVICE } from '../red';

/** Data that Tempo ingests, stores and deletes. */
export function storage(context: DashboardContext): Row {
  const { tempo } = metricsIn(context);
  const grown = (metric: string) => `sum(increase(${tempo(metric)}[$__rate_interval]))`;
  return {
    title: 'Storage',
    answers: 'What does Tempo keep, and does retention delete what is too old?',
    height: 9,
    panels: [
      timeseries({
        id: 20,
        title: 'Ingestion rate',
        description:
          'Spans per second that Tempo ingests, and that it discards, by the limit that they broke.',
        width: 8,
        unit: 'count:spans/s',
        colors: { ingested: 'blue' },
        queries: [
          promql(
            `sum(rate(${tempo('tempo_distributor_spans_received_total')}[$__rate_interval]))`,
            'ingested',
          ),
          promql(
            `sum by (reason) (rate(${tempo('tempo_discarded_spans_total')}[$__rate_interval]))`,
            'discarded: {{reason}}',
          ),
        ],
      }),
      timeseries({
        id: 21,
        title: 'Stored spans by service',
        description: 'Spans per second of the chosen services that Tempo keeps.',
        width: 8,
        unit: 'count:spans/s',
        queries: [traceql(`{ ${TRACED_SERVICE} } | rate() by (resource.service.name)`)],
      }),
      timeseries({
        id: 22,
        title: 'Blocks',
        description: 'Blocks that Tempo wrote, that retention deleted, and that it failed to delete.',
        width: 8,
        unit: 'short',
        colors: { written: 'blue', deleted: 'green', errors: 'red' },
        softMax: 1,
        queries: [
          promql(grown('tempo_live_store_blocks_completed_total'), 'written'),
          promql(grown('tempodb_retention_deleted_total'), 'deleted'),
          promql(grown('tempodb_retention_errors_total'), 'errors'),
        ],
      }),
    ],
  };
}
