import { type Check, fail, ok } from '../check';

/** Every namespace of the objects exists. The stack creates none. */
export const namespace: Check = {
  id: 'namespace',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  command: 'get namespaces',
  *assess(desired, cluster) {
    const existing = cluster.some('Namespace');
    const likely = existing.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith('kube-'));
    for (const name of desired.namespaces) {
      const [found] = cluster.namespaces([name]);
      if (found === undefined)
        yield fail(
          existing,
          `namespace ${name} does not exist`,
          `set cluster.namespace (grafana.namespace for that of Grafana) to one of: ${likely.sort().join(', ')}`,
        );
      else if (found.status?.phase === 'Terminating' || found.metadata.deletionTimestamp !== undefined)
        yield fail(
          [found],
          `namespace ${name} is being deleted`,
          'wait until it is gone, then create it again',
        );
    }
    return ok(cluster.namespaces(desired.namespaces), `namespace ${desired.namespaces.join(', ')} exists`);
  },
};
