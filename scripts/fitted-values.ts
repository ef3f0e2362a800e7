import { formatBytes } from '../lib/kubernetes/format-amount';
import { Quantity } from '../lib/kubernetes/quantity';
import { type Settings, stackSettings } from '../lib/settings';
import { ValuesError } from '../lib/values/problem';
import { parseValues } from '../lib/values/read-values';

/** What a cluster produces. */
export interface Load {
  /** Bytes of log lines on a busy day, such as `10Gi`. */
  readonly logsPerDay: string;
  /** Average spans per second on a busy day. */
  readonly spansPerSecond: number;
  readonly nodes: number;
  /** Days that logs are kept. */
  readonly days: number;
}

type Section = { [key: string]: unknown };

/** Values with the smallest sizes that synth accepts for a load, and their settings. */
export function fittedValues(load: Load): { values: Section; settings: Settings } {
  let values = starting(load, 1);
  for (let round = 0; round < 100; round++) {
    try {
      return { values, settings: parseValues('values', JSON.stringify(values), stackSettings) };
    } catch (error) {
      if (!(error instanceof ValuesError)) throw error;
      const messages = error.problems.map(({ message }) => message);
      const replicas = messages.some((one) => one.includes('set loki.replicas to 3 or 5'));
      if (replicas) values = starting(load, nextReplicas(values));
      else if (messages.filter((one) => mended(values, one)).length === 0) throw error;
    }
  }
  throw new Error('no sizes fit this load');
}

function nextReplicas({ loki }: Section): 3 | 5 {
  return (loki as Section)['replicas'] === 3 ? 5 : 3;
}

function starting({ logsPerDay, spansPerSecond, nodes, days }: Load, replicas: 1 | 3 | 5): Section {
  const bucket = (name: string) =>
    replicas > 1
      ? {
          storage: {
            type: 's3',
            bucket: `example-${name}`,
            region: 'eu-central-1',
            identity: { type: 'pod-identity' },
          },
        }
      : {};
  return {
    cluster: { domain: 'example.com', nodes },
    capacity: { logsPerDay, spansPerSecond },
    logs: { agent: 'otel' },
    loki: { retention: `${days}d`, ...(replicas > 1 ? { replicas } : {}), ...bucket('loki') },
    tempo: bucket('tempo'),
    tracing: {},
  };
}

const FACTORS: Readonly<Record<string, number>> = { 'a quarter of': 1 / 4, twice: 2, 'four times': 4 };

/** Raises the setting that a message names to the smallest value that it accepts. */
function mended(values: Section, message: string): boolean {
  const [, multiple = '', factor = '', of = ''] =
    /^(\S+) must be at least (a quarter of|twice|four times) \S+ \((\S+)\)/.exec(message) ?? [];
  const bytes = Quantity.parse(of)?.value;
  if (bytes !== undefined) return set(values, multiple, formatBytes(bytes * (FACTORS[factor] ?? 1)));
  const [, path = '', least = ''] = /^(\S+) must be at least (\d+(?:\.\d+)?[A-Za-z]*)/.exec(message) ?? [];
  if (path === '') return false;
  if (path.startsWith('tracing.sampling.')) set(values, 'tracing.sampling.type', 'tail');
  return set(values, path, /[A-Za-z]/.test(least) ? least : Number(least));
}

function set(values: Section, path: string, value: unknown): true {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let section = values;
  for (const key of keys) {
    section[key] ??= {};
    section = section[key] as Section;
  }
  section[last] = value;
  return true;
}
