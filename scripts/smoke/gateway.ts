import { type KubernetesObject, nameOf, typeOf } from '../../lib/kubernetes/object';
import { policyProblems, routeProblems } from '../../lib/kubernetes/route-status';
import type { Settings } from '../../lib/settings';
import { type Hop, hop, type Mark, Skipped, until } from './hop';

const PROBLEMS: Readonly<Record<string, (object: unknown) => string[]>> = {
  'gateway.networking.k8s.io/HTTPRoute': routeProblems,
  'gateway.envoyproxy.io/SecurityPolicy': policyProblems,
};

/** How the cluster and the Gateway are asked. */
export interface GatewayClient {
  /** Returns the object in the cluster; undefined if it does not exist. */
  readonly find: (object: KubernetesObject) => Promise<KubernetesObject | undefined>;
  /** Returns the status of a request without a login; throws if the Gateway cannot be reached. */
  readonly statusOf?: (url: string, method: string) => Promise<number>;
}

/** A path of each route, and how it is requested. */
const REQUESTS = {
  loki: { path: '/loki/api/v1/status/buildinfo', method: 'GET' },
  tempo: { path: '/api/status/buildinfo', method: 'GET' },
  otlp: { path: '/v1/traces', method: 'POST' },
} as const;

const FIX = 'docs/access.md#gateway-api';

/**
 * Checks that the Gateway accepts every route and policy, and that no route answers without its login. A route whose
 * policy is not in force is open to everyone.
 */
export function gatewayHops(
  mark: Mark,
  objects: readonly KubernetesObject[],
  { gateway }: Settings,
  { find, statusOf = requestStatus }: GatewayClient,
): Promise<Hop[]> {
  const reporting = objects.filter((object) => typeOf(object) in PROBLEMS);
  const routes = reporting.filter(({ kind }) => kind === 'HTTPRoute').map(({ metadata }) => metadata.name);
  return Promise.all([
    ...reporting.map((object) =>
      hop(`gateway: ${object.kind} ${object.metadata.name}`, FIX, async () => {
        let why = '';
        return until(
          mark,
          async () => {
            const live = await find(object);
            const problems =
              live === undefined ? ['it does not exist'] : (PROBLEMS[typeOf(object)]?.(live) ?? []);
            why = problems.join('; ');
            return problems.length === 0 ? 'accepted' : undefined;
          },
          'not accepted',
        ).catch(() => {
          throw new Error(`${nameOf(object)} is not accepted: ${why}`);
        });
      }),
    ),
    ...(['loki', 'tempo', 'otlp'] as const)
      .filter((name) => routes.includes(name))
      .map((name) => {
        const login = name === 'otlp' ? gateway.otlp.authentication : gateway.authentication;
        const { path, method } = REQUESTS[name];
        return hop(`gateway: ${name} requires a login`, FIX, () => {
          if (login.type === 'none') throw new Skipped('the values have no login');
          return requireLogin(`https://${gateway.hosts[name]}${path}`, method, statusOf);
        });
      }),
  ]);
}

async function requestStatus(url: string, method: string): Promise<number> {
  try {
    const init = { method, redirect: 'manual', signal: AbortSignal.timeout(10_000) } as const;
    return (await fetch(url, init)).status;
  } catch (error) {
    throw (error as Error).cause ?? error;
  }
}

async function requireLogin(
  url: string,
  method: string,
  statusOf: NonNullable<GatewayClient['statusOf']>,
): Promise<string> {
  const status = await statusOf(url, method).catch((error: Error) => {
    throw new Skipped(`${url} cannot be reached from here: ${error.message}`);
  });
  // A login page is a redirect. Every other answer of a route without a login comes from the Service behind it.
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) return `${url} answers ${status}`;
  throw new Error(`${url} answers ${status} without a login: everyone who reaches the Gateway may use it`);
}
