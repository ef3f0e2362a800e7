import { at, type Json, listAt, textAt } from '../../kubernetes/json';
import { type KubernetesObject, typeOf } from '../../kubernetes/object';
import type { ReviewContext } from '../component-review';
import { keysOf, matches } from '../diff/path';
import { casesFound, difference } from '../difference';
import type { DraftFinding } from '../finding';

/** How a kind routes: its routes in words, and the fields that decide them. */
interface Routing {
  readonly routesOf: (object: KubernetesObject | undefined) => string[];
  readonly fields: readonly string[];
}

const ROUTING: Readonly<Record<string, Routing>> = {
  'networking.k8s.io/Ingress': {
    routesOf: ingressRoutes,
    fields: ['spec.rules.**', 'spec.defaultBackend.**'],
  },
  'gateway.networking.k8s.io/HTTPRoute': {
    routesOf: httpRoutes,
    fields: [
      ...['spec.hostnames.**', 'spec.rules', 'spec.rules.*'],
      ...['matches', 'backendRefs'].map((field) => `spec.rules.*.${field}.**`),
    ],
  },
};

/** Hosts and paths that an Ingress or an HTTPRoute opens or closes. */
export function routes({ applied }: ReviewContext): DraftFinding[] {
  return applied.flatMap(({ old, new: object, changes: all }) => {
    const { routesOf, fields } = ROUTING[typeOf(object)] ?? {};
    if (routesOf === undefined) return [];
    const { added, removed } = difference(routesOf(old), routesOf(object));
    const changes = all.filter(({ path }) => fields?.some((field) => matches(field, keysOf(path))));
    return casesFound([
      ['access', 'ingress-route', added, (some) => `routes to the cluster: ${some}`],
      ['deletes', 'ingress-route-gone', removed, (some) => `no longer routes: ${some}`],
    ]).map((found) => ({ ...found, object, changes }));
  });
}

/** The routes of an Ingress in words: `logs.example.com/api (Prefix) → loki:http`. */
function ingressRoutes(ingress: KubernetesObject | undefined): string[] {
  const fallback = at(ingress, 'spec', 'defaultBackend');
  return [
    ...(fallback === undefined ? [] : [`everything without a rule → ${backend(fallback)}`]),
    ...listAt(ingress, 'spec', 'rules').flatMap((rule) =>
      listAt(rule, 'http', 'paths').map((path) => {
        const type = textAt(path, 'pathType') ?? 'ImplementationSpecific';
        const what = `${textAt(rule, 'host') ?? '*'}${textAt(path, 'path') ?? '/'}`;
        return `${what}${type === 'Exact' ? '' : ` (${type})`} → ${backend(at(path, 'backend'))}`;
      }),
    ),
  ];
}

/** The routes of an HTTPRoute in words: `logs.example.com/api (PathPrefix) → loki:3100`. */
function httpRoutes(route: KubernetesObject | undefined): string[] {
  const hosts = listAt(route, 'spec', 'hostnames').map(String);
  return listAt(route, 'spec', 'rules').flatMap((rule) => {
    const to = listAt(rule, 'backendRefs').map(
      (one) => `${textAt(one, 'name')}:${textAt(one, 'port') ?? ''}`,
    );
    const paths = listAt(rule, 'matches').map((match) => {
      const type = textAt(match, 'path', 'type') ?? 'PathPrefix';
      return `${textAt(match, 'path', 'value') ?? '/'}${type === 'Exact' ? '' : ` (${type})`}`;
    });
    return (hosts.length === 0 ? ['*'] : hosts).flatMap((host) =>
      (paths.length === 0 ? ['/ (PathPrefix)'] : paths).map(
        (path) => `${host}${path} → ${to.join(', ') || 'nothing'}`,
      ),
    );
  });
}

function backend(value: Json | undefined): string {
  const service = textAt(value, 'service', 'name');
  if (service === undefined) return textAt(value, 'resource', 'name') ?? 'nothing';
  return `${service}:${textAt(value, 'service', 'port', 'name') ?? textAt(value, 'service', 'port', 'number') ?? ''}`;
}
