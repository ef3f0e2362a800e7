import { type Check, fail, ok } from '../check';
import type { CustomResourceDefinition } from '../kinds';
import { groupOf, type KubernetesObject } from '../objects';
import { unique } from '../wanted';

/** Who brings the custom resources of a group. */
const BROUGHT_BY: Record<string, string> = {
  'monitoring.coreos.com': 'install kube-prometheus-stack, with its CRDs: docs/setup-prometheus-first.md',
  'traefik.io': 'install Traefik with its CRDs, or set ingress.controller to the controller that is there',
};

/** The API server serves every apiVersion and kind of `dist/`. */
export const apiVersions: Check = {
  id: 'api-versions',
  source: 'https://kubernetes.io/docs/reference/using-api/deprecation-policy/',
  judge(wanted, cluster) {
    const served = new Set(cluster.all('APIService').map(({ metadata }) => metadata.name));
    const crds = cluster.all<CustomResourceDefinition>('CustomResourceDefinition');
    const isServed = ({ apiVersion, kind }: KubernetesObject) => {
      const [version, group] = apiVersion.split('/').reverse();
      // The core and its groups have no definition of their own, and are served as a whole.
      const custom = group?.includes('.') === true && !group.endsWith('.k8s.io');
      return custom
        ? crds.some(
            ({ spec }) =>
              spec.group === group &&
              spec.names.kind === kind &&
              spec.versions.some((one) => one.name === version && one.served),
          )
        : served.has(`${version}.${group ?? ''}`);
    };
    const kindOf = ({ apiVersion, kind }: KubernetesObject) => `${apiVersion} ${kind}`;
    const missing = wanted.objects.filter((object) => !isServed(object));
    if (missing.length === 0)
      return [ok(`all ${unique(wanted.objects.map(kindOf)).length} kinds of the manifests are served`)];
    return unique(missing.map(({ apiVersion }) => groupOf(apiVersion))).map((group) =>
      fail(
        `not served: ${unique(missing.filter(({ apiVersion }) => groupOf(apiVersion) === group).map(kindOf)).join(', ')}`,
        BROUGHT_BY[group] ?? 'upgrade the cluster to a version that serves it',
      ),
    );
  },
};
