import { rule } from './values/rule';

/** Settings that disable a part. */
interface Parts {
  readonly loki: { readonly enabled: boolean };
  readonly tempo: { readonly enabled: boolean };
  readonly tracing: {
    readonly enabled: boolean;
    readonly sampling: { readonly type: string };
    readonly destinations: object;
  };
  readonly logs: {
    readonly agent: string;
    readonly otlp: { readonly enabled: boolean };
    readonly destinations: Readonly<Record<string, { readonly protocol: string }>>;
  };
  readonly kubernetesEvents: { readonly enabled: boolean };
  readonly gateway: { readonly enabled: boolean; readonly otlp: { readonly enabled: boolean } };
}

const has = (destinations: object) => Object.keys(destinations).length > 0;
const receivesLogs = ({ loki, logs }: Parts) => loki.enabled || has(logs.destinations);
const receivesTraces = ({ tempo, tracing }: Parts) => tempo.enabled || has(tracing.destinations);
const hasCollector = ({ tracing: { enabled, sampling } }: Parts) => enabled && sampling.type !== 'client';

/** Rules for parts that require another part, which the values disable. */
export const PART_RULES = [
  rule<Parts>(['loki.enabled', 'tempo.enabled', 'logs.destinations', 'tracing.destinations'], (parts) =>
    receivesLogs(parts) || receivesTraces(parts)
      ? undefined
      : 'must be true unless tempo.enabled is, or logs.destinations or tracing.destinations name another store: otherwise the stack is empty',
  ),
  rule<Parts>(['logs.agent', 'loki.enabled', 'logs.destinations'], (parts) =>
    !receivesLogs(parts) && parts.logs.agent !== 'none'
      ? 'must be none with loki.enabled false and no logs.destinations, because nothing would receive its lines'
      : undefined,
  ),
  rule<Parts>(['logs.otlp.enabled', 'loki.enabled', 'logs.destinations'], (parts) =>
    !receivesLogs(parts) && parts.logs.otlp.enabled
      ? 'must be false with loki.enabled false and no logs.destinations, because nothing would receive its lines'
      : undefined,
  ),
  rule<Parts>(['kubernetesEvents.enabled', 'loki.enabled', 'logs.destinations'], (parts) =>
    !receivesLogs(parts) && parts.kubernetesEvents.enabled
      ? 'must be false with loki.enabled false and no logs.destinations, because nothing would receive the events'
      : undefined,
  ),
  rule<Parts>(
    ['logs.destinations', 'logs.agent', 'loki.enabled'],
    ({ loki, logs: { agent, destinations } }) => {
      if (agent !== 'promtail') return undefined;
      const otlp = Object.entries(destinations).find(([, { protocol }]) => protocol === 'otlp');
      if (otlp !== undefined)
        return `must not contain ${otlp[0]} with protocol otlp and logs.agent promtail, which sends only to Loki; set logs.agent to otel`;
      return Object.keys(destinations).length + (loki.enabled ? 1 : 0) > 1
        ? `must contain ${loki.enabled ? 'no destination besides the Loki of this stack' : 'only one destination'} with logs.agent promtail: it reads files once for all, so one that is down would stop the others; set logs.agent to otel${loki.enabled ? ', or loki.enabled to false' : ''}`
        : undefined;
    },
  ),
  rule<Parts>(
    ['logs.destinations', 'logs.agent', 'logs.otlp.enabled', 'kubernetesEvents.enabled'],
    ({ logs: { agent, otlp, destinations }, kubernetesEvents }) =>
      has(destinations) && agent === 'none' && !otlp.enabled && !kubernetesEvents.enabled
        ? 'must be empty with logs.agent none, logs.otlp.enabled false and kubernetesEvents.enabled false, because nothing would send to them'
        : undefined,
  ),
  rule<Parts>(['tracing.destinations', 'tracing.enabled', 'tracing.sampling.type'], (parts) =>
    has(parts.tracing.destinations) && !hasCollector(parts)
      ? 'must be empty without a collector (tracing.enabled false, or tracing.sampling.type client), because nothing would send to them'
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
  rule<Parts>(
    ['gateway.enabled', 'loki.enabled', 'tempo.enabled', 'gateway.otlp.enabled'],
    ({ gateway, loki, tempo }) =>
      gateway.enabled && !loki.enabled && !tempo.enabled && !gateway.otlp.enabled
        ? 'must be false with loki.enabled, tempo.enabled and gateway.otlp.enabled false, because there is nothing to route to'
        : undefined,
  ),
  rule<Parts>(['gateway.otlp.enabled', 'tracing.enabled', 'tempo.enabled'], ({ gateway, tempo, tracing }) =>
    gateway.otlp.enabled && !tracing.enabled && !tempo.enabled
      ? 'must be false with tracing.enabled and tempo.enabled false, because nothing would receive its spans'
      : undefined,
  ),
  rule<Parts>(['tracing.enabled', 'tempo.enabled', 'tracing.destinations'], (parts) =>
    parts.tracing.enabled && !receivesTraces(parts)
      ? 'must be false with tempo.enabled false and no tracing.destinations, because nothing would receive its spans'
      : undefined,
  ),
];
