import * as z from 'zod';
import { bytes, count, optional, percentage } from '../values/fields';

/** Volume of logs and traces, if known; docs/capacity.md explains how to measure it. */
export const capacitySettings = z
  .strictObject({
    logsPerDay: optional(bytes({ atLeast: '1Mi', example: '10Gi' })).describe(
      'Bytes of log lines per busy day from all containers.',
    ),
    busiestStream: optional(bytes({ atLeast: '1Ki', example: '200Ki' })).describe(
      'Bytes per second of the busiest container in its busiest minute.',
    ),
    activeStreams: optional(count({ atLeast: 1, atMost: 1_000_000 })).describe(
      'Peak number of streams in Loki; null estimates it from the pods in cluster.',
    ),
    spansPerSecond: optional(count({ atLeast: 1, atMost: 1_000_000 })).describe(
      'Average spans per second of all applications on a busy day.',
    ),
    spanSize: bytes({ atLeast: '100', atMost: '60Ki', example: '1Ki' })
      .prefault('1Ki')
      .describe(
        'Average size of a span as sent. Receivers accept 32Mi per request, and an SDK sends 512 spans per request.',
      ),
    keptPercentage: optional(percentage()).describe(
      'Percentage of spans to keep; null uses tracing.sampling.percentage plus 1% each for errors and for slow traces.',
    ),
  })
  .prefault({})
  .describe('Volume of logs and traces. Synth checks sizes and limits against it; null checks nothing.');
export type CapacitySettings = z.output<typeof capacitySettings>;
