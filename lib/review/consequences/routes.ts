import { at, type Json, listAt, textAt } from '../../kubernetes/json';
import { type KubernetesObject, typeOf } from '../../kubernetes/object';
import type { ReviewContext } from '../component-review';
import { casesFound, difference } from '../difference';
import type { DraftFinding } from '../finding';

/** Hosts and paths that an Ingress opens or closes. */
export function routes({ applied }: ReviewContext): DraftFinding[] {
  const ingresses = applied.filter(({ new: object }) => typeOf(object) === 'networking.k8s.io/Ingress');
  return ingresses.flatMap(({ old, new: object, changes: all }) => {
    const { added, removed } = difference(routesOf(old), routesOf(object));
    const changes = all.filter(({ path }) => path[1] === 'rules' || path[1] === 'defaultBackend');
    return casesFound([
      ['access', 'ingress-route', added, (some) => `routes to the cluster: ${some}`],
      ['deletes', 'ingress-route-gone', removed, (some) => `no longer routes: ${some}`],
    ]).map((found) => ({ ...found, object, changes }));
  });
}

/** The routes of an Ingress in words: `logs.example.com/api (Prefix) → loki:http`. */
function routesOf(ingress: KubernetesObject | undefined): string[] {
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

function backend(value: Json | undefined): string {
  const service = textAt(value, 'service', 'name');
  if (service === undefined) return textAt(value, 'resource', 'name') ?? 'nothing';
  return `${service}:${textAt(value, 'service', 'port', 'name') ?? textAt(value, 'service', 'port', 'number') ?? ''}`;
}
