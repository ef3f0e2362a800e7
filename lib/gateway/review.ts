import { listAt, textAt } from '../kubernetes/json';
import { type KubernetesObject, nameOf, typeOf } from '../kubernetes/object';
import type { ComponentReview, ReviewContext } from '../review/component-review';
import { type DraftFinding, draft } from '../review/finding';
import { replaced, rule } from '../review/rule';
import { listed } from '../review/words';

const ROUTE = 'gateway.networking.k8s.io/HTTPRoute';
const POLICY = 'gateway.envoyproxy.io/SecurityPolicy';
const POLICIES = [POLICY, 'gateway.k8s.aws/ListenerRuleConfiguration'];

const FILTERS = ['spec.rules.*.filters.**'];

/** Names of the routes in a namespace that a policy protects. */
function targets(policy: KubernetesObject): string[] {
  return typeOf(policy) !== POLICY
    ? []
    : listAt(policy, 'spec', 'targetRefs').flatMap((target) =>
        textAt(target, 'kind') === 'HTTPRoute' ? (textAt(target, 'name') ?? []) : [],
      );
}

/** Routes that lose the policy which protects them. A Gateway serves them all the same. */
function openedRoutes({ cluster }: ReviewContext): DraftFinding[] {
  const protectedBy = (objects: Iterable<KubernetesObject>) => {
    const found = new Map<string, string[]>();
    for (const policy of objects)
      for (const name of targets(policy)) {
        const key = `${policy.metadata.namespace}/${name}`;
        found.set(key, [...(found.get(key) ?? []), nameOf(policy)]);
      }
    return found;
  };
  const [before, after] = [protectedBy(cluster.old.values()), protectedBy(cluster.new.values())];
  return [...cluster.new.values()]
    .filter((object) => typeOf(object) === ROUTE)
    .flatMap((route) => {
      const key = `${route.metadata.namespace}/${route.metadata.name}`;
      const gone = after.has(key) ? undefined : before.get(key);
      return gone === undefined
        ? []
        : [draft('access', 'route-open', route, { says: `${listed(gone)} no longer protects it` })];
    });
}

/** Effects of changes to routes of a Gateway and to the policies of its controller. */
export const gatewayReview: ComponentReview = {
  texts: 'lib/gateway/review.md',
  consequences: [openedRoutes],
  rules: [
    rule('access', 'gateway-listener', [ROUTE], ['spec.parentRefs.**']),
    rule('access', 'gateway-filter', [ROUTE], FILTERS, { beside: true, when: replaced }),
    rule('live', 'gateway-filter-stricter', [ROUTE], ['spec.rules.*.filters.**']),
    rule('live', 'gateway-route-setting', [ROUTE], ['spec.rules.*.timeouts.**']),
    rule('access', 'gateway-policy', POLICIES, ['spec.**'], { when: replaced }),
    rule('live', 'gateway-policy-stricter', POLICIES, ['spec.**']),
    rule('live', 'target-group', ['gateway.k8s.aws/TargetGroupConfiguration'], ['spec.**']),
  ],
};
