import { at, type Json, listAt, textAt } from '../../manifests/json';
import { type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

/** Hosts and paths that an Ingress opens. */
export function routes({ changed, created }: Context): Finding[] {
  const ingresses = [
    ...changed.map(({ old, new: next, changes }) => ({ before: routesOf(old), object: next, changes })),
    ...created.map((object) => ({ before: [], object, changes: [] })),
  ].filter(({ object }) => typeOf(object) === 'networking.k8s.io/Ingress');
  return ingresses.flatMap(({ before, object, changes }): Finding[] => {
    const added = routesOf(object).filter((route) => !before.includes(route));
    if (added.length === 0) return [];
    const inRules = changes.filter(({ path }) => path[1] === 'rules' || path[1] === 'defaultBackend');
    return [
      {
        effect: 'access',
        rule: 'ingress-route',
        object,
        title: `${nameOf(object)} routes to the cluster: ${listed(added)}`,
        reason:
          'Whoever reaches the load balancer reaches what is routed. A path of type Prefix opens all that is below it, and Loki and Tempo have no login of their own.',
        source: kubernetesDocs('concepts/services-networking/ingress/#path-types'),
        changes: inRules,
      },
    ];
  });
}

function routesOf(object: Manifest): string[] {
  const fallback = at(object.content, 'spec', 'defaultBackend');
  return [
    ...(fallback === undefined ? [] : [`all that no rule names → ${backend(fallback)}`]),
    ...listAt(object.content, 'spec', 'rules').flatMap((rule) =>
      listAt(rule, 'http', 'paths').map((path) => {
        const host = textAt(rule, 'host') ?? '*';
        const type = textAt(path, 'pathType') ?? 'ImplementationSpecific';
        const what = `${host}${textAt(path, 'path') ?? '/'}`;
        return `${what}${type === 'Exact' ? '' : ` (${type})`} → ${backend(at(path, 'backend') ?? null)}`;
      }),
    ),
  ];
}

function backend(value: Json): string {
  const service = textAt(value, 'service', 'name');
  if (service === undefined) return textAt(value, 'resource', 'name') ?? 'nothing';
  return `${service}:${textAt(value, 'service', 'port', 'name') ?? textAt(value, 'service', 'port', 'number') ?? ''}`;
}
