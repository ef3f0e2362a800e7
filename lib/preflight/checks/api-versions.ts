import { isBuiltIn } from '../../kubernetes/kinds';
import { groupOf, type KubernetesObject, versionOf } from '../../kubernetes/object';
import { type Check, fail, ok } from '../check';
import type { Cluster } from '../cluster';
import { unique } from '../desired';

/** What installs the custom resources of a group. */
const INSTALLED_BY: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': 'install kube-prometheus-stack with its CRDs: docs/setup-prometheus-first.md',
  'gateway.networking.k8s.io':
    'install the standard channel of the Gateway API and its controller, or disable gateway',
  'gateway.envoyproxy.io':
    'install Envoy Gateway with its CRDs, or set gateway.controller to the controller that exists',
  'gateway.k8s.aws':
    'install the AWS Load Balancer Controller 3 with its CRDs for Gateways, or set gateway.controller to the controller that exists',
  'traefik.io':
    'install Traefik with its CRDs, or set ingress.controller or gateway.controller to the controller that exists',
};

/** The API server serves every apiVersion and kind of `dist/`. */
export const apiVersions: Check = {
  id: 'api-versions',
  source: 'https://kubernetes.io/docs/reference/using-api/deprecation-policy/',
  command: 'api-resources',
  *assess({ objects }, cluster) {
    const words = (some: readonly KubernetesObject[]) =>
      unique(some.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
    const sources = unique(objects.flatMap((object) => sourceOf(object, cluster) ?? []));
    const missing = objects.filter((object) => sourceOf(object, cluster) === undefined);
    for (const group of unique(missing.map(groupOf)))
      yield fail(
        sources,
        `not served: ${words(missing.filter((object) => groupOf(object) === group)).join(', ')}`,
        INSTALLED_BY[group] ?? 'upgrade the cluster to a version that serves it',
      );
    return ok(sources, `all ${words(objects).length} kinds are served`);
  },
};

/** The object that proves that a kind is served. */
function sourceOf(object: KubernetesObject, cluster: Cluster): KubernetesObject | undefined {
  const [group, version] = [groupOf(object), versionOf(object)];
  if (isBuiltIn(object))
    return cluster.some('APIService').find(({ metadata }) => metadata.name === `${version}.${group}`);
  return cluster
    .all('CustomResourceDefinition')
    .find(
      ({ spec }) =>
        spec?.group === group &&
        spec.names?.kind === object.kind &&
        spec.versions?.some((one) => one.name === version && one.served),
    );
}
