import { setTimeout as sleep } from 'node:timers/promises';
import { otlpGrpc } from '../../scripts/smoke/spans/otlp';
import { randomSpanId, randomTraceId, type Span } from '../../scripts/smoke/spans/span';

/** A trace whose two services send their spans by themselves, one after the other. */
interface TwoServices {
  readonly traceId: string;
  readonly failed: boolean;
  readonly first: readonly Span[];
  readonly second: readonly Span[];
}

/** Spans of each trace. */
export const TRACE_SPANS = 4;

/** Time between the spans of both services. */
const APART_MS = 2_000;
const TICK_MS = 200;

/** Sends traces of two services, each service to a collector of its own, until it is told to stop. */
export class TraceLoad {
  public readonly traces: TwoServices[] = [];
  public failures = 0;
  private stopped = false;
  private readonly done: Promise<void>;

  /**
   * @param addresses The two collectors.
   * @param perSecond Traces per second.
   * @param isFailed Whether the last span of a trace fails, by the number of the trace.
   */
  public constructor(
    private readonly name: string,
    private readonly addresses: readonly [string, string],
    private readonly perSecond: number,
    private readonly isFailed: (n: number) => boolean,
  ) {
    this.done = this.send();
  }

  /** Stops sending once there are so many traces. */
  public async until(count: number): Promise<void> {
    while (this.traces.length < count) await sleep(TICK_MS);
    await this.stop();
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async send(): Promise<void> {
    const pending: Promise<void>[] = [];
    for (let next = Date.now(); !this.stopped; next += TICK_MS) {
      const traces = Array.from({ length: (this.perSecond * TICK_MS) / 1000 }, (_, index) =>
        twoServices(this.name, this.isFailed(this.traces.length + index)),
      );
      this.traces.push(...traces);
      pending.push(this.sendBoth(traces));
      await sleep(Math.max(0, next + TICK_MS - Date.now()));
    }
    await Promise.all(pending);
  }

  private async sendBoth(traces: readonly TwoServices[]): Promise<void> {
    const [one, other] = this.addresses;
    await this.retried(
      one,
      traces.flatMap(({ first }) => first),
    );
    await sleep(APART_MS);
    await this.retried(
      other,
      traces.flatMap(({ second }) => second),
    );
  }

  /** Sends until it is acknowledged, as an SDK does for a while. */
  private async retried(address: string, spans: readonly Span[]): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      try {
        return await otlpGrpc(address, spans);
      } catch {
        this.failures++;
        await sleep(1_000);
      }
    }
  }
}

function twoServices(name: string, failed: boolean): TwoServices {
  const traceId = randomTraceId();
  const ids = [randomSpanId(), randomSpanId(), randomSpanId(), randomSpanId()] as const;
  const span = (index: number, change: Partial<Span>): Span => ({
    traceId,
    spanId: ids[index] as string,
    ...(index > 0 ? { parentSpanId: ids[index - 1] as string } : {}),
    service: index < 2 ? `${name}-front` : `${name}-back`,
    name: 'request',
    startMs: Date.now() - 20,
    durationMs: 10,
    ...change,
  });
  return {
    traceId,
    failed,
    first: [span(0, { kind: 'server' }), span(1, { kind: 'client' })],
    second: [span(2, { kind: 'server' }), span(3, { kind: 'internal', error: failed })],
  };
}
