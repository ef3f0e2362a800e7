import { type KubernetesObject, nameOf } from '../../kubernetes/object';
import { type Check, fail, ok, unknown } from '../check';
import { type Cluster, Unseen } from '../cluster';
import { isOwn, unique } from '../desired';

/** No object in `dist/` has the name of a foreign object. */
export const nameClashes: Check = {
  id: 'name-clashes',
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts',
  command: 'get -f dist --ignore-not-found --show-labels',
  *assess({ objects, namespaces }, cluster) {
    const found = objects.map((object) => lookUp(object, cluster));
    const existing = found.filter((one) => typeof one === 'object');
    for (const object of existing.filter((one) => !isOwn(one)))
      yield fail(
        [object],
        `${nameOf(object)} exists, ${ownerOf(object)}`,
        'do not apply over it: docs/move-in.md explains how to migrate; or set cluster.namespace to another namespace',
      );
    const unread = objects.filter((_, index) => found[index] === 'unread');
    if (unread.length > 0)
      yield unknown(
        [],
        `not read: ${unique(unread.map(({ kind }) => kind)).join(', ')}`,
        `check whether these names are free: ${unread.map(nameOf).join(', ')}`,
      );
    return ok(
      [...cluster.namespaces(namespaces), ...existing],
      existing.length === 0
        ? `all ${objects.length} names are free`
        : `${existing.length} of ${objects.length} objects exist, and are part of this stack`,
    );
  },
};

function lookUp(object: KubernetesObject, cluster: Cluster): KubernetesObject | 'unread' | undefined {
  try {
    return cluster.find(object);
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    return 'unread';
  }
}

function ownerOf({ metadata: { annotations, labels } }: KubernetesObject): string {
  const release = annotations?.['meta.helm.sh/release-name'];
  const manager = labels?.['app.kubernetes.io/managed-by'] ?? 'an unknown owner';
  return release === undefined ? `managed by ${manager}` : `part of the Helm release ${release}`;
}
