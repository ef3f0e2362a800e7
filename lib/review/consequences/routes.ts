import { at, type Json, listAt, textAt } from '../../kubernetes/json';
import { type KubernetesObject, typeOf } from '../../kubernetes/object';
import type { ReviewContext } from '../component-review';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';

/** Hosts and paths that an Ingress opens or closes. */
export function routes({ changed, created }: ReviewContext): DraftFinding[] {
  const ingresses = [
    ...changed.map(({ old, new: object, changes }) => ({ before: routesOf(old), object, changes })),
    ...created.map((object) => ({ before: [], object, changes: [] })),
  ].filter(({ object }) => typeOf(object) === 'networking.k8s.io/Ingress');
  return ingresses.flatMap(({ before, object, changes: all }) => {
    const after = routesOf(object);
    const added = after.filter((route) => !before.includes(route));
    const removed = before.filter((route) => !after.includes(route));
    const changes = all.filter(({ path }) => path[1] === 'rules' || path[1] === 'defaultBackend');
    const [opens, closes] = [
      `routes to the cluster: ${listed(added)}`,
      `no longer routes: ${listed(removed)}`,
    ];
    return [
      ...(added.length > 0 ? [draft('access', 'ingress-route', object, { says: opens, changes })] : []),
      ...(removed.length > 0
        ? [draft('deletes', 'ingress-route-gone', object, { says: closes, changes })]
        : []),
    ];
  });
}

/** The routes of an Ingress in words: `logs.example.com/api (Prefix) → loki:http`. */
function routesOf(ingress: KubernetesObject): string[] {
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
