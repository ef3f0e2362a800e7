import { at } from '../../kubernetes/json';
import { type KubernetesObject, nameOf, typeOf } from '../../kubernetes/object';
import { policyProblems, routeProblems } from '../../kubernetes/route-status';
import { type Check, type Finding, fail, notRequired, ok, warn } from '../check';

/** What each kind reports about itself. A policy that is not in force leaves its routes open. */
const PROBLEMS: Readonly<Record<string, (object: unknown) => string[]>> = {
  'gateway.networking.k8s.io/HTTPRoute': routeProblems,
  'gateway.envoyproxy.io/SecurityPolicy': policyProblems,
};

/** The controller accepts the routes and policies that exist, unless the new manifests change them. */
export const gatewayRoutes: Check = {
  id: 'gateway-routes',
  source: 'https://gateway-api.sigs.k8s.io/geps/gep-1364/',
  command: 'get httproutes,securitypolicies --all-namespaces -o yaml',
  *assess({ objects, settings }, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    if (!settings.gateway.enabled) return notRequired('gateway.enabled is false');
    const reporting = objects.filter((object) => typeOf(object) in PROBLEMS);
    const existing = reporting.flatMap((object) => {
      const live = cluster.find(object);
      return live === undefined ? [] : [{ object, live }];
    });
    for (const { object, live } of existing) yield* judge(object, live);
    if (existing.length === 0)
      return notRequired('no route is applied yet; scripts/smoke.sh checks whether they are accepted');
    return ok(
      existing.map(({ live }) => live),
      `accepted: ${existing.map(({ live }) => nameOf(live)).join(', ')}`,
    );
  },
};

function* judge(object: KubernetesObject, live: KubernetesObject): Generator<Finding> {
  const problems = PROBLEMS[typeOf(object)]?.(live) ?? [];
  if (problems.length === 0) return;
  const observed = `${nameOf(live)} is not accepted: ${problems.join('; ')}`;
  const isPolicy = typeOf(object).endsWith('/SecurityPolicy');
  const isReplaced = JSON.stringify(at(object, 'spec')) !== JSON.stringify(at(live, 'spec'));
  yield isReplaced
    ? warn(
        [live],
        observed,
        'the new manifests change it; scripts/smoke.sh checks it again after they are applied',
      )
    : fail(
        [live],
        observed,
        isPolicy
          ? 'its routes may be open to everyone: fix what it names, or remove them with gateway.enabled: false'
          : 'fix what it names: kubectl describe shows it whole',
      );
}
