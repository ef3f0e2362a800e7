import { parse } from 'yaml';
import { EVENT_COLLECTOR_LIMITS } from '../lib/kubernetes-events/limits';
import { LOKI_LIMITS } from '../lib/loki/limits';
import type { Limit } from '../lib/monitoring/limit';
import { OTEL_AGENT_LIMITS } from '../lib/otel-agent/limits';
import { PROMTAIL_LIMITS } from '../lib/promtail/limits';
import { TEMPO_LIMITS } from '../lib/tempo/limits';
import { COLLECTOR_LIMITS } from '../lib/tracing/limits';
import { code, table } from './markdown';
import type { RenderedObject } from './objects';

/** A daemon of the stack with its limits. */
export interface Daemon {
  /** Name of its ConfigMap. */
  readonly name: string;
  readonly limits: readonly Limit[];
}

/** Every daemon of the stack with all its limits. */
export const DAEMONS: readonly Daemon[] = [
  { name: 'loki', limits: LOKI_LIMITS },
  { name: 'tempo', limits: TEMPO_LIMITS },
  { name: 'otel-collector', limits: COLLECTOR_LIMITS },
  { name: 'promtail', limits: PROMTAIL_LIMITS },
  { name: 'otel-agent', limits: OTEL_AGENT_LIMITS },
  { name: 'event-collector', limits: EVENT_COLLECTOR_LIMITS },
];

/** One table of limits per daemon, by name of its ConfigMap. */
export function limitTables(objects: readonly RenderedObject[]): Record<string, string> {
  return Object.fromEntries(
    DAEMONS.map(({ name, limits }) => [
      name,
      table(
        ['limit', 'value', 'beyond it', 'set by', 'alerts', 'reason'],
        limits.map((limit) => [
          code(limit.key),
          limit.upstreamDefault === undefined
            ? code(valueAt(daemonConfig(objects, name), limit.key))
            : `${code(limit.upstreamDefault)} (upstream)`,
          limit.beyond,
          limit.setting === undefined ? '' : code(limit.setting),
          (limit.alerts ?? []).join(', '),
          limit.reason ?? '',
        ]),
      ),
    ]),
  );
}

/** The configuration of a daemon. */
export function daemonConfig(objects: readonly RenderedObject[], name: string): unknown {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  return parse(Object.values((map as { data?: Record<string, string> } | undefined)?.data ?? {})[0] ?? '');
}

/** The first value at a dotted path, in which `*` matches any name; undefined if there is none. */
export function valueAt(value: unknown, key: string): unknown {
  if (key === '') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const [first = '', ...rest] = key.split('.');
  const children = first === '*' ? Object.values(value) : [(value as Record<string, unknown>)[first]];
  return children.map((child) => valueAt(child, rest.join('.'))).find((found) => found !== undefined);
}
