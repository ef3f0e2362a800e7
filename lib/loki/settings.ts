import * as z from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import { Quantity } from '../kubernetes/quantity';
import { storeSettings } from '../object-storage/settings';
import { tenantKey } from '../tenants/settings';
import { bytes, count, duration, flag, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { PERIOD_RULES, periodsOf, periodsSettings } from './periods';
import { REPLICA_RULES, replicasSettings } from './replicas';

/** Limits that protect Loki, and all other logs, from one workload that logs too much. */
const limitsSettings = z
  .strictObject({
    maxStreams: count({ atLeast: 100, atMost: 1_000_000 })
      .default(5_000)
      .describe(
        'Maximum number of active streams (sets of label values). Beyond it, lines of new streams are ' +
          'lost until other streams have been idle for 30 minutes.',
      ),
    maxLabelNames: count({ atLeast: 5, atMost: 30 })
      .default(15)
      .describe('Maximum number of labels per stream.'),
    ingestionRate: optional(bytes({ atLeast: '1Mi', example: '64Mi' })).describe(
      'Bytes per second that Loki ingests. Beyond it, lines of all containers are lost. null derives ' +
        '16Mi per node from cluster.nodes, or 32Mi with logs.agent otel. Agents send less, because they wait for each response.',
    ),
    ingestionBurst: optional(bytes({ atLeast: '1Mi', example: '128Mi' })).describe(
      'Bytes that Loki ingests at once (burst). null derives twice ingestionRate, plus 32Mi for each collector with logs.otlp.enabled.',
    ),
    streamRate: bytes({ atLeast: '64Ki', example: '3Mi' })
      .prefault('3Mi')
      .describe('Bytes per second that Loki ingests per stream. Further lines of the stream are lost.'),
    streamBurst: optional(bytes({ atLeast: '1Mi', example: '32Mi' })).describe(
      "Bytes of a stream that Loki ingests at once (burst). null derives the size of a container's log files after an " +
        'outage from monitoring.alerts.agentLag, plus otelAgent.queue.size with logs.agent otel, plus 32Mi for each collector with logs.otlp.enabled.',
    ),
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
  .prefault({})
  .describe('Limits; see https://grafana.com/docs/loki/v3.7.x/configure/#limits_config');

/** Settings of Loki. */
export const lokiSettings = z
  .strictObject({
    enabled: flag().default(true).describe('Whether to install Loki. Without it, logs.agent must be none.'),
    image: imageSettings(PINNED.loki),
    retention: duration({ atLeast: '24h', wholeNumberOf: '24h', examples: ['168h', '7d'] })
      .prefault('7d')
      .describe('How long logs are kept. Loki deletes whole index periods of 24h.'),
    storage: storeSettings({ name: 'loki', size: '30Gi', sizeWithBucket: '10Gi', atLeast: '1Gi' }),
    periods: periodsSettings,
    indexPrefix: text('a prefix such as "index_" (letters, digits, "-" and "_")', /^[\w-]+$/, 63)
      .default('index_')
      .describe(
        'Prefix of the index of every period. Set it only for a bucket or volume that another Loki wrote, such as ' +
          '"loki_index_", and never change it afterwards: Loki cannot find logs below another prefix.',
      ),
    replicas: replicasSettings,
    resources: resourcesSettings({ cpu: '300m', memory: '1Gi', memoryLimit: '2Gi', limitAtLeast: '512Mi' }),
    scheduling: schedulingSettings(),
    patterns: flag()
      .default(false)
      .describe(
        'Whether Loki finds patterns in lines, which Grafana Logs Drilldown shows. With many streams, they take most of ' +
          "Loki's memory; see docs/capacity.md.",
      ),
    limits: limitsSettings,
    tenantLimits: z
      .record(
        tenantKey(),
        z.strictObject({
          ingestionRate: optional(bytes({ atLeast: '64Ki', example: '4Mi' })).describe(
            'Bytes per second that Loki ingests of the tenant. null uses loki.limits.ingestionRate.',
          ),
          maxStreams: optional(count({ atLeast: 10, atMost: 1_000_000 })).describe(
            'Maximum number of active streams of the tenant. null uses loki.limits.maxStreams.',
          ),
          retention: optional(
            duration({ atLeast: '24h', wholeNumberOf: '24h', examples: ['72h', '3d'] }),
          ).describe('How long its logs are kept, at most loki.retention. null uses loki.retention.'),
        }),
        { error: 'must be a map of tenants' },
      )
      .prefault({})
      .describe(
        'Limits of single tenants, by the name in tenants or shared. Others have those of loki.limits.',
      ),
    logLevel: logLevel(),
  })
  .check(
    rule(['storage.size', 'resources.memoryLimit', 'storage.type'], ({ storage, resources }) =>
      storage.size.value < 2 * resources.memoryLimit.value
        ? `must be at least twice loki.resources.memoryLimit (${resources.memoryLimit}): a checkpoint ` +
          'of the write-ahead log contains all of memory, and Loki deletes the previous checkpoint only ' +
          'afterwards'
        : undefined,
    ),
    rule(['tenantLimits', 'retention'], ({ tenantLimits, retention }) => {
      const longer = Object.entries(tenantLimits).find(
        ([, one]) => (one.retention?.seconds ?? 0) > retention.seconds,
      );
      return longer === undefined
        ? undefined
        : `must not keep logs of ${longer[0]} longer than loki.retention (${retention.written}), for which the volume is sized; raise that, or keep them for less time`;
    }),
    ...PERIOD_RULES,
    ...REPLICA_RULES,
  )
  .prefault({})
  .describe('Loki, the log store.');

/** Maximum load from the agents. */
export interface AgentLoad {
  /** Bytes per second from all agents. */
  readonly ingestionBytes: number;
  /** Bytes of one stream sent at once. */
  readonly streamBurstBytes: number;
  /** Bytes that collectors send at once after an outage, besides the agents. */
  readonly collectorBytes: number;
}

/** Derives the limits that the values leave null. */
export function completeLoki(
  settings: z.output<typeof lokiSettings>,
  { ingestionBytes, streamBurstBytes, collectorBytes }: AgentLoad,
) {
  const { limits } = settings;
  const ingestionRate = limits.ingestionRate ?? Quantity.ofBytes(ingestionBytes);
  const ingestionBurst = limits.ingestionBurst ?? Quantity.ofBytes(2 * ingestionRate.value + collectorBytes);
  const streamBurst = limits.streamBurst ?? Quantity.ofBytes(streamBurstBytes);
  const periods = Object.fromEntries(periodsOf(settings).map(({ from, store }) => [from, store]));
  return { ...settings, periods, limits: { ...limits, ingestionRate, ingestionBurst, streamBurst } };
}
export type LokiSettings = ReturnType<typeof completeLoki>;
