import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/timeseries';
import { promql, type Query } from '../../query';
import { type DashboardContext, metricsIn, volumeUsage } from '../context';

/** How close Loki is to the limits at which it rejects lines. */
export function limits(context: DashboardContext): Row {
  const { maxStreams, streamCopies, ingestionRate, names } = context;
  const { loki } = metricsIn(context);
  const held = `sum(${loki('loki_ingester_memory_streams')})`;
  const streams = streamCopies > 1 ? `${held} / ${streamCopies}` : held;
  return {
    title: 'Loki limits',
    answers: 'How near is Loki to its limits, and which of them rejects lines?',
    height: 8,
    panels: [
      timeseries({
        id: 30,
        title: 'Active streams',
        description: `Streams that Loki holds, of loki.limits.maxStreams (${maxStreams}). At the limit Loki drops lines of new streams.`,
        width: 6,
        unit: 'short',
        colors: { streams: 'blue' },
        thresholds: { warning: 0.8 * maxStreams, critical: maxStreams },
        queries: [promql(streams, 'streams')],
      }),
      timeseries({
        id: 31,
        title: 'Ingestion rate',
        description: 'Bytes per second that Loki ingests. Above loki.limits.ingestionRate it drops lines.',
        width: 6,
        unit: 'binBps',
        colors: { bytes: 'blue' },
        thresholds: { warning: 0.8 * ingestionRate, critical: ingestionRate },
        queries: [
          promql(`sum(rate(${loki('loki_distributor_bytes_received_total')}[$__rate_interval]))`, 'bytes'),
        ],
      }),
      timeseries({
        id: 32,
        title: 'Discarded lines by reason',
        description:
          'Lines that Loki rejected, or the agent dropped, by the limit or rule that they broke. None: 0.',
        width: 6,
        unit: 'count:lines/s',
        softMax: 1,
        queries: [
          promql(
            `sum by (reason) (rate(${loki('loki_discarded_samples_total')}[$__rate_interval])) or label_replace(0 * max(${loki('up')} == 1), "reason", "none", "", "")`,
            '{{reason}}',
          ),
          ...droppedByAgent(context),
        ],
      }),
      timeseries({
        id: 34,
        title: 'Volume usage',
        description:
          'Used part of the volume of Loki, as the kubelet reports it. Loki rejects lines from 90%.',
        width: 6,
        unit: 'percentunit',
        colors: { used: 'blue' },
        softMax: 1,
        thresholds: { warning: 0.8, critical: 0.9 },
        queries: [promql(volumeUsage(context, names.loki), 'used')],
      }),
    ],
  };
}

/** Lines that the agent drops on purpose, by reason. */
function droppedByAgent(context: DashboardContext): Query[] {
  const { agent } = metricsIn(context);
  if (agent === undefined) return [];
  const [metric, label, blank] =
    context.names.agent?.kind === 'promtail'
      ? ['logentry_dropped_lines_total', 'reason', 'blank_line']
      : ['otelcol_processor_filter_logs_filtered', 'filter', 'filter/blank_line'];
  const dropped = agent(metric, `${label}!="${blank}"`);
  return [promql(`sum by (${label}) (rate(${dropped}[$__rate_interval]))`, `agent: {{${label}}}`)];
}
