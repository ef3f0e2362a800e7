import * as z from 'zod';
import type { Duration } from '../kubernetes/duration';
import { rule } from '../values/rule';
import { type Period, periodsOf, type Stored } from './periods';

const DAY_MS = 86_400_000;

/** Numbers of replicas that can lose a minority. */
export const replicasSettings = z
  .literal([1, 3, 5], { error: 'must be 1, 3 or 5' })
  .default(1)
  .describe(
    'Number of replicas. Three or five replicas store each line three times and tolerate the failure of one. They require a bucket.',
  );

interface Replicated extends Stored {
  readonly replicas: number;
  readonly retention: Duration;
}

/**
 * The first day on which no log that is kept lies on the volume: the retention and a day after the last period of the volume
 * has ended. Only the pod of that volume can read it; others answer queries of those days with nothing.
 */
export function firstDayOfReplicas(periods: readonly Period[], retention: Duration): string | undefined {
  const ends = periods.flatMap(({ store }, index) =>
    store === 'filesystem' ? (periods[index + 1]?.from ?? []) : [],
  );
  const last = ends.at(-1);
  if (last === undefined) return undefined;
  const days = Math.ceil(retention.seconds / 86_400) + 1;
  return new Date(Date.parse(last) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Rules about replicas.
 *
 * One of them reads the clock, which decides nothing that is rendered: what it lets through once, it lets through ever after.
 */
export const REPLICA_RULES = [
  rule<Replicated>(['replicas', 'storage.type'], ({ replicas, storage }) =>
    replicas > 1 && storage.type === 'filesystem'
      ? 'must be 1 with loki.storage.type filesystem, because no replica can read the volume of another; see docs/object-storage.md'
      : undefined,
  ),
  rule<Replicated>(['replicas', 'periods', 'retention', 'storage.type'], (settings) => {
    if (settings.replicas === 1) return undefined;
    const first = firstDayOfReplicas(periodsOf(settings), settings.retention);
    return first !== undefined && new Date(Date.now()).toISOString().slice(0, 10) < first
      ? `must be 1 until ${first}, because logs within loki.retention (${settings.retention.written}) ` +
          'are on the volume, which only one pod can read; Loki would return results without them'
      : undefined;
  }),
];
