import type { NamedPort } from '../constructs/ports';
import type { TracingSettings } from './settings';

/** How applications send traces, by the standard port of each protocol. */
export const TRACE_PORTS = {
  otlpGrpc: { name: 'otlp-grpc', port: 4317, appProtocol: 'grpc' },
  otlpHttp: { name: 'otlp-http', port: 4318, appProtocol: 'http' },
  jaegerGrpc: { name: 'jaeger-grpc', port: 14250, appProtocol: 'grpc' },
  jaegerThriftHttp: { name: 'jaeger-http', port: 14268, appProtocol: 'http' },
  jaegerThriftCompact: { name: 'jaeger-compact', port: 6831, protocol: 'UDP' },
  jaegerThriftBinary: { name: 'jaeger-binary', port: 6832, protocol: 'UDP' },
  zipkin: { name: 'zipkin', port: 9411, appProtocol: 'http' },
} as const satisfies Record<string, NamedPort>;

/** Spans that an SDK exports at once by default (`OTEL_BSP_MAX_EXPORT_BATCH_SIZE`). */
export const SDK_BATCH_SPANS = 512;

/** The largest request that a receiver accepts. The defaults, 4 MiB by gRPC and 20 MiB by HTTP, reject a batch of large spans, and the SDK drops it. */
export const MAX_REQUEST_MIB = 32;

const GRPC_REQUEST = { max_recv_msg_size_mib: MAX_REQUEST_MIB };
const HTTP_REQUEST = { max_request_body_size: MAX_REQUEST_MIB * 2 ** 20 };

/** Where a receiver listens: every address, as the default is localhost. */
export function endpoint({ port }: NamedPort) {
  return { endpoint: `0.0.0.0:${port}` };
}

/** Ends a gRPC connection now and then: a client keeps it, and so would never get to a new replica. */
const SPREAD = {
  keepalive: { server_parameters: { max_connection_age: '1m', max_connection_age_grace: '30s' } },
};

/**
 * Receivers of every protocol, as the OpenTelemetry Collector configures them;
 * Tempo has the same ones built in.
 *
 * @param corsAllowedOrigins Origins whose browsers may send traces.
 * @param replicas Pods that clients are to be spread over.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/receiver
 */
export function traceReceivers(corsAllowedOrigins: readonly string[] = [], replicas = 1) {
  const cors = corsAllowedOrigins.length === 0 ? {} : { cors: { allowed_origins: corsAllowedOrigins } };
  return {
    otlp: {
      protocols: {
        grpc: { ...endpoint(TRACE_PORTS.otlpGrpc), ...GRPC_REQUEST, ...(replicas > 1 ? SPREAD : {}) },
        http: { ...endpoint(TRACE_PORTS.otlpHttp), ...HTTP_REQUEST, ...cors },
      },
    },
    jaeger: {
      protocols: {
        grpc: { ...endpoint(TRACE_PORTS.jaegerGrpc), ...GRPC_REQUEST },
        thrift_http: { ...endpoint(TRACE_PORTS.jaegerThriftHttp), ...HTTP_REQUEST },
        thrift_compact: endpoint(TRACE_PORTS.jaegerThriftCompact),
        thrift_binary: endpoint(TRACE_PORTS.jaegerThriftBinary),
      },
    },
    zipkin: { ...endpoint(TRACE_PORTS.zipkin), ...HTTP_REQUEST },
  };
}

/**
 * What Tempo listens on: what the collector sends, or every protocol where applications send to Tempo itself.
 *
 * @param settings Where clients sample, there is no collector.
 */
export function tempoReceivers({ sampling, corsAllowedOrigins }: TracingSettings) {
  if (sampling.type === 'client') {
    const config = traceReceivers(corsAllowedOrigins);
    return { config, ports: Object.values(TRACE_PORTS), from: ['applications'] } as const;
  }
  return {
    config: { otlp: { protocols: { grpc: { ...endpoint(TRACE_PORTS.otlpGrpc), ...GRPC_REQUEST } } } },
    ports: [TRACE_PORTS.otlpGrpc],
    from: ['trace-collector'],
  } as const;
}
