import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/metric';
import { table } from '../../panels/table';
import { promql, promqlNow } from '../../query';
import { type DashboardContext, metricsIn, volumeUsed } from '../context';
import { FILES, ofPods } from './files';

/** How near Loki is to what it refuses. */
export function limits(context: DashboardContext): Row {
  const { maxStreams, ingestionRate, names } = context;
  const { loki, promtail } = metricsIn(context);
  return {
    title: 'Is Loki at its limits?',
    height: 8,
    panels: [
      timeseries({
        id: 30,
        title: 'Active streams',
        question: `How near are they to loki.limits.maxStreams (${maxStreams})? At the limit, agents wait.`,
        empty: 'Prometheus has no metrics of Loki: see its ServiceMonitor',
        width: 5,
        unit: 'short',
        thresholds: { warning: 0.8 * maxStreams, critical: maxStreams },
        queries: [promql(`sum(${loki('loki_ingester_memory_streams')})`, 'streams')],
      }),
      timeseries({
        id: 31,
        title: 'Taken in',
        question: 'How near is the rate to loki.limits.ingestionRate? Above it, agents wait.',
        empty: 'Prometheus has no metrics of Loki: see its ServiceMonitor',
        width: 5,
        unit: 'binBps',
        thresholds: { warning: 0.8 * ingestionRate, critical: ingestionRate },
        queries: [
          promql(`sum(rate(${loki('loki_distributor_bytes_received_total')}[$__rate_interval]))`, 'bytes'),
        ],
      }),
      timeseries({
        id: 32,
        title: 'Refused, by reason',
        question: 'Which limit is hit? Lines that Loki did not take.',
        empty: 'Loki has refused nothing',
        width: 4,
        unit: 'cps',
        queries: [
          promql(
            `sum by (reason) (rate(${loki('loki_discarded_samples_total')}[$__rate_interval]))`,
            '{{reason}}',
          ),
        ],
      }),
      table({
        id: 33,
        title: 'Log files by namespace',
        question:
          'Whose streams are they? Files that Promtail has read a line of in the last five minutes: each is a stream, or two where a container writes to stdout and stderr.',
        empty: 'No file had a line in the last five minutes',
        width: 6,
        queries: [
          promqlNow(
            `topk(20, count by (namespace) (${ofPods(`increase(${promtail('promtail_read_lines_total', FILES)}[5m]) > 0`)}))`,
          ),
        ],
        columns: [
          { of: 'namespace', title: 'Namespace' },
          { of: 0, title: 'Files', unit: 'short', bar: true, width: 140 },
        ],
        sortBy: 'Files',
      }),
      timeseries({
        id: 34,
        title: 'Volume used',
        question: 'Is there room? Share of the volume of Loki.',
        empty: 'The kubelet tells nothing of the volume',
        width: 4,
        unit: 'percentunit',
        thresholds: { warning: 0.8, critical: 0.9 },
        queries: [promql(volumeUsed(context, names.loki), 'used')],
      }),
    ],
  };
}
