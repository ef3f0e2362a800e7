import { z } from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings, storageSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import type { Quantity } from '../kubernetes/quantity';
import { bytes, count, duration } from '../values/fields';
import { rule } from '../values/rule';

/** What protects Loki, and the logs of everybody else, from one workload that writes too much. */
const limitsSettings = z
  .strictObject({
    maxStreams: count({ atLeast: 100, atMost: 1_000_000 })
      .default(5_000)
      .describe(
        'Streams (sets of label values) that may be active at once. Loki refuses a further one, and the agent that has ' +
          'a line of it waits, with all other logs of its node, until a stream has been idle for 30 minutes.',
      ),
    maxLabelNames: count({ atLeast: 5, atMost: 30 }).default(15).describe('Labels that a stream may have.'),
    ingestionRate: bytes({ atLeast: '1Mi', example: '8Mi' })
      .prefault('8Mi')
      .describe('Bytes per second that Loki takes in; agents wait and send the rest again.'),
    ingestionBurst: bytes({ atLeast: '1Mi', example: '16Mi' })
      .prefault('16Mi')
      .describe('Bytes that Loki takes in at once.'),
    streamRate: bytes({ atLeast: '64Ki', example: '3Mi' })
      .prefault('3Mi')
      .describe(
        'Bytes per second that Loki takes in of one stream; a faster one makes the agent of its node wait.',
      ),
    streamBurst: bytes({ atLeast: '1Mi', example: '15Mi' })
      .prefault('15Mi')
      .describe('Bytes of one stream that Loki takes in at once.'),
    maxLineSize: bytes({ atLeast: '1Ki', atMost: '4Mi', example: '256Ki' })
      .prefault('256Ki')
      .describe('Bytes of a log line; longer lines are cut, not dropped.'),
    queryTimeout: duration({ atLeast: '10s', atMost: '10m', examples: ['1m', '2m'] })
      .prefault('2m')
      .describe('Time that a query may take.'),
    maxQuerySeries: count({ atLeast: 10, atMost: 100_000 })
      .default(500)
      .describe('Series that a metric query may return.'),
    maxQueryLines: count({ atLeast: 100, atMost: 100_000 })
      .default(5_000)
      .describe('Lines that a log query may return.'),
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
        // The agent begins a new batch when it has 1 MiB.
        const batch = 2 ** 20 + limits.maxLineSize.value;
        return limits[burst].value < batch
          ? `must be at least ${Math.ceil(batch / 1024)}Ki, a batch of the agent and a line of maxLineSize (${limits.maxLineSize}), or Loki refuses it for ever`
          : undefined;
      }),
    ),
    rule(['ingestionRate', 'streamRate'], ({ ingestionRate, streamRate }) =>
      ingestionRate.value < streamRate.value
        ? `must be at least streamRate (${streamRate}), as every stream is a part of the whole`
        : undefined,
    ),
  )
  .prefault({})
  .describe('Limits; see https://grafana.com/docs/loki/v3.7.x/configure/#limits_config');

/** What an operator decides about Loki. */
export const lokiSettings = z
  .strictObject({
    image: imageSettings(PINNED.loki),
    retention: duration({ atLeast: '24h', wholeNumberOf: '24h', examples: ['168h', '7d'] })
      .prefault('7d')
      .describe('Time that logs are kept. Loki deletes in whole index periods of 24h.'),
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
          'write-ahead log holds all of memory, and the one before it is deleted only after it'
        : undefined,
    ),
  )
  .prefault({})
  .describe('Loki, the log store.');
export type LokiSettings = z.output<typeof lokiSettings>;
