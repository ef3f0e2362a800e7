import { type Check, notRequired, ok } from '../check';
import { presence } from '../presence';
import { destinationObjects } from '../reads';

/** Agents and the collector can authenticate at their destinations: Secrets and ConfigMaps exist, with their keys. */
export const destinations: Check = {
  id: 'destinations',
  source: 'https://kubernetes.io/docs/concepts/storage/projected-volumes/',
  command: 'get secrets,configmaps -n monitoring',
  *assess(desired, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    const { logs, tracing } = desired.settings;
    if (Object.keys({ ...logs.destinations, ...tracing.destinations }).length === 0)
      return notRequired('no destination is outside the cluster');
    const looked = yield* presence(cluster, destinationObjects(desired), 'docs/remote-stores.md');
    return ok(
      [...cluster.namespaces([desired.settings.cluster.namespace]), ...looked],
      'what the destinations refer to exists',
    );
  },
};
