import { growth } from '../../../monitoring/promql';
import type { Row } from '../../dashboard';
import { stat } from '../../panels/metric';
import { promql, promqlNow } from '../../query';
import { type DashboardContext, metricsIn, volumeUsed } from '../context';

/** What reaches Tempo, and whether there is room for it. */
export function arrivals(context: DashboardContext): Row {
  const { tempo, collector } = metricsIn(context);
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
        queries: [promql(`sum(rate(${tempo('tempo_distributor_spans_received_total')}[$__rate_interval]))`)],
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
        queries: [promqlNow(`sum(${growth(tempo('tempo_discarded_spans_total'), '$__range', tempo('up'))})`)],
      }),
      stat({
        id: 3,
        title: 'Refused by Tempo',
        question: 'Did Tempo refuse spans? Senders try again, and give up after a while.',
        empty: '0',
        width: 5,
        unit: 'short',
        thresholds: { warning: 1, critical: 1_000 },
        queries: [promqlNow(`sum(increase(${tempo('tempo_receiver_refused_spans')}[$__range]))`)],
      }),
      stat({
        id: 4,
        title: 'Volume used',
        question: 'Is there room? Share of the volume of Tempo.',
        empty: 'The kubelet tells nothing of the volume',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.8, critical: 0.9 },
        queries: [promql(volumeUsed(context, context.names.tempo))],
      }),
      stat({
        id: 5,
        title: 'Blocks',
        question: 'How many blocks does a search look through?',
        empty: 'none yet',
        width: 4,
        unit: 'short',
        queries: [promql(`sum(${tempo('tempodb_blocklist_length')})`)],
      }),
    ],
  };
}
