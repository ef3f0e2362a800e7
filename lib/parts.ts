import { rule } from './values/rule';

/** Settings that disable a part. */
interface Parts {
  readonly loki: { readonly enabled: boolean };
  readonly tempo: { readonly enabled: boolean };
  readonly tracing: { readonly enabled: boolean; readonly sampling: { readonly type: string } };
  readonly logs: { readonly agent: string; readonly otlp: { readonly enabled: boolean } };
}

/** Rules for parts that require another part, which the values disable. */
export const PART_RULES = [
  rule<Parts>(['loki.enabled', 'tempo.enabled'], ({ loki, tempo }) =>
    loki.enabled || tempo.enabled
      ? undefined
      : 'must be true unless tempo.enabled is: without both, the stack is empty',
  ),
  rule<Parts>(['logs.agent', 'loki.enabled'], ({ loki, logs }) =>
    !loki.enabled && logs.agent !== 'none'
      ? 'must be none with loki.enabled false, because nothing would receive its lines'
      : undefined,
  ),
  rule<Parts>(['logs.otlp.enabled', 'loki.enabled'], ({ loki, logs }) =>
    !loki.enabled && logs.otlp.enabled
      ? 'must be false with loki.enabled false, because nothing would receive its lines'
      : undefined,
  ),
  rule<Parts>(['logs.otlp.enabled', 'tracing.enabled'], ({ logs, tracing }) =>
    logs.otlp.enabled && !tracing.enabled
      ? 'must be false with tracing.enabled false, because no collector would accept logs'
      : undefined,
  ),
  rule<Parts>(['logs.otlp.enabled', 'tracing.sampling.type'], ({ logs, tracing }) =>
    logs.otlp.enabled && tracing.enabled && tracing.sampling.type === 'client'
      ? 'must be false with tracing.sampling.type client, which has no collector to accept logs'
      : undefined,
  ),
  rule<Parts>(['tracing.enabled', 'tempo.enabled'], ({ tempo, tracing }) =>
    !tempo.enabled && tracing.enabled
      ? 'must be false with tempo.enabled false, because nothing would receive its spans'
      : undefined,
  ),
];
