import { createHash } from 'node:crypto';
import type { Span } from '../../scripts/smoke/spans/span';

/** A log line, with what Promtail finds in it. */
export interface TypicalLine {
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Hexadecimal digits that no compressor can shorten, and that are the same in every run. */
function digits(seed: string, length: number): string {
  return createHash('sha512').update(seed).digest('hex').slice(0, length);
}

const pick = <T>(list: readonly T[], seed: string): T =>
  list[Number.parseInt(digits(seed, 8), 16) % list.length] as T;
const number = (seed: string, below: number) => Number.parseInt(digits(seed, 8), 16) % below;

const LEVELS = ['info', 'info', 'info', 'info', 'debug', 'warn', 'error'];
const ROUTES = ['/api/v1/products', '/api/v1/cart', '/api/v1/orders', '/healthz', '/assets/app', '/login'];
const MESSAGES = [
  'order placed',
  'payment authorised by the provider',
  'cache miss, reading from the database',
  'retrying call to the inventory service after a timeout',
  'request completed',
];

/** One line of each format, as services write them: most of it repeats, ids and numbers do not. */
export const TYPICAL_LINES: Record<string, (n: number, time: Date) => TypicalLine> = {
  json: (n, time) => {
    const seed = `json ${n}`;
    const level = pick(LEVELS, seed);
    const [trace_id, span_id] = [digits(`${seed} trace`, 32), digits(`${seed} span`, 16)];
    const line = JSON.stringify({
      time: time.toISOString(),
      level,
      logger: 'com.example.shop.orders.OrderService',
      thread: `http-nio-8080-exec-${number(seed, 200)}`,
      msg: pick(MESSAGES, `${seed} message`),
      order: digits(`${seed} order`, 24),
      customer: number(`${seed} customer`, 1_000_000),
      duration_ms: number(`${seed} duration`, 2_000),
      trace_id,
      span_id,
    });
    return { line, metadata: { level, trace_id, span_id } };
  },
  access: (n, time) => {
    const seed = `access ${n}`;
    const address = `10.${number(seed, 256)}.${number(`${seed} b`, 256)}.${number(`${seed} c`, 256)}`;
    const request = `GET ${pick(ROUTES, seed)}/${number(`${seed} id`, 100_000)} HTTP/1.1`;
    const sizes = `${pick([200, 200, 200, 304, 404, 500], seed)} ${number(`${seed} size`, 60_000)}`;
    const agent = `Mozilla/5.0 (X11; Linux x86_64; rv:${pick([128, 131, 140, 141], seed)}.0) Gecko/20100101`;
    const duration = (number(`${seed} duration`, 3_000) / 1000).toFixed(3);
    const line = `${address} - - [${time.toISOString()}] "${request}" ${sizes} "-" "${agent}" ${duration}`;
    return { line, metadata: {} };
  },
  text: (n, time) => {
    const seed = `text ${n}`;
    const level = pick(LEVELS, seed);
    const thread = `nio-8080-exec-${number(seed, 200)}`;
    const what = `${pick(MESSAGES, `${seed} message`)} in ${number(`${seed} duration`, 2_000)} ms`;
    const line = `${time.toISOString()} ${level.toUpperCase().padEnd(5)} 1 --- [${thread}] c.e.shop.CartService : ${what}, cart ${number(`${seed} cart`, 1_000_000)}`;
    return { line, metadata: { level } };
  },
};

const OPERATIONS = ['SELECT', 'INSERT', 'UPDATE'];

/** A request through five services: ten spans with the attributes that instrumentation libraries set. */
export function typicalTrace(n: number, endMs: number): Span[] {
  const traceId = digits(`trace ${n}`, 32);
  const root = digits(`trace ${n} span 0`, 16);
  return Array.from({ length: 10 }, (_, index): Span => {
    const seed = `trace ${n} span ${index}`;
    const server = index % 2 === 0;
    const durationMs = 1 + number(seed, 200) / (index + 1);
    return {
      traceId,
      spanId: digits(seed, 16),
      ...(index > 0 ? { parentSpanId: root } : {}),
      service: `service-${Math.floor(index / 2)}`,
      name: server ? `GET ${pick(ROUTES, seed)}` : `${pick(OPERATIONS, seed)} shop.orders`,
      startMs: endMs - durationMs,
      durationMs,
      kind: server ? 'server' : 'client',
      error: number(`${seed} error`, 50) === 0,
      attributes: server
        ? {
            'http.request.method': 'GET',
            'http.route': `${pick(ROUTES, seed)}/{id}`,
            'http.response.status_code': String(pick([200, 200, 200, 404, 500], seed)),
            'url.full': `https://shop.example.com${pick(ROUTES, seed)}/${number(`${seed} id`, 100_000)}?session=${digits(`${seed} session`, 24)}`,
            'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0',
            'client.address': `10.0.${number(seed, 256)}.${number(`${seed} c`, 256)}`,
            'server.address': 'shop.example.com',
            'network.protocol.version': '1.1',
            'enduser.id': String(number(`${seed} user`, 1_000_000)),
            'thread.name': `http-nio-8080-exec-${number(`${seed} thread`, 200)}`,
          }
        : {
            'db.system': 'postgresql',
            'db.namespace': 'shop',
            'db.operation.name': pick(OPERATIONS, seed),
            'db.query.text': `${pick(OPERATIONS, seed)} id, customer, total, created FROM shop.orders WHERE customer = ? AND created > ? ORDER BY created DESC LIMIT 20`,
            'server.address': 'postgres.shop.svc.cluster.local',
            'server.port': '5432',
            'db.response.returned_rows': String(number(`${seed} rows`, 20)),
            'thread.name': `http-nio-8080-exec-${number(`${seed} thread`, 200)}`,
            'order.id': digits(`${seed} order`, 24),
          },
    };
  });
}
