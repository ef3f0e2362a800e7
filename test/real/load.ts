import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../scripts/smoke/spans/senders';
import { oneSpan, type Span } from '../../scripts/smoke/spans/span';
import { searchTraces } from './tempo-client';

const BATCH = 500;

/** Requests that a service has answered, each a trace by itself. */
export function requests(service: string, count: number, change: Partial<Span> = {}): Span[] {
  return Array.from({ length: count }, () => ({
    ...oneSpan(service, 'request'),
    kind: 'server' as const,
    ...change,
  }));
}

/** Sends spans at the rate that the buffer of the collector is sized for. */
export async function sendAtRate(address: string, spans: readonly Span[], perSecond = 1_000): Promise<void> {
  for (let from = 0; from < spans.length; from += BATCH) {
    await SENDERS['OTLP gRPC'](address, spans.slice(from, from + BATCH));
    await sleep((BATCH / perSecond) * 1000);
  }
}

/** How many of the traces Tempo finds by a search for their service. */
export async function countKept(tempo: string, spans: readonly Span[]): Promise<number> {
  const found = await searchTraces(tempo, spans[0]?.service ?? '');
  return spans.filter(({ traceId }) => found.has(traceId)).length;
}

/** How many of so many traces 99.9 % of all runs keep: the mean and 3.29 standard deviations to either side. */
export function interval(count: number, percentage: number): readonly [number, number] {
  const share = percentage / 100;
  const reach = 3.29 * Math.sqrt(count * share * (1 - share));
  return [Math.ceil(count * share - reach), Math.floor(count * share + reach)];
}
