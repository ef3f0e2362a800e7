/** A request that a service answered, as it logs it. */
export interface Entry {
  readonly service: string;
  readonly operation: string;
  readonly failed: boolean;
  /** Whether it happened in the last 40 minutes, in which some services fail for new reasons. */
  readonly recent: boolean;
  readonly ms: number;
  /** Whether it took much longer than others. */
  readonly slow: boolean;
  readonly traceId: string;
  readonly spanId: string;
}

const REASONS: Readonly<Record<string, string>> = {
  payment: 'charge failed: Read timed out',
  mailer: 'cannot send receipt: connection reset by peer',
  search: 'Query failed: index products is not ready',
};
const NEW_REASONS: Readonly<Record<string, string>> = {
  cart: 'redis: connection pool timeout',
  inventory: 'deadlock detected, transaction rolled back',
};
const reason = ({ service, operation, recent }: Entry) =>
  (recent ? NEW_REASONS[service] : undefined) ?? REASONS[service] ?? `${operation} failed`;
const what = (entry: Entry) =>
  entry.failed ? reason(entry) : `${entry.slow ? 'slow answer to' : 'handled'} ${entry.operation}`;
const level = ({ failed, slow }: Entry) => (failed ? 'error' : slow ? 'warn' : 'info');

/** How services write an entry, as common loggers do; the time is in ISO 8601. */
export const FORMATS = {
  json: (entry: Entry, time: string) =>
    JSON.stringify({
      time,
      level: level(entry),
      msg: entry.failed
        ? `order ${Number.parseInt(entry.traceId.slice(0, 6), 16)} not placed: ${what(entry)}`
        : what(entry),
      status: entry.failed ? 503 : 200,
      duration_ms: Math.round(entry.ms * 10) / 10,
      trace_id: entry.traceId,
      span_id: entry.spanId,
    }),
  logfmt: (entry: Entry, time: string) =>
    `ts=${time} level=${level(entry)} caller=server.go:57 msg="${what(entry)}" status=${entry.failed ? 500 : 200} duration_ms=${entry.ms.toFixed(1)} traceID=${entry.traceId} spanID=${entry.spanId}`,
  klog: (entry: Entry, time: string) =>
    `${entry.failed ? 'E' : 'I'}${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000       1 search.go:186] ${what(entry)}`,
  spring: (entry: Entry, time: string) =>
    entry.failed
      ? `${time}  ERROR [payment,${entry.traceId},${entry.spanId}] 1 --- [nio-8080-exec-8] c.e.payment.PaymentController : ${what(entry)}\njava.net.SocketTimeoutException: Read timed out\n\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)\n\tat com.example.payment.GatewayClient.charge(GatewayClient.java:87)`
      : `${time}   INFO [payment,${entry.traceId},${entry.spanId}] 1 --- [nio-8080-exec-8] c.e.payment.PaymentController : ${what(entry)}`,
  python: (entry: Entry, time: string) =>
    `${time.slice(0, 10)} ${time.slice(11, 23)} ${entry.failed ? 'ERROR' : 'INFO'} mailer.worker: ${what(entry)} trace_id=${entry.traceId}`,
} as const;
