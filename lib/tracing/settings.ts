import { z } from 'zod';
import { replicatedSchedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings, storageSettings } from '../constructs/settings';
import { traceDestinations } from '../destinations/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import { bytes, count, duration, flag, httpUrl, optional, percentage, text } from '../values/fields';
import { rule } from '../values/rule';

const share = () => percentage().default(1).describe('Percentage of ordinary traces to keep.');

const samplingSettings = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('tail').describe('One collector decides when a trace is complete.'),
        percentage: share(),
        keepErrors: flag()
          .default(true)
          .describe('Keep every trace with an error, if all of its spans arrive within decisionWait.'),
        keepSlowerThan: optional(
          duration({ atLeast: '1s', atMost: '10m', examples: ['1s', '2s'] }),
          '2s',
        ).describe(
          'Keep every trace that takes longer than this, if all of its spans arrive within ' +
            'decisionWait. null keeps no trace because of its duration. Must be less than decisionWait.',
        ),
        services: z
          .record(text('the name of a service', /^\S(?:.*\S)?$/), percentage(), {
            error: 'must be a map of services',
          })
          .default({})
          .describe(
            'Percentage of traces to keep per service, by service name (service.name). 100 keeps all ' +
              'traces of a service whose traces last longer than decisionWait, such as a nightly job.',
          ),
        decisionWait: duration({ atLeast: '1s', atMost: '5m', examples: ['10s', '30s'] })
          .prefault('10s')
          .describe(
            'Time from the first span of a trace to its sampling decision. The decision uses the ' +
              'spans that have arrived and applies to later spans. SDKs hold back a span for up to 5s ' +
              'after it ends.',
          ),
        expectedSpansPerSecond: count({ atLeast: 1, atMost: 1_000_000 })
          .default(1_000)
          .describe(
            'Peak number of spans per second from all applications. Sizes the buffer of undecided traces.',
          ),
      })
      .describe('Decide when a trace is complete.'),
    z.strictObject({
      type: z
        .literal('probabilistic')
        .describe('Each collector decides by the trace id alone, so any number of replicas works.'),
      percentage: share(),
      replicas: count({ atLeast: 1, atMost: 20 }).default(2).describe('Number of collectors.'),
    }),
    z.strictObject({
      type: z.literal('client').describe('No collector: applications sample and send to Tempo.'),
    }),
  ])
  .prefault({ type: 'tail' })
  .describe('Which traces are kept. Request, error and duration metrics cover all traces.');
export type SamplingSettings = z.output<typeof samplingSettings>;

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
        persistent: flag()
          .default(false)
          .describe(
            'Keep the queue on a volume so that it survives a restart of the collector. Requires sampling type tail.',
          ),
        storage: storageSettings({ size: '1Gi', atLeast: '100Mi' }),
      })
      .prefault({})
      .describe('Export queue to Tempo.'),
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
    rule(['queue.storage.size', 'queue.size', 'queue.persistent'], ({ queue }) =>
      queue.persistent && queue.storage.size.value < 2 * queue.size.value
        ? `must be at least twice tracing.queue.size (${queue.size}), because the space of sent data is freed later`
        : undefined,
    ),
    rule(['queue.persistent', 'sampling'], ({ queue, sampling }) =>
      queue.persistent && sampling.type !== 'tail'
        ? `must be false with tracing.sampling.type ${sampling.type}: a volume serves one pod`
        : undefined,
    ),
    rule(['scheduling.topologySpreadConstraints', 'sampling'], ({ scheduling, sampling }) =>
      scheduling.topologySpreadConstraints.length > 0 && replicasOf(sampling) < 2
        ? `must be empty with tracing.sampling.type ${sampling.type} and one replica`
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
        ? 'must not end with /v1/metrics, which the collector adds'
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
export type TracingSettings = z.output<typeof tracingSettings>;

/** Number of collectors. Tail sampling has one, because all spans of a trace must reach the same one. */
export function replicasOf(sampling: SamplingSettings): number {
  return sampling.type === 'probabilistic' ? sampling.replicas : 1;
}

/** Maximum number of spans that wait for a decision. */
export function bufferedSpans(tail: Extract<SamplingSettings, { type: 'tail' }>): number {
  return tail.decisionWait.seconds * tail.expectedSpansPerSecond;
}
