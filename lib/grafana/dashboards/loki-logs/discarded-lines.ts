import { growth } from '../../../monitoring/promql';
import type { Panel } from '../../panel';
import { stat } from '../../panels/stat';
import { promqlNow } from '../../query';
import { type DashboardContext, metricsIn, orZero } from '../context';

/** Lines that Loki discarded. */
export function discardedLines(context: DashboardContext): Panel {
  const { loki } = metricsIn(context);
  const up = loki('up');
  return stat({
    id: 5,
    title: 'Discarded lines',
    description:
      'Lines of all workloads that Loki rejected in the time range; see Log Analysis for the reasons.',
    width: 5,
    unit: 'count:lines',
    thresholds: { warning: 1, critical: 1_000 },
    queries: [promqlNow(orZero(`sum(${growth(loki('loki_discarded_samples_total'), '$__range', up)})`, up))],
  });
}
