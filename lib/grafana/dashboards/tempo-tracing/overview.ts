import { growth } from '../../../monitoring/promql';
import type { Row } from '../../dashboard';
import { stat } from '../../panels/stat';
import { promql, promqlNow } from '../../query';
import { type DashboardContext, metricsIn, orZero, volumeUsage } from '../context';

/** Spans that reach Tempo, and the remaining storage capacity. */
export function overview(context: DashboardContext): Row {
  const { tempo, collector } = metricsIn(context);
  const up = tempo('up');
  return {
    title: 'Overview',
    answers: 'Do traces arrive, and is there room for them?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Span rate',
        description: collector
          ? 'Mean spans per second that Tempo ingests in the time range, after sampling.'
          : 'Mean spans per second that Tempo ingests in the time range.',
        width: 5,
        unit: 'count:spans/s',
        // After sampling, a minute may have no spans.
        over: 'mean',
        queries: [promql(`sum(rate(${tempo('tempo_distributor_spans_received_total')}[$__rate_interval]))`)],
      }),
      stat({
        id: 2,
        title: 'Discarded spans',
        description:
          'Spans in the time range that Tempo discarded after it had accepted them, because of a limit such as tempo.limits.',
        width: 5,
        unit: 'count:spans',
        thresholds: { warning: 1, critical: 1_000 },
        queries: [
          promqlNow(orZero(`sum(${growth(tempo('tempo_discarded_spans_total'), '$__range', up)})`, up)),
        ],
      }),
      stat({
        id: 3,
        title: 'Refused spans',
        description: 'Spans in the time range that Tempo refused. Senders retry, and give up after a while.',
        width: 5,
        unit: 'count:spans',
        thresholds: { warning: 1, critical: 1_000 },
        queries: [promqlNow(orZero(`sum(increase(${tempo('tempo_receiver_refused_spans')}[$__range]))`, up))],
      }),
      stat({
        id: 4,
        title: 'Volume usage',
        description: 'Used part of the volume of Tempo, as the kubelet reports it.',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.8, critical: 0.9 },
        queries: [promql(volumeUsage(context, context.names.tempo))],
      }),
      stat({
        id: 5,
        title: 'Blocks',
        description:
          'Blocks that a search over everything reads. There is none until Tempo has polled for the first one.',
        width: 4,
        unit: 'short',
        queries: [promql(orZero(`sum(${tempo('tempodb_blocklist_length')})`, up))],
      }),
    ],
  };
}
