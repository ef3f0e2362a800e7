import { ApiObject, type Chart } from 'cdk8s';

/**
 * Makes Argo CD apply the objects of a chart once those of lower waves are healthy, and prune them before those;
 * without an annotation an object is in wave 0. A claim belongs into the wave of its pod: it stays Pending, which is
 * not healthy, until the pod is there.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 * @see https://github.com/argoproj/argo-cd/issues/12840
 */
export function syncWave(chart: Chart, wave: number): void {
  for (const object of chart.node.findAll().filter(ApiObject.isApiObject)) {
    object.metadata.addAnnotation('argocd.argoproj.io/sync-wave', `${wave}`);
  }
}
