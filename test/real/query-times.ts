import type { Pod } from './pod';
import { QUERIES } from './throughput-loki';

const ROUNDS = 40;

/** Milliseconds of each run of each query at each Loki, as the client waits. They take turns, so that a slow moment affects all. */
export async function queryTimes<Name extends string>(
  pods: Readonly<Record<Name, Pod>>,
  start: number,
): Promise<Record<Name, Record<string, number[]>>> {
  const names = Object.keys(pods) as Name[];
  const none = () => Object.fromEntries(Object.keys(QUERIES).map((what): [string, number[]] => [what, []]));
  const times = Object.fromEntries(names.map((name) => [name, none()])) as Record<
    Name,
    Record<string, number[]>
  >;
  for (let round = 0; round < ROUNDS; round++) {
    // Not always the same one first, which would load the lines from the disk for the others.
    for (const what of Object.keys(QUERIES))
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + round) % names.length] as Name;
        times[name][what]?.push(await queryTime(pods[name], what, { start, round }));
      }
  }
  return times;
}

async function queryTime(
  { address }: Pod,
  what: string,
  { start, round }: { readonly start: number; readonly round: number },
): Promise<number> {
  const trace = Buffer.from(`${round}`.padStart(16, '0')).toString('hex');
  const query = QUERIES[what]?.replace('TRACE', trace) ?? '';
  const parameters = new URLSearchParams({
    query,
    // Another range each time, as that of a dashboard moves.
    start: `${(start - 60_000 + round * 1_000) * 1_000_000}`,
    end: `${(Date.now() + 1_000) * 1_000_000}`,
    limit: '1000',
    step: '15',
  });
  const began = performance.now();
  const response = await fetch(`http://${address}:3100/loki/api/v1/query_range?${parameters}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${query}: ${response.status} ${text.slice(0, 200)}`);
  return performance.now() - began;
}

/** The value that so many of the values do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
