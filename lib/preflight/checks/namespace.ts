import { type Check, fail, ok } from '../check';
import type { KubernetesObject } from '../objects';

/** Every namespace that objects go to is there; the stack creates none. */
export const namespace: Check = {
  id: 'namespace',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  judge(wanted, cluster) {
    const existing = cluster.all<KubernetesObject & { status?: { phase?: string } }>('Namespace');
    return wanted.namespaces.map((name) => {
      const found = existing.find(({ metadata }) => metadata.name === name);
      if (found === undefined)
        return fail(
          `there is no namespace ${name}`,
          `set cluster.namespace (grafana.namespace for Grafana's) to one of: ${likely(existing)}`,
        );
      return found.status?.phase === 'Terminating' || found.metadata.deletionTimestamp !== undefined
        ? fail(`namespace ${name} is being deleted`, 'wait until it is gone, and create it again')
        : ok(`namespace ${name} is there`);
    });
  },
};

/** Namespaces that are not the cluster's own. */
function likely(existing: readonly KubernetesObject[]): string {
  const names = existing.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith('kube-'));
  return names.sort().join(', ');
}
