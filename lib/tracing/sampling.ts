import type { ConfigPart } from './config-part';
import { bufferedSpans, spansPerSecondOfOne } from './sampling-settings';
import type { TracingSettings } from './settings';

/** Sampling by a collector. When clients sample, there is no collector. */
export type CollectorSampling = Exclude<TracingSettings['sampling'], { type: 'client' }>;

/** A rule of the tail sampler. A trace is kept if at least one rule matches. */
type Policy = { readonly name: string; readonly type: string } & Readonly<Record<string, unknown>>;

/** Connector through which spans reach the sampler. */
export const TO_SAMPLER = 'forward/sampling';

/** Keeps a part of the traces and passes it to an exporter. */
export function spanSampler(sampling: CollectorSampling, exporters: readonly string[]): ConfigPart {
  const processors = samplingProcessor(sampling);
  return {
    processors,
    connectors: { [TO_SAMPLER]: {} },
    pipelines: {
      'traces/tempo': {
        receivers: [TO_SAMPLER],
        processors: [...Object.keys(processors), 'batch'],
        exporters: [...exporters],
      },
    },
  };
}

/**
 * The processor that decides which traces are kept.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/processor/tailsamplingprocessor
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/processor/probabilisticsamplerprocessor
 */
function samplingProcessor(sampling: CollectorSampling): Record<string, object> {
  if (sampling.type === 'probabilistic') {
    // Every replica must reach the same decision about a trace from its id alone.
    return {
      probabilistic_sampler: { mode: 'hash_seed', hash_seed: 22, sampling_percentage: sampling.percentage },
    };
  }
  const traces = Math.max(1_000, 2 * bufferedSpans(sampling));
  return {
    tail_sampling: {
      decision_wait: sampling.decisionWait.toString(),
      // A trace may consist of one span. Beyond this number, the oldest trace is dropped undecided: twice the
      // expected number.
      num_traces: traces,
      expected_new_traces_per_sec: spansPerSecondOfOne(sampling),
      // Spans that arrive after the decision follow it, for at least five times decisionWait.
      decision_cache: { sampled_cache_size: 5 * traces, non_sampled_cache_size: 5 * traces },
      policies: policies(sampling),
    },
  };
}

function policies(sampling: Extract<CollectorSampling, { type: 'tail' }>): Policy[] {
  const { keepErrors, keepSlowerThan, services } = sampling;
  const named = Object.keys(services);
  const list: Policy[] = [];
  if (keepErrors)
    list.push({ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } });
  if (keepSlowerThan !== undefined)
    list.push({ name: 'slow', type: 'latency', latency: { threshold_ms: keepSlowerThan.seconds * 1000 } });
  for (const [name, percent] of Object.entries(services)) {
    list.push(both(`service ${name}`, { values: [name] }, percent));
  }
  // A service with its own ratio does not get the default ratio in addition.
  list.push(
    named.length === 0
      ? portion('ordinary', sampling.percentage)
      : both('ordinary', { values: named, invert_match: true }, sampling.percentage),
  );
  return list;
}

function portion(name: string, percent: number): Policy {
  return { name, type: 'probabilistic', probabilistic: { sampling_percentage: percent } };
}

function both(name: string, services: { values: string[]; invert_match?: true }, percent: number): Policy {
  const match = {
    name: 'services',
    type: 'string_attribute',
    string_attribute: { key: 'service.name', ...services },
  };
  return { name, type: 'and', and: { and_sub_policy: [match, portion('share', percent)] } };
}
