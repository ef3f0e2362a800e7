import type { Pod } from './pod';
import { QUERIES } from './throughput-loki';

const ROUNDS = 12;

/** Milliseconds of each run of each query, as the client waits. */
export async function queryTimes(pod: Pod, start: number): Promise<Record<string, number[]>> {
  const times = Object.fromEntries(Object.keys(QUERIES).map((what): [string, number[]] => [what, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [what, query] of Object.entries(QUERIES)) {
      const trace = Buffer.from(`${round}`.padStart(16, '0')).toString('hex');
      const parameters = new URLSearchParams({
        query: query.replace('TRACE', trace),
        // Another range each time, as that of a dashboard moves.
        start: `${(start - 60_000 + round * 1_000) * 1_000_000}`,
        end: `${(Date.now() + 1_000) * 1_000_000}`,
        limit: '1000',
        step: '15',
      });
      const began = performance.now();
      const response = await fetch(`http://${pod.address}:3100/loki/api/v1/query_range?${parameters}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${query}: ${response.status} ${text.slice(0, 200)}`);
      times[what]?.push(performance.now() - began);
    }
  }
  return times;
}

/** The value that so many of the values do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
