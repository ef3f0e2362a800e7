import { growth } from '../../../monitoring/promql';
import type { Panel } from '../../panel';
import { stat } from '../../panels/stat';
import { promqlNow } from '../../query';
import { type DashboardContext, metricsIn } from '../context';

/** Spans that did not reach the store, for every component that loses some. */
export function lostSpans(context: DashboardContext): Panel {
  const { tempo, collector } = metricsIn(context);
  const grown = (counter: string, up: string) => `(sum(${growth(counter, '$__range', up)}) or vector(0))`;
  const lost = [
    ...(collector
      ? [
          [collector.entrance, 'receiver_refused'] as const,
          [collector.sampler, 'exporter_enqueue_failed'] as const,
          [collector.sampler, 'exporter_send_failed'] as const,
        ].map(([tier, event]) => grown(tier(`otelcol_${event}_spans`), tier('up')))
      : [grown(tempo('tempo_receiver_refused_spans'), tempo('up'))]),
    grown(tempo('tempo_discarded_spans_total'), tempo('up')),
  ];
  const entrance = (collector?.entrance ?? tempo)('up');
  return stat({
    id: 6,
    title: 'Lost spans',
    description: collector
      ? 'Spans in the time range that the collector refused or could not export, or that Tempo discarded. What sampling leaves out is not lost.'
      : 'Spans in the time range that Tempo refused or discarded.',
    width: 5,
    unit: 'count:spans',
    thresholds: { warning: 1, critical: 1_000 },
    queries: [promqlNow(`${lost.join(' + ')} and on () (max(${entrance}) == 1)`)],
  });
}
