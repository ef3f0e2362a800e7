import { memoryLimiter } from '../collector/parts';
import type { ConfigPart } from './config-part';
import { CONNECTED_POD_METADATA, clusterMetadata, POD_METADATA } from './pod-metadata';
import { distributedReceivers, traceReceivers } from './trace-protocols';

/** Properties of {@link spanReceivers}. */
export interface SpanReceiversProps {
  readonly corsAllowedOrigins: readonly string[];
  /** Memory limit of the collector in MiB. */
  readonly memoryMiB: number;
  /** Number of collectors that clients are balanced over. */
  readonly replicas: number;
  /** Name of the cluster. @default spans have none */
  readonly clusterName: string | undefined;
  /** Whether only the connection tells which pod has sent a span, not what the span says. */
  readonly byConnection: boolean;
  /** Exporters and connectors that receive every span. */
  readonly to: readonly string[];
}

/** Receives spans by every protocol, and adds the name of the pod and of the cluster. */
export function spanReceivers(props: SpanReceiversProps): ConfigPart {
  const { corsAllowedOrigins, memoryMiB, replicas, clusterName, byConnection, to } = props;
  return entry(
    traceReceivers(corsAllowedOrigins, replicas),
    {
      // Rejects spans, which clients retry, before the kernel kills the process.
      memory_limiter: memoryLimiter(memoryMiB),
      ...(byConnection ? CONNECTED_POD_METADATA : POD_METADATA),
      ...clusterMetadata(clusterName),
    },
    to,
  );
}

/** Receives spans from the first tier, which has added the name of the pod and of the cluster. */
export function distributedSpans(memoryMiB: number, to: readonly string[]): ConfigPart {
  return entry(distributedReceivers(), { memory_limiter: memoryLimiter(memoryMiB) }, to);
}

function entry(
  receivers: Readonly<Record<string, object>>,
  processors: Readonly<Record<string, object>>,
  to: readonly string[],
): ConfigPart {
  return {
    receivers,
    processors,
    pipelines: {
      'traces/in': {
        receivers: Object.keys(receivers),
        processors: Object.keys(processors),
        exporters: to,
      },
    },
  };
}
