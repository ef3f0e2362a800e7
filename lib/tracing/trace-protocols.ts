import type { Neighbour } from '../constructs/connections';
import type { NamedPort } from '../constructs/ports';
import type { RoutedService } from '../constructs/routed-service';
import { hasTiers } from './sampling-settings';
import type { TracingSettings } from './settings';

/** Trace protocols by their standard port. */
export const TRACE_PORTS = {
  otlpGrpc: { name: 'otlp-grpc', port: 4317, appProtocol: 'grpc' },
  otlpHttp: { name: 'otlp-http', port: 4318, appProtocol: 'http' },
  jaegerGrpc: { name: 'jaeger-grpc', port: 14250, appProtocol: 'grpc' },
  jaegerThriftHttp: { name: 'jaeger-http', port: 14268, appProtocol: 'http' },
  jaegerThriftCompact: { name: 'jaeger-compact', port: 6831, protocol: 'UDP' },
  jaegerThriftBinary: { name: 'jaeger-binary', port: 6832, protocol: 'UDP' },
  zipkin: { name: 'zipkin', port: 9411, appProtocol: 'http' },
} as const satisfies Record<string, NamedPort>;

/** Number of spans that an SDK exports at once by default (`OTEL_BSP_MAX_EXPORT_BATCH_SIZE`). */
export const SDK_BATCH_SPANS = 512;

/**
 * Maximum request size of a receiver. The defaults, 4 MiB for gRPC and 20 MiB for HTTP, reject a batch of large
 * spans, and the SDK drops it.
 */
export const MAX_REQUEST_MIB = 32;

const GRPC_REQUEST = { max_recv_msg_size_mib: MAX_REQUEST_MIB };
const HTTP_REQUEST = { max_request_body_size: MAX_REQUEST_MIB * 2 ** 20 };

/** Listens on every address. The default is localhost. */
export function endpoint({ port }: NamedPort) {
  return { endpoint: `0.0.0.0:${port}` };
}

/**
 * Closes gRPC connections periodically. A client keeps its connection and would otherwise never reach a new replica.
 */
const SPREAD = {
  keepalive: { server_parameters: { max_connection_age: '1m', max_connection_age_grace: '30s' } },
};

/**
 * Receivers of every protocol, in the configuration format of the OpenTelemetry Collector. Tempo contains the same
 * receivers.
 *
 * @param corsAllowedOrigins Origins from which browsers may send traces.
 * @param replicas Number of pods that clients are balanced over.
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

/** Receivers of what a collector sends. */
export function distributedReceivers() {
  return { otlp: { protocols: { grpc: { ...endpoint(TRACE_PORTS.otlpGrpc), ...GRPC_REQUEST } } } };
}

/**
 * Tempo's receivers: what the collector sends, or every protocol if applications send directly to Tempo.
 *
 * @param settings If clients sample, there is no collector.
 * @param senders Who may send besides applications, if there is no collector.
 * @param remote Who passes on spans of other clusters, which are sampled there, as OTLP over HTTP.
 */
export function tempoReceivers(
  { sampling, corsAllowedOrigins }: TracingSettings,
  senders: readonly Neighbour[] = [],
  remote: readonly Neighbour[] = [],
) {
  if (sampling.type === 'client') {
    const config = traceReceivers(corsAllowedOrigins);
    const from = [...new Set(['applications' as const, ...senders, ...remote])];
    return { config, ports: Object.values(TRACE_PORTS), from } as const;
  }
  const { grpc, http } = traceReceivers().otlp.protocols;
  const accepts = remote.length > 0;
  return {
    config: { otlp: { protocols: { grpc, ...(accepts ? { http } : {}) } } },
    ports: [TRACE_PORTS.otlpGrpc, ...(accepts ? [TRACE_PORTS.otlpHttp] : [])],
    from: [hasTiers(sampling) ? ('trace-sampler' as const) : ('trace-collector' as const), ...remote],
  } as const;
}

/**
 * The receiver of OTLP over HTTP as a Service that a Gateway routes to.
 *
 * @param name Name of the Service.
 * @param logs Whether it accepts log records.
 */
export function otlpService(name: string, logs: boolean): RoutedService {
  return {
    name,
    port: TRACE_PORTS.otlpHttp,
    // A receiver has no health check on its own port. It refuses to answer a GET.
    healthPath: '/v1/traces',
    healthStatus: 405,
    routes: (logs ? ['/v1/traces', '/v1/logs'] : ['/v1/traces']).map((path) => ({ path, pathType: 'Exact' })),
  };
}
