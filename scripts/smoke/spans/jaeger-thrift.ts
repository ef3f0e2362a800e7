import { post } from './http';
import { batches, byService, microseconds, type Span, type SpanSender } from './span';
import { bool, i32, i64, list, string, struct, type ThriftProtocol, type ThriftStruct } from './thrift';
import { thriftBinary } from './thrift-binary';
import { thriftCompact } from './thrift-compact';
import { sendDatagrams } from './udp';

const TAG_TYPE = { string: 0, bool: 2 };
const SAMPLED = 1;

/** The receiver truncates a longer datagram. */
const MAX_DATAGRAM_BYTES = 65_000;

const stringTag = (key: string, value: string) => ({
  1: string(key),
  2: i32(TAG_TYPE.string),
  3: string(value),
});
const boolTag = (key: string, value: boolean) => ({ 1: string(key), 2: i32(TAG_TYPE.bool), 5: bool(value) });

/** Thrift has only signed integers, so an id of 2^63 or more is negative. */
const id = (hex: string) => i64(BigInt.asIntN(64, BigInt(`0x${hex}`)));

const jaegerSpan = (span: Span): ThriftStruct => ({
  1: id(span.traceId.slice(16)),
  2: id(span.traceId.slice(0, 16)),
  3: id(span.spanId),
  4: id(span.parentSpanId ?? '0'),
  5: string(span.name),
  7: i32(SAMPLED),
  8: i64(microseconds(span.startMs)),
  9: i64(microseconds(span.durationMs)),
  10: list([
    stringTag('span.kind', span.kind ?? 'internal'),
    ...Object.entries(span.attributes ?? {}).map(([key, value]) => stringTag(key, value)),
    ...(span.error ? [boolTag('error', true)] : []),
  ]),
});

/** A Batch. */
const jaegerBatch = (service: string, spans: readonly Span[]): ThriftStruct => ({
  1: struct({
    1: string(service),
    2: list(Object.entries(spans[0]?.process ?? {}).map(([key, value]) => stringTag(key, value))),
  }),
  2: list(spans.map(jaegerSpan)),
});

export const jaegerThriftHttp: SpanSender = async (host, spans) => {
  const url = `http://${host}:14268/api/traces?format=jaeger.thrift`;
  for (const [service, own] of byService(spans)) {
    for (const batch of batches(own)) {
      const body = thriftBinary.struct(jaegerBatch(service, batch));
      await post(url, 'application/vnd.apache.thrift.binary', body);
    }
  }
};

/** Calls of Agent.emitBatch, each with as many spans as fit into a datagram. */
export function emitBatches(protocol: ThriftProtocol, service: string, spans: readonly Span[]): Buffer[] {
  const datagram = protocol.oneway('emitBatch', { 1: struct(jaegerBatch(service, spans)) });
  if (datagram.length <= MAX_DATAGRAM_BYTES) return [datagram];
  if (spans.length === 1) throw new Error(`a span of ${datagram.length} bytes exceeds a datagram`);
  const half = Math.ceil(spans.length / 2);
  return [spans.slice(0, half), spans.slice(half)].flatMap((part) => emitBatches(protocol, service, part));
}

const sendByUdp =
  (port: number, protocol: ThriftProtocol): SpanSender =>
  async (host, spans) => {
    const datagrams = [...byService(spans)].flatMap(([service, own]) =>
      [...batches(own)].flatMap((batch) => emitBatches(protocol, service, batch)),
    );
    await sendDatagrams(host, port, datagrams);
  };

export const jaegerThriftCompact = sendByUdp(6831, thriftCompact);
export const jaegerThriftBinary = sendByUdp(6832, thriftBinary);
