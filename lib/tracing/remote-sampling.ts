import type { NamedPort } from '../constructs/ports';
import { endpoint } from './trace-protocols';

/** Port on which a legacy Jaeger client queries its sampling strategy, as it did from the Jaeger agent. */
export const REMOTE_SAMPLING: NamedPort = { name: 'jaeger-sampling', port: 5778, appProtocol: 'http' };

const EVERYTHING = { type: 'probabilistic', param: 1 };

/**
 * The strategy for every client: send everything. Otherwise metrics would cover only sampled requests. Without a
 * response, a client sends 0.1%.
 *
 * The response lacks the type of the strategy. The Python client rejects such a response unless it names an
 * operation: it reads operations first, and all others get the same ratio. The Node.js client rejects both, because a
 * lower bound is missing.
 *
 * @see https://github.com/jaegertracing/jaeger-idl/issues/86
 */
export const STRATEGIES = {
  default_strategy: { ...EVERYTHING, operation_strategies: [{ operation: 'any', ...EVERYTHING }] },
};

/** File name of the strategies, next to the configuration. */
export const STRATEGIES_FILE = 'sampling-strategies.json';

/**
 * The collector extension that serves them.
 *
 * @param folder Mount path of the strategies file.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/extension/jaegerremotesampling
 */
export function remoteSampling(folder: string) {
  return {
    jaegerremotesampling: {
      http: endpoint(REMOTE_SAMPLING),
      // It cannot be disabled, and its default port is that of the Jaeger receiver.
      // https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/45944
      grpc: { endpoint: '127.0.0.1:14251' },
      source: { file: `${folder}/${STRATEGIES_FILE}` },
    },
  };
}
