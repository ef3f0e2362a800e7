import { unaryCalls } from './grpc';
import { post } from './http';
import { bytes, fixed64, message, string, uint } from './protobuf';
import { batches, byService, microseconds, type Span, type SpanSender } from './span';

const KIND = { internal: 1, server: 2, client: 3 };
const STATUS_UNSET = 0;
const STATUS_ERROR = 2;

/** Fields that JSON and protobuf encode alike. */
function common(span: Span) {
  const start = microseconds(span.startMs);
  return {
    kind: KIND[span.kind ?? 'internal'],
    startNanos: BigInt(start) * 1000n,
    endNanos: BigInt(start + microseconds(span.durationMs)) * 1000n,
    attributes: Object.entries(span.attributes ?? {}),
    status: span.error ? STATUS_ERROR : STATUS_UNSET,
  };
}

const protobufAttribute = (field: number, key: string, value: string) =>
  message(field, [string(1, key), message(2, [string(1, value)])]);

function protobufSpan(span: Span): Buffer {
  const { kind, startNanos, endNanos, attributes, status } = common(span);
  return message(2, [
    bytes(1, Buffer.from(span.traceId, 'hex')),
    bytes(2, Buffer.from(span.spanId, 'hex')),
    bytes(4, Buffer.from(span.parentSpanId ?? '', 'hex')),
    string(5, span.name),
    uint(6, kind),
    fixed64(7, startNanos),
    fixed64(8, endNanos),
    ...attributes.map(([key, value]) => protobufAttribute(9, key, value)),
    message(15, [uint(3, status)]),
  ]);
}

/** An ExportTraceServiceRequest. */
export function otlpProtobuf(spans: readonly Span[]): Buffer {
  const resourceSpans = [...byService(spans)].map(([service, own]) =>
    message(1, [
      message(1, [protobufAttribute(1, 'service.name', service)]),
      message(2, own.map(protobufSpan)),
    ]),
  );
  return Buffer.concat(resourceSpans);
}

const jsonAttribute = ([key, stringValue]: [string, string]) => ({ key, value: { stringValue } });

function jsonSpan(span: Span): object {
  const { kind, startNanos, endNanos, attributes, status } = common(span);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind,
    startTimeUnixNano: String(startNanos),
    endTimeUnixNano: String(endNanos),
    attributes: attributes.map(jsonAttribute),
    status: { code: status },
  };
}

/** The same as OTLP JSON, in which ids are hexadecimal and 64-bit integers are strings. */
export function otlpJson(spans: readonly Span[]): string {
  const resourceSpans = [...byService(spans)].map(([service, own]) => ({
    resource: { attributes: [jsonAttribute(['service.name', service])] },
    scopeSpans: [{ spans: own.map(jsonSpan) }],
  }));
  return JSON.stringify({ resourceSpans });
}

/** A success contains at most an empty partial_success. Otherwise it states what was rejected, and why. */
const SUCCESSES = ['', '\n\0', '{}', '{"partialSuccess":{}}'];

function throwIfRejected(answer: Buffer): void {
  if (!SUCCESSES.includes(String(answer))) throw new Error(`OTLP receiver rejected spans: ${answer}`);
}

export const otlpGrpc: SpanSender = async (host, spans) => {
  const requests = [...batches(spans)].map(otlpProtobuf);
  const method = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  for (const answer of await unaryCalls(host, 4317, method, requests)) throwIfRejected(answer);
};

const postOtlp =
  (contentType: string, encode: (spans: readonly Span[]) => string | Buffer): SpanSender =>
  async (host, spans) => {
    for (const batch of batches(spans)) {
      throwIfRejected(await post(`http://${host}:4318/v1/traces`, contentType, encode(batch)));
    }
  };

export const otlpHttp = postOtlp('application/x-protobuf', otlpProtobuf);
export const otlpHttpJson = postOtlp('application/json', otlpJson);
