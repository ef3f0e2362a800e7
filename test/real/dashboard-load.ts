import { oneSpan, randomSpanId, type Span } from '../../scripts/smoke/spans/span';
import type { LokiClient } from './loki-client';

const DAY_MS = 24 * 3_600_000;

/** Lines of yesterday, to compare with. */
export async function yesterday(loki: LokiClient): Promise<void> {
  const from = BigInt(Date.now() - DAY_MS - 600_000) * 1_000_000n;
  const lines = Array.from({ length: 20 }, (_, index) => ({
    nanoseconds: from + BigInt(index) * 1_000_000_000n,
    line: 'level=info msg="of yesterday"',
  }));
  const labels = {
    namespace: 'apps',
    app: 'shop',
    pod: 'shop',
    container: 'app',
    node: 'node-1',
    stream: 'stdout',
  };
  await loki.push(labels, lines);
}

/** What the error of every round says, without what differs. */
export const FREQUENT = 'no connection to #.#.#.#';

/** What a container writes in a round. */
export function logLines(round: number, traceId?: string) {
  return [
    { level: 'info', msg: 'request', status: 200, duration_ms: 12 + round, trace_id: traceId },
    { level: 'error', msg: `no connection to 10.0.0.${round}`, status: 503, duration_ms: 900 },
  ]
    .map((line) => JSON.stringify(line))
    .concat(`level=warn msg="slow answer" status=404 duration_ms=${round}.5ms`)
    .map((line) => ({ stream: 'stdout' as const, line }));
}

/** More different errors than a query may return series. */
export async function manyMessages(loki: LokiClient): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const letters = (index: number) =>
    index.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'.charAt(+digit));
  const lines = Array.from({ length: 2_000 }, (_, index) => ({
    nanoseconds: now + BigInt(index),
    line: `level=error msg="cannot ${letters(index)}" user=anna`,
  }));
  const labels = { namespace: 'apps', app: 'prices', pod: 'prices', container: 'app', node: 'node-1' };
  await loki.push({ ...labels, stream: 'stderr' }, lines);
}

/** Requests to a shop, which asks another service: good, failing and slow ones. */
export function requests(): Span[] {
  return [{}, { error: true }, { durationMs: 3_000, startMs: Date.now() - 3_100 }].flatMap((change) => {
    const root: Span = { ...oneSpan('shop', 'GET /cart'), kind: 'server', ...change };
    const call: Span = {
      ...root,
      spanId: randomSpanId(),
      parentSpanId: root.spanId,
      name: 'prices',
      kind: 'client',
    };
    const answer: Span = {
      ...root,
      spanId: randomSpanId(),
      parentSpanId: call.spanId,
      service: 'prices',
      name: 'total',
    };
    return [root, call, answer];
  });
}
