import { z } from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings, storageSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import type { Quantity } from '../kubernetes/quantity';
import { bytes, count, duration } from '../values/fields';
import { rule } from '../values/rule';

/** Limits that protect Loki, and all other logs, from one workload that writes too much. */
const limitsSettings = z
  .strictObject({
    maxStreams: count({ atLeast: 100, atMost: 1_000_000 })
      .default(5_000)
      .describe(
        'Maximum number of active streams (sets of label values). Loki rejects lines of a new stream beyond it, and the agent ' +
          'holds back all logs of its node until another stream has been idle for 30 minutes.',
      ),
    maxLabelNames: count({ atLeast: 5, atMost: 30 })
      .default(15)
      .describe('Maximum number of labels per stream.'),
    ingestionRate: bytes({ atLeast: '1Mi', example: '8Mi' })
      .prefault('8Mi')
      .describe('Bytes per second that Loki ingests. Beyond it, agents wait and send again.'),
    ingestionBurst: bytes({ atLeast: '1Mi', example: '16Mi' })
      .prefault('16Mi')
      .describe('Bytes that Loki ingests at once.'),
    streamRate: bytes({ atLeast: '64Ki', example: '3Mi' })
      .prefault('3Mi')
      .describe(
        'Bytes per second that Loki ingests per stream. A faster stream makes the agent of its node wait.',
      ),
    streamBurst: bytes({ atLeast: '1Mi', example: '15Mi' })
      .prefault('15Mi')
      .describe('Bytes that Loki ingests at once per stream.'),
    maxLineSize: bytes({ atLeast: '1Ki', atMost: '4Mi', example: '256Ki' })
      .prefault('256Ki')
      .describe('Maximum size of a log line. Longer lines are truncated, not dropped.'),
    queryTimeout: duration({ atLeast: '10s', atMost: '10m', examples: ['1m', '2m'] })
      .prefault('2m')
      .describe('Maximum duration of a query.'),
    maxQuerySeries: count({ atLeast: 10, atMost: 100_000 })
      .default(500)
      .describe('Maximum number of series that a metric query returns.'),
    maxQueryLines: count({ atLeast: 100, atMost: 100_000 })
      .default(5_000)
      .describe('Maximum number of lines that a log query returns.'),
  })
  .check(
    rule(['ingestionBurst', 'ingestionRate'], ({ ingestionBurst, ingestionRate }) =>
      ingestionBurst.value < ingestionRate.value
        ? `must be at least ingestionRate (${ingestionRate})`
        : undefined,
    ),
    rule(['streamBurst', 'streamRate'], ({ streamBurst, streamRate }) =>
      streamBurst.value < streamRate.value ? `must be at least streamRate (${streamRate})` : undefined,
    ),
    ...(['streamBurst', 'ingestionBurst'] as const).map((burst) =>
      rule([burst, 'maxLineSize'], (limits: Record<typeof burst | 'maxLineSize', Quantity>) => {
        // The agent starts a new batch at 1 MiB.
        const batch = 2 ** 20 + limits.maxLineSize.value;
        return limits[burst].value < batch
          ? `must be at least ${Math.ceil(batch / 1024)}Ki, one batch of the agent plus one line of maxLineSize (${limits.maxLineSize}); otherwise Loki rejects the batch every time`
          : undefined;
      }),
    ),
    rule(['ingestionRate', 'streamRate'], ({ ingestionRate, streamRate }) =>
      ingestionRate.value < streamRate.value
        ? `must be at least streamRate (${streamRate}), because every stream counts against both`
        : undefined,
    ),
  )
  .prefault({})
  .describe('Limits; see https://grafana.com/docs/loki/v3.7.x/configure/#limits_config');

/** Settings of Loki. */
export const lokiSettings = z
  .strictObject({
    image: imageSettings(PINNED.loki),
    retention: duration({ atLeast: '24h', wholeNumberOf: '24h', examples: ['168h', '7d'] })
      .prefault('7d')
      .describe('How long logs are kept. Loki deletes in whole index periods of 24h.'),
    storage: storageSettings({ size: '30Gi', atLeast: '1Gi' }),
    resources: resourcesSettings({ cpu: '300m', memory: '1Gi', memoryLimit: '2Gi', limitAtLeast: '512Mi' }),
    scheduling: schedulingSettings(),
    limits: limitsSettings,
    logLevel: logLevel(),
  })
  .check(
    rule(['storage.size', 'resources.memoryLimit'], ({ storage, resources }) =>
      storage.size.value < 2 * resources.memoryLimit.value
        ? `must be at least twice loki.resources.memoryLimit (${resources.memoryLimit}): a checkpoint of the ` +
          'write-ahead log contains all of memory, and the previous checkpoint is deleted only afterwards'
        : undefined,
    ),
  )
  .prefault({})
  .describe('Loki, the log store.');
export type LokiSettings = z.output<typeof lokiSettings>;
