import type { Manifest } from '../support/render';
import type { KubernetesApi } from './kubernetes-api';

const WORKLOADS = ['statefulsets', 'deployments', 'daemonsets'];
const MERGE = 'application/merge-patch+json';

/** What every kind of workload says when it is rolled out; each reads what it knows. */
function rolledOut({ metadata, spec }: Manifest, plural: string): Manifest {
  const replicas = spec.replicas ?? 1;
  if (plural === 'daemonsets') {
    const counts = {
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberReady: 3,
      numberMisscheduled: 0,
    };
    return {
      observedGeneration: metadata.generation,
      ...counts,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    };
  }
  const counts = {
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  };
  const revisions = { currentRevision: 'one', updateRevision: 'one', currentReplicas: replicas };
  return {
    observedGeneration: metadata.generation,
    ...counts,
    ...(plural === 'statefulsets' ? revisions : {}),
  };
}

/**
 * Plays the controllers of a cluster in which every pod starts at once: workloads report that they are rolled
 * out, and a claim that is deleted goes.
 */
export class Controllers {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly api: KubernetesApi,
    private readonly namespace: string,
  ) {
    this.timer = setInterval(() => void this.reconcile(), 300);
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private async reconcile(): Promise<void> {
    for (const plural of WORKLOADS) {
      const path = `/apis/apps/v1/namespaces/${this.namespace}/${plural}`;
      for (const one of (await this.api.call('GET', path)).body.items ?? []) {
        if (one.status.observedGeneration === one.metadata.generation) continue;
        await this.api.call(
          'PATCH',
          `${path}/${one.metadata.name}/status`,
          { status: rolledOut(one, plural) },
          MERGE,
        );
      }
    }
    const claims = `/api/v1/namespaces/${this.namespace}/persistentvolumeclaims`;
    for (const { metadata } of (await this.api.call('GET', claims)).body.items ?? []) {
      if (metadata.deletionTimestamp === undefined) continue;
      await this.api.call('PATCH', `${claims}/${metadata.name}`, { metadata: { finalizers: null } }, MERGE);
    }
  }
}
