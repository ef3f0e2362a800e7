import * as z from 'zod';
import { count, duration, flag, optional, percentage, text } from '../values/fields';

/** Maximum number of collectors that sample. */
export const MOST_SAMPLERS = 50;

const share = () => percentage().default(1).describe('Percentage of ordinary traces to keep.');

export const samplingSettings = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('tail').describe('A collector decides when a trace is complete.'),
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
        replicas: optional(count({ atLeast: 1, atMost: MOST_SAMPLERS })).describe(
          'Number of collectors that sample. With several, a first tier of collectors (tracing.firstTier) receives ' +
            'spans and sends all spans of a trace to the same one. null derives the number from capacity.spansPerSecond.',
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

/** Number of collectors that sample. */
export function samplersOf(sampling: SamplingSettings): number {
  return sampling.type === 'client' ? 0 : (sampling.replicas ?? 1);
}

/** Whether a first tier of collectors distributes traces over those that sample. */
export function hasTiers(sampling: SamplingSettings): boolean {
  return sampling.type === 'tail' && samplersOf(sampling) > 1;
}

type TailSampling = Extract<SamplingSettings, { type: 'tail' }>;

/** Maximum number of spans per second on one collector. While one of several restarts, the others receive its part. */
export function spansPerSecondOfOne(tail: TailSampling): number {
  return Math.ceil(tail.expectedSpansPerSecond / Math.max(1, samplersOf(tail) - 1));
}

/** Maximum number of spans that wait for a decision in one collector. */
export function bufferedSpans(tail: TailSampling): number {
  return tail.decisionWait.seconds * spansPerSecondOfOne(tail);
}
