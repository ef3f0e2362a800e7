import type { NamedPort } from '../constructs/ports';
import { endpoint } from './trace-protocols';

/** Where a legacy Jaeger client asks for its sampling strategy, as it asked the agent of Jaeger. */
export const REMOTE_SAMPLING: NamedPort = { name: 'jaeger-sampling', port: 5778, appProtocol: 'http' };

const EVERYTHING = { type: 'probabilistic', param: 1 };

/**
 * What every client is told: send everything, or requests would be counted
 * wrong. Without an answer a client sends 0.1 %.
 *
 * The answer lacks the type of the strategy, and without it the client for
 * Python refuses it unless it names an operation: operations are looked at
 * first, and all others get the same share. The client for Node.js refuses
 * either, as it misses a lower bound.
 *
 * @see https://github.com/jaegertracing/jaeger-idl/issues/86
 */
export const STRATEGIES = {
  default_strategy: { ...EVERYTHING, operation_strategies: [{ operation: 'any', ...EVERYTHING }] },
};

/** Name of the file of the strategies, beside the configuration. */
export const STRATEGIES_FILE = 'sampling-strategies.json';

/**
 * The extension of the collector that answers them.
 *
 * @param folder Where the file of the strategies is mounted.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/extension/jaegerremotesampling
 */
export function remoteSampling(folder: string) {
  return {
    jaegerremotesampling: {
      http: endpoint(REMOTE_SAMPLING),
      // It cannot be turned off, and by default takes the port of the Jaeger receiver.
      // https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/45944
      grpc: { endpoint: '127.0.0.1:14251' },
      source: { file: `${folder}/${STRATEGIES_FILE}` },
    },
  };
}
