import * as z from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import { storeSettings } from '../object-storage/settings';
import { tenantKey } from '../tenants/settings';
import { bytes, count, duration, flag, optional } from '../values/fields';
import { rule } from '../values/rule';

/** Limits that protect Tempo from one service that sends too much. */
const limitsSettings = z
  .strictObject({
    ingestionRate: bytes({ atLeast: '1Mi', example: '15Mi' })
      .prefault('15Mi')
      .describe('Bytes per second that Tempo ingests. Beyond it, Tempo rejects spans and senders retry.'),
    ingestionBurst: bytes({ atLeast: '1Mi', example: '20Mi' })
      .prefault('20Mi')
      .describe('Bytes that Tempo ingests at once.'),
    maxTraceSize: bytes({ atLeast: '64Ki', example: '5Mi' })
      .prefault('5Mi')
      .describe('Maximum size of a trace. Tempo discards further spans.'),
    maxAttributeSize: bytes({ atLeast: '2Ki', atMost: '1Mi', example: '16Ki' })
      .prefault('16Ki')
      .describe('Maximum size of an attribute, such as a stack trace. Tempo truncates longer ones.'),
    maxLiveTraces: count({ atLeast: 100, atMost: 1_000_000 })
      .default(50_000)
      .describe(
        'Maximum number of incomplete traces in memory. Tempo discards further traces and does not tell the senders.',
      ),
    maxSearchSpan: optional(duration({ atLeast: '1h', examples: ['24h', '72h'] })).describe(
      'Maximum time range of a search or metrics query. null sets no limit, because retention bounds what exists.',
    ),
  })
  .check(
    rule(['ingestionBurst', 'ingestionRate'], ({ ingestionBurst, ingestionRate }) =>
      ingestionBurst.value < ingestionRate.value
        ? `must be at least ingestionRate (${ingestionRate})`
        : undefined,
    ),
    rule(['maxTraceSize', 'maxAttributeSize'], ({ maxTraceSize, maxAttributeSize }) =>
      maxTraceSize.value < 4 * maxAttributeSize.value
        ? `must be at least 4 times maxAttributeSize (${maxAttributeSize}), so that a failed call with its stack trace fits into a trace`
        : undefined,
    ),
    rule(['ingestionBurst', 'maxTraceSize'], ({ ingestionBurst, maxTraceSize }) =>
      ingestionBurst.value < maxTraceSize.value
        ? `must be at least maxTraceSize (${maxTraceSize}), so that a trace of that size can be sent at once`
        : undefined,
    ),
  )
  .prefault({})
  .describe('Limits; see https://grafana.com/docs/tempo/v3.0.x/configuration/#overrides');

/** Fraction of the memory limit for incomplete traces. The default of 250 MB is half of the smallest limit. */
export const LIVE_TRACES_PART = 1 / 8;

/** Settings of Tempo. */
export const tempoSettings = z
  .strictObject({
    enabled: flag()
      .default(true)
      .describe('Whether to install Tempo. Without it, tracing.enabled must be false.'),
    image: imageSettings(PINNED.tempo),
    retention: duration({ atLeast: '1h', examples: ['72h', '3d'] })
      .prefault('3d')
      .describe('How long traces are kept.'),
    compactedBlockRetention: duration({ atLeast: '10m', atMost: '24h', examples: ['1h', '2h'] })
      .prefault('1h')
      .describe('How long Tempo keeps a block on the volume after it was merged or expired.'),
    blocklistPoll: duration({ atLeast: '30s', atMost: '1h', examples: ['1m', '5m'] })
      .prefault('5m')
      .describe('How often Tempo lists its blocks.'),
    maxBlockSize: bytes({ atLeast: '64Mi', example: '1Gi' })
      .prefault('1Gi')
      .describe('Maximum size of a merged block.'),
    storage: storeSettings({ name: 'tempo', size: '20Gi', sizeWithBucket: '10Gi', atLeast: '1Gi' }),
    resources: resourcesSettings({ cpu: '300m', memory: '1Gi', memoryLimit: '2Gi', limitAtLeast: '512Mi' }),
    scheduling: schedulingSettings(),
    limits: limitsSettings,
    tenantLimits: z
      .record(
        tenantKey(),
        z.strictObject({
          ingestionRate: optional(bytes({ atLeast: '64Ki', example: '4Mi' })).describe(
            'Bytes per second that Tempo ingests of the tenant. null uses tempo.limits.ingestionRate.',
          ),
          maxLiveTraces: optional(count({ atLeast: 10, atMost: 1_000_000 })).describe(
            'Maximum number of incomplete traces of the tenant. null uses tempo.limits.maxLiveTraces.',
          ),
          retention: optional(duration({ atLeast: '1h', examples: ['24h', '3d'] })).describe(
            'How long its traces are kept, at most tempo.retention. null uses tempo.retention.',
          ),
        }),
        { error: 'must be a map of tenants' },
      )
      .prefault({})
      .describe(
        'Limits of single tenants, by the name in tenants or shared. Others have those of tempo.limits.',
      ),
    logLevel: logLevel(),
  })
  .check(
    rule(['compactedBlockRetention', 'blocklistPoll'], ({ compactedBlockRetention, blocklistPoll }) =>
      compactedBlockRetention.seconds < 2 * blocklistPoll.seconds
        ? `must be at least twice tempo.blocklistPoll (${blocklistPoll.written}); otherwise queries fail on deleted blocks`
        : undefined,
    ),
    rule(['compactedBlockRetention', 'retention'], ({ compactedBlockRetention, retention }) =>
      compactedBlockRetention.seconds > retention.seconds
        ? `must not exceed tempo.retention (${retention.written}), which it extends`
        : undefined,
    ),
    rule(['tenantLimits', 'retention'], ({ tenantLimits, retention }) => {
      const longer = Object.entries(tenantLimits).find(
        ([, one]) => (one.retention?.seconds ?? 0) > retention.seconds,
      );
      return longer === undefined
        ? undefined
        : `must not keep traces of ${longer[0]} longer than tempo.retention (${retention.written}), for which the volume is sized; raise that, or keep them for less time`;
    }),
    rule(['storage.size', 'maxBlockSize', 'storage.type'], ({ storage, maxBlockSize }) =>
      storage.type === 'filesystem' && storage.size.value < 4 * maxBlockSize.value
        ? `must be at least four times tempo.maxBlockSize (${maxBlockSize}): a merge keeps its inputs next to its ` +
          'output for tempo.compactedBlockRetention'
        : undefined,
    ),
    rule(['limits.maxTraceSize', 'resources.memoryLimit'], ({ limits, resources }) =>
      limits.maxTraceSize.value > resources.memoryLimit.value * LIVE_TRACES_PART
        ? `must not exceed an eighth of tempo.resources.memoryLimit (${resources.memoryLimit}), the maximum for all incomplete traces`
        : undefined,
    ),
  )
  .prefault({})
  .describe('Tempo, the trace store.');
export type TempoSettings = z.output<typeof tempoSettings>;
