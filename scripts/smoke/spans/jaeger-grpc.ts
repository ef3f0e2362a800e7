import { unaryCalls } from './grpc';
import { bytes, message, string, uint } from './protobuf';
import { batches, byService, microseconds, type Span, type SpanSender } from './span';

const VALUE_TYPE = { string: 0, bool: 1 };
const SAMPLED = 1;
const CHILD_OF = 0;

const stringTag = (key: string, value: string, field = 8) =>
  message(field, [string(1, key), string(3, value)]);
const boolTag = (key: string, value: boolean) =>
  message(8, [string(1, key), uint(2, VALUE_TYPE.bool), uint(4, Number(value))]);

/** A Timestamp or a Duration, which have the same encoding. */
const time = (field: number, micros: number) =>
  message(field, [uint(1, Math.floor(micros / 1e6)), uint(2, (micros % 1e6) * 1000)]);

function jaegerSpan(span: Span): Buffer {
  const traceId = bytes(1, Buffer.from(span.traceId, 'hex'));
  const parent = span.parentSpanId;
  return message(1, [
    traceId,
    bytes(2, Buffer.from(span.spanId, 'hex')),
    string(3, span.name),
    ...(parent ? [message(4, [traceId, bytes(2, Buffer.from(parent, 'hex')), uint(3, CHILD_OF)])] : []),
    uint(5, SAMPLED),
    time(6, microseconds(span.startMs)),
    time(7, microseconds(span.durationMs)),
    stringTag('span.kind', span.kind ?? 'internal'),
    ...Object.entries(span.attributes ?? {}).map(([key, value]) => stringTag(key, value)),
    ...(span.error ? [boolTag('error', true)] : []),
  ]);
}

/** A PostSpansRequest. */
function postSpansRequest(service: string, spans: readonly Span[]): Buffer {
  const tags = Object.entries(spans[0]?.process ?? {}).map(([key, value]) => stringTag(key, value, 2));
  return message(1, [...spans.map(jaegerSpan), message(2, [string(1, service), ...tags])]);
}

export const jaegerGrpc: SpanSender = async (host, spans) => {
  const requests = [...byService(spans)].flatMap(([service, own]) =>
    [...batches(own)].map((batch) => postSpansRequest(service, batch)),
  );
  await unaryCalls(host, 14250, '/jaeger.api_v2.CollectorService/PostSpans', requests);
};
