import { unfold } from '../../kubernetes/embedded';
import { listAt, textAt } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/object';
import { type Check, fail, notRequired, ok, warn } from '../check';
import { isOwn } from '../desired';
import { isVirtual, names } from '../nodes';
import { nodesOf } from '../pods';

const ZONE = 'topology.kubernetes.io/zone';

/** The store and the index of each period of a Loki, by the day from which they are used. */
function periodsOf(config: KubernetesObject): ReadonlyMap<string, string> {
  const periods = listAt(unfold(config), 'data', 'loki.yaml', 'schema_config', 'configs');
  return new Map(
    periods.map((one) => {
      const [store, prefix] = [textAt(one, 'object_store'), textAt(one, 'index', 'prefix')];
      return [textAt(one, 'from') ?? '', `${store} with the index ${prefix}`];
    }),
  );
}

/** The Loki that runs finds its logs again: every period that it has is kept. */
export const lokiPeriods: Check = {
  id: 'loki-periods',
  source: 'https://grafana.com/docs/loki/latest/operations/storage/schema/',
  command: 'get configmap loki -n monitoring -o yaml',
  *assess(desired, cluster) {
    const wanted = desired.kind('ConfigMap').find(({ metadata }) => metadata.name === 'loki');
    if (wanted === undefined) return notRequired('no Loki is rendered');
    const live = cluster.find(wanted);
    const { namespace } = desired.settings.cluster;
    if (live === undefined || !isOwn(live))
      return ok(
        cluster.namespaces([namespace]),
        'no Loki of this stack runs, so there are no logs to find again',
      );
    const [before, after] = [periodsOf(live), periodsOf(wanted)];
    for (const [from, store] of before)
      if (after.get(from) !== store)
        yield fail(
          [live],
          `the Loki that runs keeps logs from ${from} on in ${store}; dist/ says ${after.get(from) ?? 'nothing'}: they could not be found any more`,
          'keep loki.indexPrefix and every period in loki.periods, and add one in the future: docs/object-storage.md',
        );
    return ok([live], 'every schema period of the Loki that runs is kept');
  },
};

/** Several Lokis find a node each, and zones to spread over. */
export const lokiReplicas: Check = {
  id: 'loki-replicas',
  source:
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
  command: 'get nodes --show-labels',
  *assess(desired, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    const loki = desired.kind('StatefulSet').find(({ metadata }) => metadata.name === 'loki');
    const replicas = loki?.spec?.replicas ?? 1;
    if (loki === undefined || replicas === 1) return notRequired('Loki has one replica');
    const nodes = nodesOf(loki, cluster.some('Node')).filter((node) => !isVirtual(node));
    if (nodes.length < replicas)
      yield fail(
        nodes,
        `${replicas} replicas of Loki need a node each, and may run on ${nodes.length} (${names(nodes)})`,
        'add nodes, or let Loki tolerate the taints of others (loki.scheduling)',
      );
    const zones = new Set(nodes.flatMap(({ metadata }) => metadata.labels?.[ZONE] ?? []));
    if (zones.size === 1 && nodes.length >= replicas)
      yield warn(
        nodes,
        `all nodes that Loki may run on are in zone ${[...zones].join()}: without that zone no log can be stored or read`,
        'add nodes in other zones, if the cluster is to outlive one',
      );
    return ok(nodes, `${replicas} replicas of Loki find a node each, in ${zones.size} zones`);
  },
};
