import { jaegerGrpc } from './jaeger-grpc';
import { jaegerThriftBinary, jaegerThriftCompact, jaegerThriftHttp } from './jaeger-thrift';
import { otlpGrpc, otlpHttp, otlpHttpJson } from './otlp';
import type { SpanSender } from './span';
import { zipkin } from './zipkin';

export type Protocol =
  | 'OTLP gRPC'
  | 'OTLP HTTP'
  | 'OTLP HTTP JSON'
  | 'Jaeger gRPC'
  | 'Jaeger Thrift HTTP'
  | 'Jaeger Thrift compact'
  | 'Jaeger Thrift binary'
  | 'Zipkin';

/** Sends spans by each protocol to its standard port. */
export const SENDERS: Readonly<Record<Protocol, SpanSender>> = {
  'OTLP gRPC': otlpGrpc,
  'OTLP HTTP': otlpHttp,
  'OTLP HTTP JSON': otlpHttpJson,
  'Jaeger gRPC': jaegerGrpc,
  'Jaeger Thrift HTTP': jaegerThriftHttp,
  'Jaeger Thrift compact': jaegerThriftCompact,
  'Jaeger Thrift binary': jaegerThriftBinary,
  Zipkin: zipkin,
};
