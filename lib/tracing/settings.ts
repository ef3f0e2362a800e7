import * as z from 'zod';
import { replicatedSchedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings, storageSettings } from '../constructs/settings';
import { traceDestinations } from '../destinations/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import { bytes, count, flag, httpUrl, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { hasTiers, samplingSettings } from './sampling-settings';

const firstTierSettings = z
  .strictObject({
    replicas: optional(count({ atLeast: 2, atMost: 50 })).describe(
      'Number of collectors. null derives it from capacity.spansPerSecond.',
    ),
    resources: resourcesSettings({ cpu: '200m', memory: '256Mi', memoryLimit: '1Gi', limitAtLeast: '256Mi' }),
    queueSize: bytes({ atLeast: '1Mi', example: '128Mi' })
      .prefault('128Mi')
      .describe('Size of the queue in memory, for spans that wait for a collector that samples.'),
  })
  .prefault({})
  .describe(
    'Collectors that receive spans and send all spans of a trace to the same sampling collector. They exist only ' +
      'with several collectors that sample (tracing.sampling.replicas).',
  );

/** Settings of the trace path. */
export const tracingSettings = z
  .strictObject({
    enabled: flag()
      .default(true)
      .describe(
        'Whether to install the collector. Without it, applications sample and send to Tempo, as with sampling type client.',
      ),
    image: imageSettings(PINNED.collector),
    resources: resourcesSettings({ cpu: '200m', memory: '512Mi', memoryLimit: '1Gi', limitAtLeast: '256Mi' }),
    scheduling: replicatedSchedulingSettings(),
    sampling: samplingSettings,
    corsAllowedOrigins: z
      .array(text('an origin such as "https://shop.example.com"', /^https?:\/\/[^\s/]+$/), {
        error: 'must be a list of origins',
      })
      .default([])
      .describe('Origins from which browsers may send traces with OTLP over HTTP.'),
    remoteSampling: flag()
      .default(false)
      .describe('Serve a sampling strategy to legacy Jaeger clients on port 5778: send everything.'),
    queue: z
      .strictObject({
        size: bytes({ atLeast: '1Mi', example: '128Mi' })
          .prefault('128Mi')
          .describe('Size of the queue for sampled spans while Tempo is down, in memory or on the volume.'),
        persistent: optional(flag()).describe(
          'Keep the queue on a volume so that it survives a restart of the collector. Requires sampling type tail. ' +
            'null means true with several collectors that sample, otherwise false.',
        ),
        storage: storageSettings({ size: '1Gi', atLeast: '100Mi' }),
      })
      .prefault({})
      .describe('Export queue to Tempo.'),
    firstTier: firstTierSettings,
    metrics: z
      .strictObject({
        enabled: flag()
          .default(false)
          .describe(
            'Accept metrics of OpenTelemetry SDKs at the collector, on the OTLP ports for traces, and forward ' +
              'them. Otherwise they are rejected.',
          ),
        url: optional(httpUrl('http://mimir.metrics:8080/otlp')).describe(
          'Base URL of the OTLP receiver, to which the collector adds /v1/metrics. null uses the existing ' +
            'Prometheus, which needs enableOTLPReceiver: docs/traces.md.',
        ),
      })
      .prefault({})
      .describe('Metrics of OpenTelemetry SDKs.'),
    maxSeries: count({ atLeast: 100, atMost: 100_000 })
      .default(2_000)
      .describe(
        'Maximum number of series per span metric. Further series are counted in one overflow series.',
      ),
    destinations: traceDestinations,
    logLevel: logLevel(),
  })
  .check(
    rule(['queue.persistent', 'sampling'], ({ queue, sampling }) =>
      queue.persistent && sampling.type !== 'tail'
        ? `must be false with tracing.sampling.type ${sampling.type}: a volume serves one pod`
        : undefined,
    ),
    rule(['sampling.keepSlowerThan', 'sampling.decisionWait', 'sampling.type'], ({ sampling }) =>
      sampling.type === 'tail' &&
      sampling.keepSlowerThan &&
      sampling.keepSlowerThan.seconds >= sampling.decisionWait.seconds
        ? `must be less than tracing.sampling.decisionWait (${sampling.decisionWait.written}), because ` +
          'the decision uses only the spans that have arrived by then; raise decisionWait, or set ' +
          'services with long traces to 100 in tracing.sampling.services'
        : undefined,
    ),
    rule(['metrics.enabled', 'enabled'], ({ enabled, metrics }) =>
      metrics.enabled && !enabled
        ? 'must be false with tracing.enabled false, because no collector would accept metrics'
        : undefined,
    ),
    rule(['metrics.enabled', 'sampling'], ({ enabled, metrics, sampling }) =>
      enabled && metrics.enabled && sampling.type === 'client'
        ? 'must be false with tracing.sampling.type client, which has no collector to accept metrics'
        : undefined,
    ),
    rule(['metrics.url'], ({ metrics: { url } }) =>
      url?.replace(/\/$/, '').endsWith('/v1/metrics')
        ? 'must not end with /v1/metrics, which the collector adds; leave it out'
        : undefined,
    ),
    rule(['remoteSampling', 'sampling'], ({ remoteSampling, sampling }) =>
      remoteSampling && sampling.type === 'client'
        ? 'must be false with tracing.sampling.type client, which has no collector to query'
        : undefined,
    ),
  )
  .transform(({ sampling, ...settings }) => ({
    ...settings,
    // Without a collector, only clients can sample.
    sampling: settings.enabled ? sampling : ({ type: 'client' } as const),
  }))
  .prefault({})
  .describe('The OpenTelemetry Collector, which receives traces.');

/** Numbers of collectors. */
export interface CollectorCounts {
  /** Collectors that sample. */
  readonly samplers: number;
  /** Collectors of the first tier, if there are several that sample. */
  readonly firstTier: number;
}

/** Derives the settings that the values leave null. */
export function completeTracing(
  { sampling, firstTier, queue, ...settings }: z.output<typeof tracingSettings>,
  counts: CollectorCounts,
) {
  const complete = sampling.type === 'tail' ? { ...sampling, replicas: counts.samplers } : sampling;
  return {
    ...settings,
    sampling: complete,
    firstTier: { ...firstTier, replicas: counts.firstTier },
    queue: { ...queue, persistent: queue.persistent ?? hasTiers(complete) },
  };
}
export type TracingSettings = ReturnType<typeof completeTracing>;
