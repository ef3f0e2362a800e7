import {
  grownSince,
  logCounters,
  type Place,
  type SenderCounters,
  spanCounters,
} from './destination-counters';
import { type Hop, hop, type Mark, Skipped, skipped, until } from './hop';
import { query } from './metrics';

const PAGE = 'docs/remote-stores.md#what-happens-when-a-destination-fails';
const NOTHING = 'nothing accepted yet';

/**
 * Checks that destinations outside the cluster accept logs. Smoke has no access to such a store, so it asks what the
 * senders count.
 *
 * @param prometheus Base URL of Prometheus; undefined if it cannot be queried.
 */
export function logDestinationHops(prometheus: string | undefined, mark: Mark, place: Place): Promise<Hop>[] {
  const { logs } = place.settings;
  return Object.entries(logs.destinations).map(([name, destination]) =>
    destinationHop(`destination ${name}: logs`, prometheus, mark, {
      unit: 'entries',
      counters: logCounters(name, destination, place),
      // Every cluster writes lines all the time. Applications may send no record.
      idle: logs.agent === 'none' ? 'no agent reads log files, and no log record was sent' : undefined,
    }),
  );
}

/**
 * As {@link logDestinationHops}, for traces.
 *
 * @param accepted Number of spans of this run that the collector accepted. Sampling keeps them.
 */
export function spanDestinationHops(
  prometheus: string | undefined,
  mark: Mark,
  place: Place,
  accepted: number,
): Promise<Hop>[] {
  const { enabled, destinations } = place.settings.tracing;
  return Object.keys(enabled ? destinations : {}).map((name) =>
    destinationHop(`destination ${name}: traces`, prometheus, mark, {
      unit: 'spans',
      counters: spanCounters(name, place),
      idle: accepted === 0 ? 'no span of this run was accepted' : undefined,
    }),
  );
}

async function destinationHop(
  name: string,
  prometheus: string | undefined,
  mark: Mark,
  {
    unit,
    counters,
    idle,
  }: {
    readonly unit: string;
    readonly counters: readonly SenderCounters[];
    /** Why nothing may have been sent. */
    readonly idle: string | undefined;
  },
): Promise<Hop> {
  if (prometheus === undefined)
    return skipped(name, 'Prometheus was not queried, which knows what the senders count');
  if (counters.length === 0) return skipped(name, 'Prometheus scrapes none of its senders');
  const logs = counters.map(({ workload }) => `kubectl logs ${workload}`).join(', ');
  return hop(name, `${logs}: ${PAGE}`, async () => {
    let [sent, failed] = [0, 0];
    const inWords = () => `${sent} ${unit} were accepted and ${failed} failed during this run`;
    await until(
      mark,
      async () => {
        sent = await growth(prometheus, mark, ...counters.flatMap((one) => one.sent));
        failed = await growth(prometheus, mark, ...counters.flatMap((one) => one.failed));
        return sent > 0 && failed === 0 ? true : undefined;
      },
      NOTHING,
    ).catch(async (error: Error) => {
      if (error.message !== NOTHING) throw error;
      if (sent === 0 && failed === 0 && idle !== undefined) throw new Skipped(idle);
      const reasons = await Promise.all(counters.map((one) => waiting(prometheus, mark, one)));
      throw new Error([inWords(), ...reasons.flat()].join('; '));
    });
    return inWords();
  });
}

/** By how much counters grew since the start of the run. What failed before may have been corrected. */
async function growth(prometheus: string, mark: Mark, ...counters: readonly string[]): Promise<number> {
  const grown = await Promise.all(
    counters.map(async (one) => {
      const [sum] = await query(prometheus, `sum(${grownSince(one, mark.startMs)})`);
      return Number(sum?.value[1] ?? 0);
    }),
  );
  return grown.reduce((sum, one) => sum + one, 0);
}

/** What explains that a destination accepts nothing. */
async function waiting(
  prometheus: string,
  { startMs }: Mark,
  { waiting: { promql, inWords } }: SenderCounters,
): Promise<string[]> {
  return (await query(prometheus, promql(startMs)))
    .filter(({ value }) => Number(value[1]) > 0)
    .map(({ metric, value }) => inWords(Number(value[1]), metric['status_code']));
}
