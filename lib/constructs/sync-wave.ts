import { ApiObject, type Chart } from 'cdk8s';

/**
 * Makes Argo CD apply the objects of a chart after those of lower waves are healthy, and prune them first. Without the
 * annotation an object is in wave 0. A claim belongs in the wave of its pod: until the pod exists it is Pending, which
 * is not healthy.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 * @see https://github.com/argoproj/argo-cd/issues/12840
 */
export function syncWave(chart: Chart, wave: number): void {
  for (const object of chart.node.findAll().filter(ApiObject.isApiObject)) {
    object.metadata.addAnnotation('argocd.argoproj.io/sync-wave', `${wave}`);
  }
}
