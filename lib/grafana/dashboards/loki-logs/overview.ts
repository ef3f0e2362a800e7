import { growth } from '../../../monitoring/promql';
import type { Row } from '../../dashboard';
import { stat } from '../../panels/metric';
import { logql, promqlNow } from '../../query';
import { type DashboardContext, FAILED_LINES, metricsIn } from '../context';

/**
 * How much is logged, and how much of it tells of errors. Each number is made of the steps of a range, which Loki
 * keeps in its cache: to count over the whole range at once, it would read every line again each time.
 */
export function overview(context: DashboardContext, selector: string, wanted: string): Row {
  const { loki } = metricsIn(context);
  const failed = `sum(count_over_time(${selector} | ${FAILED_LINES} [$__auto]))`;
  return {
    title: 'Is something wrong?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Lines per second',
        question: 'How much is logged, of what is chosen above? The mean over the time range.',
        empty: 'none',
        width: 5,
        unit: 'cps',
        over: 'mean',
        queries: [logql(`sum(rate(${wanted} [$__auto]))`)],
      }),
      stat({
        id: 2,
        title: 'Volume',
        question: 'How many bytes is that?',
        empty: 'none',
        width: 5,
        unit: 'binBps',
        over: 'mean',
        queries: [logql(`sum(bytes_rate(${wanted} [$__auto]))`)],
      }),
      stat({
        id: 3,
        title: 'Errors',
        question: 'How many lines of the time range tell of an error, or worse?',
        empty: '0',
        width: 5,
        unit: 'short',
        over: 'sum',
        queries: [logql(failed)],
      }),
      stat({
        id: 4,
        title: 'Share of errors',
        question: 'Is that many, against all lines? The mean over the time range.',
        empty: 'no lines',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        over: 'mean',
        // Of no failed line there is no number, which would leave an earlier share in its place.
        queries: [logql(`(${failed} or vector(0)) / sum(count_over_time(${selector} [$__auto]))`)],
      }),
      stat({
        id: 5,
        title: 'Lines refused',
        question: 'Are lines missing, of any workload, because Loki refused them?',
        empty: '0',
        width: 4,
        unit: 'short',
        thresholds: { warning: 1, critical: 1_000 },
        queries: [promqlNow(`sum(${growth(loki('loki_discarded_samples_total'), '$__range', loki('up'))})`)],
      }),
    ],
  };
}
