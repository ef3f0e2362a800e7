import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomSpanId, randomTraceId, type Span } from '../../scripts/smoke/spans/span';
import { LoggingContainer } from './kubelet';
import { NODE_ADDRESS } from './sandbox';
import { type Entry, FORMATS } from './shop-lines';
import type { Stack } from './stack';
import { busy, inIncident, steps } from './week';

/** A service of the shop: what it calls for a request, and how it logs. */
interface Service {
  readonly namespace: string;
  readonly operation: string;
  readonly calls: readonly string[];
  /** Time of its own, without that of its calls, in milliseconds. */
  readonly meanMs: number;
  /** Part of its requests that fails by itself. */
  readonly failing: number;
  readonly format: keyof typeof FORMATS;
}

const SERVICES: Readonly<Record<string, Service>> = {
  frontend: {
    namespace: 'shop',
    operation: 'POST /checkout',
    calls: ['auth', 'catalog', 'cart', 'checkout'],
    meanMs: 20,
    failing: 0,
    format: 'json',
  },
  auth: { namespace: 'platform', operation: 'Validate', calls: [], meanMs: 4, failing: 0, format: 'json' },
  catalog: {
    namespace: 'shop',
    operation: 'GET /v1/products',
    calls: ['search', 'inventory'],
    meanMs: 12,
    failing: 0.001,
    format: 'logfmt',
  },
  search: {
    namespace: 'platform',
    operation: 'Query',
    calls: [],
    meanMs: 30,
    failing: 0.003,
    format: 'klog',
  },
  cart: {
    namespace: 'shop',
    operation: 'GET /v1/cart',
    calls: [],
    meanMs: 9,
    failing: 0.004,
    format: 'logfmt',
  },
  checkout: {
    namespace: 'shop',
    operation: 'PlaceOrder',
    calls: ['cart', 'inventory', 'payment', 'mailer'],
    meanMs: 60,
    failing: 0,
    format: 'json',
  },
  inventory: {
    namespace: 'shop',
    operation: 'POST /reserve',
    calls: [],
    meanMs: 15,
    failing: 0.002,
    format: 'json',
  },
  payment: {
    namespace: 'shop',
    operation: 'POST /charge',
    calls: [],
    meanMs: 250,
    failing: 0.025,
    format: 'spring',
  },
  mailer: {
    namespace: 'platform',
    operation: 'SendReceipt',
    calls: [],
    meanMs: 80,
    failing: 0.008,
    format: 'python',
  },
};

/** Name of the pod of a service, as a Deployment would name it. */
export const podOf = (service: string): string => {
  const hash = createHash('sha256')
    .update(service)
    .digest('hex')
    .replaceAll(/[013ae]/g, 'x');
  return `${service}-${hash.slice(0, 9)}-${hash.slice(9, 14)}`;
};

/** Numbers that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** What a request to a service comes to, with all that it calls. */
interface Served {
  readonly ms: number;
  readonly failed: boolean;
  readonly spans: readonly Span[];
  readonly entries: readonly Entry[];
}

/** A shop of nine services, whose requests leave spans and log lines in the formats of common loggers. */
export class Shop {
  /** Namespaces of its services. */
  public static readonly namespaces = [...new Set(Object.values(SERVICES).map(({ namespace }) => namespace))];

  private readonly random = randomNumbers(7);

  private readonly madeMs = Date.now();
  private open = true;

  private constructor(private readonly containers: ReadonlyMap<string, LoggingContainer>) {}

  /** Creates its pods, in the API server and on the node. */
  public static async create({ api, podLogs }: Pick<Stack, 'api' | 'podLogs'>): Promise<Shop> {
    const containers = new Map<string, LoggingContainer>();
    for (const [name, { namespace }] of Object.entries(SERVICES)) {
      // The spans of all services come from one address, which is the frontend's.
      const podIP = name === 'frontend' ? NODE_ADDRESS : undefined;
      const pod = { namespace, app: name, podIP };
      containers.set(name, await LoggingContainer.create(api, podLogs, podOf(name), pod));
    }
    return new Shop(containers);
  }

  /**
   * Writes the lines of the last week, as if the shop had been open all the time.
   *
   * @returns spans of the last hour, of traces that a tail sampler would have kept; and the number of entries.
   */
  public rememberWeek(nowMs: number): { spans: Span[]; entries: number } {
    const spans: Span[] = [];
    let entries = 0;
    for (const agoMs of steps({ week: 240, day: 30, hour: 1 })) {
      if (this.random() * 1.6 > busy(agoMs, nowMs)) continue;
      const served = this.request(nowMs - agoMs, inIncident(agoMs) ? 16 : 1);
      entries += served.entries.length;
      const kept = served.failed || served.ms > 2_000 || this.random() < 0.01;
      // Tempo files older ones under the time at which they arrive.
      if (kept && agoMs < 50 * 60_000) spans.push(...served.spans);
    }
    return { spans, entries };
  }

  /** Answers requests until the shop is closed, about two in three seconds. */
  public async keepOpen(send: (spans: readonly Span[]) => Promise<void>): Promise<void> {
    while (this.open) {
      await send(this.request(Date.now() - 1_500).spans);
      await sleep(1_000 + 1_000 * this.random());
    }
  }

  public close(): void {
    this.open = false;
  }

  /** Answers a request that began at some time: writes its lines. */
  private request(startMs: number, failing = 1): Served {
    const served = this.serve('frontend', randomTraceId(), startMs, failing);
    const endMs = startMs + served.ms;
    for (const entry of served.entries) {
      const { format } = SERVICES[entry.service] as Service;
      const lines = FORMATS[format](entry, new Date(endMs).toISOString()).split('\n');
      this.containers.get(entry.service)?.write(
        lines.map((line) => ({ stream: 'stdout', line })),
        endMs,
      );
    }
    return served;
  }

  private serve(
    service: string,
    traceId: string,
    startMs: number,
    trouble: number,
    parentSpanId?: string,
  ): Served {
    const { operation, calls, meanMs, failing } = SERVICES[service] as Service;
    const spanId = randomSpanId();
    const ownMs = meanMs * (0.5 - Math.log(1 - this.random()) / 2);
    let now = startMs + ownMs / 2;
    const called = calls.map((call) => {
      const clientSpanId = randomSpanId();
      const served = this.serve(call, traceId, now + 1, trouble, clientSpanId);
      const client: Span = {
        traceId,
        spanId: clientSpanId,
        parentSpanId: spanId,
        service,
        name: call,
        kind: 'client',
        startMs: now,
        durationMs: served.ms + 2,
        error: served.failed,
      };
      now += served.ms + 2;
      return { ...served, spans: [client, ...served.spans] };
    });
    const often = service === 'payment' ? failing * trouble : failing;
    const failed = this.random() < often || called.some((one) => one.failed);
    const ms = now + ownMs / 2 - startMs;
    const server: Span = {
      traceId,
      spanId,
      parentSpanId,
      service,
      name: operation,
      kind: 'server',
      startMs,
      durationMs: ms,
      error: failed,
    };
    return {
      ms,
      failed,
      spans: [server, ...called.flatMap(({ spans }) => spans)],
      entries: [
        ...called.flatMap(({ entries }) => entries),
        {
          service,
          operation,
          traceId,
          spanId,
          failed,
          ms,
          recent: startMs > this.madeMs - 40 * 60_000,
          slow: calls.length === 0 && ms > 2 * meanMs,
        },
      ],
    };
  }
}
