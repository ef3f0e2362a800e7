import { randomBytes } from 'node:crypto';

/** One span that every protocol can express. */
export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly error?: boolean;
  readonly kind?: 'server' | 'client' | 'internal';
  readonly attributes?: Readonly<Record<string, string>>;
  /** Tags of the process, as in the Jaeger protocols. The tags of a service's first span are used. */
  readonly process?: Readonly<Record<string, string>>;
}

/**
 * Sends spans. Resolves when the receiver has acknowledged them; with UDP, when they are sent. Throws the reason if
 * the receiver rejects them.
 */
export type SpanSender = (host: string, spans: readonly Span[]) => Promise<void>;

/** The default batch size of an SDK. One request with all spans could exceed the limits of receivers. */
const BATCH_SIZE = 512;

export const randomTraceId = () => randomBytes(16).toString('hex');
export const randomSpanId = () => randomBytes(8).toString('hex');

/** Whole microseconds, which a double represents exactly. Nanoseconds since 1970 would lose digits. */
export const microseconds = (ms: number) => Math.round(ms * 1000);

export function* batches(spans: readonly Span[]): Generator<Span[]> {
  for (let start = 0; start < spans.length; start += BATCH_SIZE) {
    yield spans.slice(start, start + BATCH_SIZE);
  }
}

/** OTLP and Jaeger state the service once per group of spans. */
export function byService(spans: readonly Span[]): Map<string, Span[]> {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.service);
    if (group) group.push(span);
    else groups.set(span.service, [span]);
  }
  return groups;
}

/** A span that is a trace by itself and has just ended. */
export function oneSpan(service: string, name: string): Span {
  const [traceId, spanId] = [randomTraceId(), randomSpanId()];
  return { traceId, spanId, service, name, startMs: Date.now() - 20, durationMs: 10 };
}
